import type { BlockId } from '../../ir/types.ts';
import { arith, type Builder, constant, load, type Targets, type Tree } from '../builder.ts';
import type { Headers } from '../headers.ts';

/** Offsets in an IPv4 header (RFC 791 §3.1) and an IPv6 header (RFC 8200 §3). */
export const ipv4 = { fragment: 6, protocol: 9, source: 12, destination: 16 } as const;
export const ipv6 = { nextHeader: 6, source: 8, destination: 24, size: 40 } as const;

const fragmentHeader = 44;

/** IPv4's header length in bytes: its low four bits count words of four. */
export const ipv4HeaderLength = (headers: Headers): Tree =>
  arith('*', arith('&', load(1, headers.network), constant(0xf)), constant(4));

/** Not a fragment, or the first one: only there does a transport header follow. */
export const isFirstFragment = (build: Builder, headers: Headers, to: Targets): BlockId =>
  build.test('&', load(2, headers.network + ipv4.fragment), constant(0x1fff), {
    yes: to.no,
    no: to.yes,
  });

export const ipv4ProtocolIs = (
  build: Builder,
  headers: Headers,
  number: number,
  to: Targets,
): BlockId => build.test('==', load(1, headers.network + ipv4.protocol), constant(number), to);

export const ipv6NextHeaderIs = (
  build: Builder,
  headers: Headers,
  number: number,
  to: Targets,
): BlockId => build.test('==', load(1, headers.network + ipv6.nextHeader), constant(number), to);

/**
 * An IP protocol, in the order of libpcap's gen_proto(): IPv4 first. Behind IPv6's header one
 * fragment header is looked over; other extension headers are not.
 */
export function ipProtocolIs(
  build: Builder,
  headers: Headers,
  { number, over }: { readonly number: number; readonly over: readonly ('ip' | 'ip6')[] },
  to: Targets,
): BlockId {
  let next = to.no;
  if (over.includes('ip6')) {
    const behindFragment = build.test(
      '==',
      load(1, headers.network + ipv6.size),
      constant(number),
      to,
    );
    const isFragment = ipv6NextHeaderIs(build, headers, fragmentHeader, {
      yes: behindFragment,
      no: to.no,
    });
    const direct = ipv6NextHeaderIs(build, headers, number, { yes: to.yes, no: isFragment });
    next = headers.isProtocol(build, 'ip6', { yes: direct, no: next });
  }
  if (over.includes('ip')) {
    const test = ipv4ProtocolIs(build, headers, number, to);
    next = headers.isProtocol(build, 'ip', { yes: test, no: next });
  }
  return next;
}
