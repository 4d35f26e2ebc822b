import type { BlockId, Value, ValueId } from '@hookdump/filter';
import {
  entriesOf,
  isChoice,
  type Prepared,
  type PreparedBlock,
  type WideTest,
} from '../prepared.ts';

type Load = Value & { kind: 'load' };

/** A block's test of 4 bytes of the packet against a number. */
interface WordTest {
  readonly load: Load;
  readonly number: number;
  readonly yes: BlockId;
  readonly no: BlockId;
}

/**
 * Makes one test of 8 bytes of two tests of 4 that follow one another in the packet and in the
 * program, and fail alike: halves of IPv6 addresses. The packet's words then are compared as they
 * are, in whatever order the machine has bytes.
 */
export function mergeTests(prepared: Prepared): Prepared {
  const entries = entriesOf(prepared.blocks);
  const blocks = new Map(prepared.blocks);
  for (const id of prepared.blocks.keys()) {
    const block = blocks.get(id);
    if (block === undefined) continue;
    const first = wordTest(block, prepared);
    if (first === undefined || entries.get(first.yes) !== 1) continue;
    const next = blocks.get(first.yes)!;
    const second = wordTest(next, prepared);
    if (second === undefined || second.no !== first.no || !follows(first.load, second.load)) {
      continue;
    }
    // Anything else in between is asked for before the second test, and so stays in between.
    if (next.values.some((value) => value.kind !== 'const' && value !== second.load)) continue;
    const end: WideTest = {
      kind: 'wide',
      loads: [first.load.id, second.load.id],
      numbers: [first.number, second.number],
      yes: second.yes,
      no: second.no,
    };
    blocks.set(id, { id, values: [...block.values, ...next.values], end });
    blocks.delete(first.yes);
  }
  return blocks.size === prepared.blocks.size ? prepared : { ...prepared, blocks };
}

/** The block's test, if it compares 4 bytes that it loads last, and nobody else reads. */
function wordTest(block: PreparedBlock, { constants, uses }: Prepared): WordTest | undefined {
  const { end } = block;
  if (!isChoice(end) || end.kind !== 'branch' || end.test.op !== '==') return undefined;
  const isKnown = (id: ValueId): boolean => constants.has(id);
  const [tested, other] = isKnown(end.test.right)
    ? [end.test.left, end.test.right]
    : [end.test.right, end.test.left];
  const number = constants.get(other);
  const load = block.values.filter((value) => !isKnown(value.id)).at(-1);
  if (number === undefined || load?.kind !== 'load' || load.id !== tested) return undefined;
  if (load.size !== 4 || uses.get(load.id) !== 1) return undefined;
  return { load, number, yes: end.yes, no: end.no };
}

const follows = (first: Load, second: Load): boolean =>
  first.index === second.index && second.offset === first.offset + 4;
