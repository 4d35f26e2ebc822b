import type { BlockId, ValueId } from '@hookdump/filter';
import { type Choice, isChoice, type Prepared, type PreparedBlock } from '../prepared.ts';
import { anyOf, type Condition, type Question, withAnswer } from './conditions.ts';

/** Which packets get where. No condition: none does. */
export interface Reach {
  readonly blocks: ReadonlyMap<BlockId, Condition>;
  /** From a block straight to another. */
  readonly between: (from: BlockId, to: BlockId) => Condition | undefined;
}

/** A block's end as a question, and whether its answer is the other way round. */
export function questionOf(
  end: Choice,
  { constants }: Pick<Prepared, 'constants'>,
): Question & { readonly opposite?: boolean } {
  if (end.kind === 'member') return { key: `${end.values} in ${end.list.name}` };
  if (end.kind !== 'branch') throw new Error(`${end.kind}: no such ends here`);
  const { op, left, right } = end.test;
  const name = (id: ValueId): string => {
    const constant = constants.get(id);
    return constant === undefined ? `v${id}` : `${constant}`;
  };
  const [a, b] = [name(left), name(right)];
  switch (op) {
    case '==':
      if (constants.has(right)) return { key: `${a} == ${b}`, subject: a };
      return constants.has(left) ? { key: `${b} == ${a}`, subject: b } : { key: `${a} == ${b}` };
    case '&':
      return { key: `${a} & ${b}` };
    case '>':
      return { key: `${b} < ${a}` };
    case '>=':
      return { key: `${a} < ${b}`, opposite: true };
    default:
      return op satisfies never;
  }
}

export function reachOf(prepared: Prepared): Reach {
  const reached = new Map<BlockId, Condition>();
  const ways = new Map<BlockId, Map<BlockId, Condition>>();
  const [entry] = prepared.blocks.keys();
  for (const block of prepared.blocks.values()) {
    const from = [...(ways.get(block.id)?.values() ?? [])];
    const here = block.id === entry ? [] : anyOf(from);
    if (here === undefined) continue;
    reached.set(block.id, here);
    for (const [to, condition] of leading(block, here, prepared)) {
      ways.set(to, (ways.get(to) ?? new Map()).set(block.id, condition));
    }
  }
  return { blocks: reached, between: (from, to) => ways.get(to)?.get(from) };
}

function leading(
  { end }: PreparedBlock,
  here: Condition,
  prepared: Prepared,
): readonly (readonly [to: BlockId, Condition])[] {
  if (end.kind === 'jump') return [[end.to, here]];
  if (!isChoice(end)) return [];
  if (end.yes === end.no) return [[end.yes, here]];
  const { opposite = false, ...question } = questionOf(end, prepared);
  const yes = withAnswer(here, question, !opposite);
  const no = withAnswer(here, question, opposite);
  return [...(yes ? ([[end.yes, yes]] as const) : []), ...(no ? ([[end.no, no]] as const) : [])];
}
