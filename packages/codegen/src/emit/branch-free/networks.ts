import type { BlockId, Value, ValueId } from '@hookdump/filter';
import { type Choice, isChoice, type Prepared, type PreparedBlock, targets } from '../prepared.ts';

/**
 * A program that begins by asking which network protocol a packet has, and has nothing to do with
 * IPv4. That jump stays: a processor guesses it right, since most traffic is IPv4, and all the rest
 * is not computed in vain then.
 */
export interface Networks {
  /** The load that says which. */
  readonly load: Value & { kind: 'load' };
  readonly cases: readonly NetworkCase[];
  /** The verdict on packets of no case. */
  readonly rest: number;
}

export interface NetworkCase {
  /** One of these asks for it. */
  readonly ends: readonly Choice[];
  readonly entry: BlockId;
  readonly program: Prepared;
}

/** @param isNetwork whether a load is of the field that names the network protocol */
export function findNetworks(
  prepared: Prepared,
  isNetwork: (load: ValueId) => boolean,
): Networks | undefined {
  const { blocks, constants } = prepared;
  const cases: NetworkCase[] = [];
  const passed: Value[] = [];
  let load: Networks['load'] | undefined;
  let block = [...blocks.values()][0]!;
  for (;;) {
    const asked = block.values.filter(({ id }) => !constants.has(id));
    const subject = subjectOf(block.end, prepared);
    const value = subject === undefined ? undefined : loadUnder(subject, prepared);
    if (value === undefined || !isNetwork(value.id) || !isChoice(block.end)) break;
    if (load !== undefined && load.id !== value.id) break;
    // The program's other loads are none of this question, and would stand in front of it.
    if (asked.some((each) => each.kind === 'load' && each.id !== value.id)) break;
    load = value;
    passed.push(...block.values);
    const { yes } = block.end;
    const last = cases.at(-1);
    const isSame = last?.entry === yes;
    if (isSame) cases.pop();
    const ends = [...(isSame ? last.ends : []), block.end];
    cases.push({ ends, entry: yes, program: from(yes, passed, prepared) });
    block = blocks.get(block.end.no)!;
  }
  const isCommon = cases.some(({ ends }) => ends.some((end) => asksFor(end, COMMON, prepared)));
  if (load === undefined || isCommon || block.end.kind !== 'return') return undefined;
  return { load, cases, rest: block.end.value };
}

/** What says IPv4: Ethernet's type, and the version of raw IP, beside other bits. */
const COMMON: readonly number[] = [0x800, 0x40];

function asksFor(end: Choice, numbers: readonly number[], { constants }: Prepared): boolean {
  if (end.kind === 'branch') return numbers.includes(constants.get(end.test.right)!);
  const intervals = end.kind === 'member' && 'intervals' in end.list ? end.list.intervals : [];
  return intervals.some(([first, last]) => numbers.some((each) => first <= each && each <= last));
}

/** What an end asks about, if it asks whether that is one of some numbers. */
function subjectOf(end: PreparedBlock['end'], { constants }: Prepared): ValueId | undefined {
  if (end.kind === 'member') return end.values.length === 1 ? end.values[0] : undefined;
  if (end.kind !== 'branch' || end.test.op !== '==') return undefined;
  return constants.has(end.test.right) ? end.test.left : undefined;
}

/** The load that a value is, or is some bits of. */
function loadUnder(id: ValueId, { byId, constants }: Prepared): Networks['load'] | undefined {
  const value = byId.get(id)!;
  const under =
    value.kind === 'arith' && constants.has(value.right) ? byId.get(value.left)! : value;
  return under.kind === 'load' ? under : undefined;
}

/** The program from a block on, with what the blocks in front of it have computed. */
function from(entry: BlockId, passed: readonly Value[], prepared: Prepared): Prepared {
  const reached = new Set([entry]);
  const blocks = new Map<BlockId, PreparedBlock>();
  for (const block of prepared.blocks.values()) {
    if (!reached.has(block.id)) continue;
    const values = block.id === entry ? [...passed, ...block.values] : block.values;
    blocks.set(block.id, { ...block, values });
    for (const to of targets(block)) reached.add(to);
  }
  return { ...prepared, blocks };
}
