import type { BlockId, Program, Value, ValueId } from '@hookdump/filter';
import { shapeOf } from '../facts/dominators.ts';
import { planViews } from '../facts/views.ts';
import { mergeFields } from '../passes/merge-fields.ts';
import { prepare } from '../prepare.ts';
import { isChoice, type Prepared, type PreparedBlock, targets } from '../prepared.ts';
import { fieldNames } from '../print/fields.ts';
import { misfit } from './fits.ts';
import { findNetworks } from './networks.ts';
import { findPlaces } from './places.ts';
import { printNetworks, printStraight, type Straight } from './print.ts';
import { reachOf } from './reach.ts';
import { byIndex, unify } from './unify.ts';

/** A filter's decision without branches. */
export interface BranchFree {
  /** The program that it was made from; what its lists need must be printed in front. */
  readonly prepared: Prepared;
  /** `static __always_inline __u64 NAME(struct packet *packet, const enum way way)`, the fast way. */
  readonly print: (name: string) => readonly string[];
  /** What every packet that matches gives, if that is one number of one bit. */
  readonly onlyBit?: number;
}

/**
 * Makes straight code of a program: whatever it may look at is looked at for each packet, and what
 * it says of the packet is a number that `&` and `|` make. A processor that cannot tell beforehand
 * what traffic brings next then has nothing to guess wrong, but for the network protocol, and for
 * comparisons with the packet's end: these hold for all but runts, which are UNSURE.
 *
 * @returns a text that says why not, for programs of which most must be jumped over
 */
export function branchFree(program: Program): BranchFree | string {
  const prepared = allLoaded(mergeFields(prepare(program, { splits: false })));
  const { linkType } = program;
  const reason = misfit(prepared);
  if (reason !== undefined) return reason;
  const shape = shapeOf(prepared.blocks);
  const views = planViews(prepared, shape, linkType);
  const names = new Map(fieldNames(prepared, shape, views, linkType));
  for (const { id } of prepared.byId.values()) {
    if (isHeaderLength(id, prepared)) names.set(id, 'ip_header_length');
  }
  const networks = findNetworks(prepared, (load) => isNetwork(prepared.byId.get(load)!, linkType));
  const whole = straighten(prepared, linkType, names);
  const body =
    networks === undefined
      ? printStraight(whole)
      : printNetworks(networks, whole, (part) => straighten(part, linkType, names));
  const kept = new Set(
    [...prepared.blocks.values()].flatMap(({ end }) =>
      end.kind === 'return' && end.value > 0 ? [end.value] : [],
    ),
  );
  const [bytes = 0] = kept;
  const isBit = kept.size === 1 && Number.isInteger(Math.log2(bytes));
  return {
    prepared,
    print: (name) => functionOf(name, body),
    ...(isBit && { onlyBit: bytes }),
  };
}

/** Whether it is the lower half of a byte, by 4. */
function isHeaderLength(id: ValueId, { byId, constants }: Prepared): boolean {
  const value = byId.get(id)!;
  if (value.kind !== 'arith' || constants.get(value.right) !== (value.op === '<<' ? 2 : 4))
    return false;
  const half = byId.get(value.left)!;
  return (
    (value.op === '*' || value.op === '<<') &&
    half.kind === 'arith' &&
    half.op === '&' &&
    constants.get(half.right) === 0xf
  );
}

/** The field that names the network protocol: Ethernet's type; of raw IP, the version. */
const isNetwork = (value: Value, linkType: string): boolean =>
  value.kind === 'load' &&
  value.index === undefined &&
  (linkType === 'RAW' ? value.offset === 0 : linkType === 'EN10MB' && value.offset === 12);

function straighten(
  prepared: Prepared,
  linkType: string,
  names: ReadonlyMap<ValueId, string>,
): Straight {
  const shape = shapeOf(prepared.blocks);
  const places = findPlaces(prepared, unify(prepared, byIndex), shape, linkType);
  const unified = unify(prepared, ({ id, size }) => {
    const { stretch, offset } = places.get(id)!;
    return `${size}[${stretch.name}+${offset}]`;
  });
  return { unified, places, reach: reachOf(unified.prepared), names };
}

/** The program for packets of which all loads succeed: without the tests that matter only for others. */
function allLoaded(prepared: Prepared): Prepared {
  const blocks = new Map<BlockId, PreparedBlock>();
  const reached = new Set([0 as BlockId]);
  for (const block of prepared.blocks.values()) {
    if (!reached.has(block.id)) continue;
    const { end } = block;
    const isDecided = isChoice(end) && ('early' in end || end.kind === 'way');
    const kept = isDecided ? { ...block, end: { kind: 'jump' as const, to: end.no } } : block;
    blocks.set(block.id, kept);
    for (const to of targets(kept)) reached.add(to);
  }
  return { ...prepared, blocks };
}

function functionOf(name: string, body: readonly string[]): readonly string[] {
  const unused = ['packet', 'way'].filter(
    (word) => !body.some((line) => new RegExp(`\\b${word}\\b`).test(line)),
  );
  return [
    '/* The same with hardly a branch: all packets but runts are longer than it is asked for. */',
    `static __always_inline __u64 ${name}(struct packet *packet, const enum way way)`,
    '{',
    ...unused.map((word) => `\t(void)${word};`),
    ...body,
    '}',
    '',
  ];
}
