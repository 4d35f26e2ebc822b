import { lower } from '../3-lower/index.ts';
import { run } from '../ir/run.ts';
import type { Ancillary, Program } from '../ir/types.ts';
import { verify } from '../ir/verify.ts';
import type { Predicate, PredicateTest } from '../predicate/types.ts';
import type { LinkTypeName } from '../tables/link-types.ts';

/** What tests of phase 3 are written with: predicates without a text, and packets as lists of bytes. */

type WithoutSpan<Test> = Test extends PredicateTest ? Omit<Test, 'span'> : never;

/** A test, at a place in the text. */
export const at = (test: WithoutSpan<PredicateTest>, start = 0): Predicate =>
  ({ ...test, span: { start, end: start + 1 } }) as PredicateTest;

const chain =
  (op: 'and' | 'or') =>
  (first: Predicate, ...rest: readonly Predicate[]): Predicate => ({
    kind: 'chain',
    first,
    rest: rest.map((operand) => ({ op, operand })),
  });

export const and = chain('and');
export const or = chain('or');
export const not = (operand: Predicate): Predicate => ({ kind: 'not', operand });

/** `link[offset] = value`: a load that rejects packets which end before it. */
export const byteIs = (offset: number, value: number): Predicate =>
  at({
    kind: 'relation',
    op: '=',
    left: {
      kind: 'load',
      base: 'link',
      offset: { kind: 'number', value: offset },
      size: 1,
      span: { start: 0, end: 1 },
    },
    right: { kind: 'number', value },
  });

export const ip = at({ kind: 'link-protocol', protocol: 0x0800 });
export const ip6 = at({ kind: 'link-protocol', protocol: 0x86dd });
export const arp = at({ kind: 'link-protocol', protocol: 0x0806 });

/** The program of a predicate, which must be well formed. */
export function lowered(
  predicate: Predicate,
  linkType: LinkTypeName = 'EN10MB',
  linux = false,
): Program {
  const { program, diagnostics } = lower(predicate, linkType, { snapLen: 1, linux });
  const wrong = diagnostics.map(({ message }) => message);
  if (program === undefined) throw new Error(`refused: ${wrong}`);
  wrong.push(...verify(program));
  if (wrong.length > 0) throw new Error(`not well formed: ${wrong}`);
  return program;
}

export const matches = (
  program: Program,
  packet: readonly number[],
  ancillary?: Ancillary,
): boolean => run(program, Uint8Array.from(packet), packet.length, ancillary) !== 0;

/** An Ethernet frame with these EtherTypes and tags, and what follows: `ethernet([0x8100, 5, 0x800])`. */
export const ethernet = (types: readonly number[], payload: readonly number[] = []): number[] => [
  ...Array<number>(12).fill(0),
  ...types.flatMap((type) => [type >>> 8, type & 0xff]),
  ...payload,
];

/** An IPv4 header without options and what follows. */
export const ipv4 = (protocol: number, payload: readonly number[] = []): number[] => [
  ...[0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
  ...payload,
];

/** An IPv6 header and what follows. */
export const ipv6 = (next: number, payload: readonly number[] = []): number[] => [
  ...[0x60, 0, 0, 0, 0, 0, next, 64],
  ...Array<number>(32).fill(0),
  ...payload,
];
