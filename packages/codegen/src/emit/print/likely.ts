import type { BlockId, ValueId } from '@hookdump/filter';
import type { Prepared, PreparedEnd } from '../prepared.ts';

/** What most packets have in these fields (fields.ts): IPv4, and TCP over it. */
const USUAL: ReadonlyMap<string, number> = new Map([
  ['ether_type', 0x800],
  ['ip_protocol', 6],
  // And no fragment.
  ['ip_fragment_ttl_protocol', 6],
  ['ip6_next_header', 6],
]);

/** A test of a field for one number. */
interface FieldTest {
  readonly value: ValueId;
  readonly isUsual: boolean;
  readonly no: BlockId;
}

/** Tests of one field for one number after the other are looked through for the usual one so far. */
const STEPS = 16;

/**
 * Which way of a block's end most packets go, if a field says so: a field that is compared with
 * several numbers should be compared with the usual one first, and a compiler that isn't told orders
 * them as it likes.
 */
export function likelyWay(
  end: PreparedEnd,
  { blocks, byId, constants }: Prepared,
  fields: ReadonlyMap<ValueId, string>,
): 'yes' | 'no' | undefined {
  const testOf = (at: PreparedEnd): FieldTest | undefined => {
    if (at.kind !== 'branch' || at.test.op !== '==') return undefined;
    const { left } = at.test;
    const number = constants.get(at.test.right);
    const masked = byId.get(left)!;
    const field = fields.get(masked.kind === 'arith' ? masked.left : left) ?? '';
    const usual = USUAL.get(field);
    if (usual === undefined || number === undefined) return undefined;
    return { value: left, isUsual: number === usual, no: at.no };
  };
  const first = testOf(end);
  if (first === undefined) return undefined;
  let test: FieldTest | undefined = first;
  for (let steps = 0; steps < STEPS && test?.value === first.value; steps++) {
    if (test.isUsual) return test === first ? 'yes' : 'no';
    const behind: PreparedEnd = blocks.get(test.no)!.end;
    test = testOf(behind);
  }
  return undefined;
}

/** Whether a block tests what the last test on the way to it, or the next one, tests as well. */
export function isInChain(
  end: PreparedEnd,
  above: PreparedEnd | undefined,
  { blocks }: Prepared,
): boolean {
  const tested = (at: PreparedEnd | undefined): ValueId | undefined =>
    at?.kind === 'branch' ? at.test.left : undefined;
  if (end.kind !== 'branch') return false;
  return [above, blocks.get(end.no)!.end].some((at) => tested(at) === end.test.left);
}
