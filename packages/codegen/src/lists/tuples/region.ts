import type { BlockId, Value, ValueId } from '@hookdump/filter';
import type { PreparedBlock } from '../../emit/prepared.ts';
import { type ListProgram, targets } from '../graph.ts';
import { Expressions } from './expressions.ts';
import { always, type Question, questionOf } from './question.ts';

/** A block that tests, as one step of a region. */
export interface Step {
  readonly block: BlockId;
  readonly question: Question;
  /** Where the question's holding leads, and where not: the same where a block only goes on. */
  readonly pass: BlockId;
  readonly fail: BlockId;
  /** What is loaded without being asked for. */
  readonly loads: readonly number[];
}

/** Blocks with one way in, which do nothing but load and test, and two ways out. */
export interface TupleRegion {
  /** In order; the first is the way in. */
  readonly steps: readonly Step[];
  readonly exits: readonly [BlockId, BlockId];
  readonly expressions: Expressions;
}

/** The largest region that begins with a block; `undefined` if there is none of so many tests. */
export function growRegion(
  program: ListProgram,
  head: BlockId,
  /** The blocks from the head on. */
  order: readonly BlockId[],
  entries: ReadonlyMap<BlockId, number>,
  fewest: number,
): TupleRegion | undefined {
  const { blocks } = program;
  const inside = new Set<ValueId>();
  const expressions = new Expressions(program, inside);
  const steps: Step[] = [];
  /** Where edges lead out, and how many. */
  const outside = new Map<BlockId, number>([[head, entries.get(head) ?? 0]]);
  let ahead = 1;
  let best: { readonly count: number; readonly exits: readonly [BlockId, BlockId] } | undefined;
  for (const id of order) {
    const edges = outside.get(id);
    if (edges === undefined) continue;
    ahead--;
    const step = edges === (entries.get(id) ?? 0) ? stepOf(blocks.get(id)!) : undefined;
    if (step !== undefined) {
      steps.push(step);
      outside.delete(id);
      for (const to of targets(blocks.get(id)!)) {
        const known = outside.get(to);
        if (known === undefined) ahead++;
        outside.set(to, (known ?? 0) + 1);
      }
      if (outside.size === 2) {
        const [first, second] = outside.keys();
        best = { count: steps.length, exits: [first!, second!] };
      }
    } else if (id === head) return undefined;
    if (ahead === 0) break;
  }
  if (best === undefined || best.count < fewest) return undefined;
  return { steps: steps.slice(0, best.count), exits: best.exits, expressions };

  function stepOf({ id, values, end }: PreparedBlock): Step | undefined {
    if (end.kind !== 'jump' && (end.kind !== 'branch' || 'early' in end)) return undefined;
    const isHead = id === head;
    if (!isHead) {
      if (!values.every((value) => mayStand(value))) return undefined;
      for (const value of values) inside.add(value.id);
    }
    const question =
      end.kind === 'jump' ? always(expressions) : questionOf(end.test, program, expressions);
    if (question === undefined) return undefined;
    const asked = new Set<number>();
    collectLoads(question.test.expression, expressions, asked);
    const loads = isHead
      ? []
      : values
          .filter((value) => value.kind === 'load')
          .map((value) => expressions.of(value.id)!)
          .filter((each) => !asked.has(each));
    if (end.kind === 'jump') return { block: id, question, pass: end.to, fail: end.to, loads };
    const [pass, fail] = question.isOpposite ? [end.no, end.yes] : [end.yes, end.no];
    return { block: id, question, pass, fail, loads };
  }

  function mayStand(value: Value): boolean {
    if (value.kind === 'store') return false;
    inside.add(value.id);
    return expressions.of(value.id) !== undefined;
  }
}

/** The loads that an expression is made of. */
export function collectLoads(number: number, expressions: Expressions, found: Set<number>): void {
  const { expression } = expressions.all[number]!;
  if (expression.kind === 'load') {
    found.add(number);
    if (expression.index !== undefined) collectLoads(expression.index, expressions, found);
  } else if (expression.kind === 'arith') {
    collectLoads(expression.left, expressions, found);
    collectLoads(expression.right, expressions, found);
  }
}
