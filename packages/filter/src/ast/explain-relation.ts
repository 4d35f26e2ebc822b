import { comparisons, type Explained, protocolNames } from './explained.ts';
import { formatArithmetic } from './format-arithmetic.ts';
import type { Arithmetic, Expression } from './types.ts';

type Relation = Extract<Expression, { kind: 'relation' }>;

const ipv4OnlyNote = (protocol: string): string =>
  `'${protocol}[…]' looks into IPv4 only, and there into first fragments only`;

/** Protocols whose header is found over IPv4 alone when an offset counts from it. */
const overIpv4 = ['tcp', 'udp', 'sctp', 'icmp', 'igmp', 'igrp', 'pim', 'vrrp', 'carp'];

/** A comparison, with the protocols that its loads ask for. */
export function explainRelation(relation: Relation): Explained {
  const protocols = new Set<string>();
  collectProtocols(relation.left, protocols);
  collectProtocols(relation.right, protocols);
  const subjects = [...protocols].map((protocol) =>
    overIpv4.includes(protocol)
      ? `${protocol.toUpperCase()} over IPv4`
      : (protocolNames[protocol] ?? protocol),
  );
  const both = [...protocols].filter((protocol) => ['tcp', 'udp', 'sctp'].includes(protocol));
  const comparison = explainBits(relation) ?? plainComparison(relation);
  return {
    ...(subjects.length === 0
      ? { text: comparison }
      : { text: subjects.join(' and '), detail: `, where ${comparison}` }),
    notes: both.map(ipv4OnlyNote),
    fixed: subjects.length === 0,
  };
}

/** The link layer's bytes are there in every packet. */
const everywhere = ['link', 'ether', 'fddi', 'tr', 'wlan', 'ppp', 'slip', 'radio'];

function collectProtocols(arithmetic: Arithmetic, found: Set<string>): void {
  switch (arithmetic.kind) {
    case 'load':
      if (!everywhere.includes(arithmetic.protocol)) found.add(arithmetic.protocol);
      collectProtocols(arithmetic.offset, found);
      return;
    case 'negate':
      collectProtocols(arithmetic.operand, found);
      return;
    case 'binary':
      collectProtocols(arithmetic.left, found);
      collectProtocols(arithmetic.right, found);
      return;
    default:
  }
}

const plainComparison = ({ op, left, right }: Relation): string =>
  `${describe(left)} ${comparisons[op]} ${describe(right)}`;

/** `x & mask` compared with a number. */
function explainBits({ op, left, right }: Relation): string | undefined {
  const wanted = constant(right);
  if (left.kind !== 'binary' || left.op !== '&' || wanted === undefined) return undefined;
  const [value, mask] =
    constant(left.right) === undefined ? [left.right, left.left] : [left.left, left.right];
  const bits = constant(mask);
  if (bits === undefined || constant(value) !== undefined || (op !== '=' && op !== '!=')) {
    return undefined;
  }
  const not = op === '!=';
  const where = describe(value);
  const all = `of the bits ${describeBits(bits, value)} in ${where}`;
  if (wanted === 0) return `${not ? 'any' : 'none'} ${all} is set`;
  if (wanted === bits) return `${not ? 'not all' : 'all'} ${all} are set`;
  if ((wanted & ~bits) !== 0) return undefined;
  return `${all}, ${not ? 'not just ' : ''}${describeBits(wanted, value)}${not ? '' : ' and no other'} is set`;
}

/** The value of a number that no packet takes part in; only operators that masks are made with. */
function constant(arithmetic: Arithmetic): number | undefined {
  if (arithmetic.kind === 'number') return arithmetic.value;
  if (arithmetic.kind !== 'binary') return undefined;
  const [left, right] = [constant(arithmetic.left), constant(arithmetic.right)];
  if (left === undefined || right === undefined) return undefined;
  switch (arithmetic.op) {
    case '|':
      return (left | right) >>> 0;
    case '+':
      return (left + right) >>> 0;
    default:
      return undefined;
  }
}

/** RFC 9293, from the lowest bit of byte 13. */
const tcpFlags = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

function describeBits(mask: number, value: Arithmetic): string {
  const hex = `0x${mask.toString(16)}`;
  const flags =
    value.kind === 'load' &&
    value.protocol === 'tcp' &&
    value.size === 1 &&
    value.offset.kind === 'number' &&
    value.offset.value === 13 &&
    mask < 256;
  if (!flags) return hex;
  const names = tcpFlags.filter((_, bit) => (mask & (1 << bit)) !== 0);
  return names.length === 0 ? hex : `${hex} (${names.join(', ')})`;
}

function describe(arithmetic: Arithmetic): string {
  switch (arithmetic.kind) {
    case 'length':
      return "the packet's length";
    case 'load':
      return describeLoad(arithmetic);
    case 'number':
      return arithmetic.text ?? String(arithmetic.value);
    default:
      return formatArithmetic(arithmetic);
  }
}

function describeLoad({ protocol, offset, size }: Extract<Arithmetic, { kind: 'load' }>): string {
  const header = everywhere.includes(protocol)
    ? 'the frame'
    : `the ${protocolNames[protocol]?.replace(/ over .*/, '') ?? protocol} header`;
  if (offset.kind !== 'number') {
    return `${size === 1 ? 'the byte' : `the number in ${size} bytes`} at ${formatArithmetic(offset)} of ${header}`;
  }
  return size === 1
    ? `byte ${offset.value} of ${header}`
    : `the number in bytes ${offset.value} to ${offset.value + size - 1} of ${header}`;
}
