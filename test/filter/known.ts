import type { Filter } from '../support/filters/index.ts';
import type { Packet } from '../support/packets.ts';

/**
 * Where the installed libpcap 1.10.3 is known to say something else than we do: facts of its
 * releases (the column "Version" of the inventory of the language), and mistakes of its own. A
 * difference that no line of this table explains is a failure.
 */
export interface Known {
  /** What differs: whether the filter compiles, or what it says of a packet. */
  readonly of: 'refusal' | 'verdict';
  readonly reason: string;
  explains(filter: Filter, found: Found): boolean;
}

export interface Found {
  /** What libpcap says where it refuses the filter. */
  readonly error?: string;
  /** The codes of our errors where we refuse it. */
  readonly codes?: readonly string[];
  readonly packet?: Packet;
  /** The difference goes away when zeros are put behind the packet. */
  readonly endsEarly?: boolean;
  /** libpcap's program tests a constant, where 1.11 knows the answer and leaves out tests and loads. */
  readonly testsConstant?: boolean;
}

const hasVariableHeader = ({ linkType, text }: Filter): boolean =>
  /^(IEEE802_11|PRISM|PPI|PFLOG)/.test(linkType) || /\bgeneve\b/.test(text);

export const known: readonly Known[] = [
  {
    of: 'refusal',
    reason: 'gen_arth() takes the first statement of a divisor or shift count for a constant',
    explains: (_, { error = '' }) =>
      /division by zero|modulus by zero|shift by more than/.test(error),
  },
  {
    of: 'refusal',
    reason: 'a constant divisor of zero or shift beyond 31 is only seen by the optimizer',
    explains: (_, { codes = [] }) =>
      codes.includes('division-by-zero') || codes.includes('shift-too-far'),
  },
  {
    of: 'refusal',
    reason: '1.10.3 takes words of the outer link type, and directions, also inside of another one',
    explains: ({ text }, { codes = [] }) =>
      codes.every((code) => code === 'not-on-link-type') &&
      /\b(lane|geneve|pppoes)\b.*\b(v[pc]i|metac|bcc|oam|oamf4|oamf4[es]c|sc|ilmic|connectmsg|metaconnect|lane|inbound|outbound|ifindex)\b/.test(
        text,
      ),
  },
  {
    of: 'refusal',
    reason: '1.10.3 has no 802.11 words on PPI',
    explains: ({ linkType }, { error = '' }) => linkType === 'PPI' && /only .*802\.11/.test(error),
  },
  {
    of: 'verdict',
    reason: '1.11 compares IS-IS PDU types under the mask 0x1f, and finds them on C_HDLC',
    explains: ({ text }) => /\b(isis proto|is-is proto|l1|l2|iih|lsp|snp|csnp|psnp)\b/.test(text),
  },
  {
    of: 'verdict',
    reason: '1.10.3 takes 240.0.0.0/4 for multicast too',
    explains: ({ text }) => /\bip multicast\b/.test(text),
  },
  {
    of: 'verdict',
    reason: '1.10.3 tests `byte N & M` and `byte N | M` otherwise',
    explains: ({ text }) => /\bbyte \S+ [&|]/.test(text),
  },
  {
    of: 'verdict',
    reason: '1.10.3 is wrong about != of the fields of ATM and SS7',
    explains: ({ text }) => /\b(vpi|vci|h?sio|h?opc|h?dpc|h?sls) !=/.test(text),
  },
  {
    of: 'verdict',
    reason: '1.10.3 takes the dollar of `$ff` for a digit',
    explains: ({ text }) => /\$/.test(text),
  },
  {
    of: 'verdict',
    reason:
      'libpcap forgets how long a header of variable length is where `pppoes` or `geneve` follows',
    explains: ({ linkType, text }) =>
      /^(IEEE802_11|PRISM|PPI|PFLOG)/.test(linkType) && /\b(pppoes|geneve)\b/.test(text),
  },
  {
    of: 'verdict',
    reason: 'SLIP: 1.11 takes the transmit direction alone for outbound',
    explains: ({ linkType, text }) => linkType === 'SLIP' && /\boutbound\b/.test(text),
  },
  {
    of: 'verdict',
    reason: 'libpcap forgets where it was behind an authentication header; we walk a bounded chain',
    explains: ({ text }, { packet }) =>
      /\bprotochain\b/.test(text) && (packet?.data.includes(51) ?? false),
  },
  {
    of: 'verdict',
    reason: 'libpcap computes a header of variable length into a register that arithmetic uses too',
    explains: (filter) =>
      hasVariableHeader(filter) && /\[|\blen|\bbyte\b|\bless\b|\bgreater\b/.test(filter.text),
  },
  {
    of: 'verdict',
    reason: '1.10.3 knows the packet types of RFC 1051 too',
    explains: ({ linkType }, { packet }) =>
      /^ARCNET/.test(linkType) &&
      /^f[01]$/.test(packet?.data[linkType === 'ARCNET' ? 2 : 4]?.toString(16) ?? ''),
  },
  {
    of: 'verdict',
    reason:
      '1.10.3 loads the session of `pppoes` with the two bytes before, which may lie before the packet',
    explains: ({ linkType, text }) => /^JUNIPER/.test(linkType) && /\bpppoes \d/.test(text),
  },
  {
    of: 'verdict',
    reason:
      '1.10.3 makes tests whose outcome is known, with the loads and divisions of those before them',
    explains: ({ text }, { endsEarly, testsConstant }) =>
      testsConstant === true &&
      // A chain of headers may lead beyond the end of any packet.
      (endsEarly === true || /[/%] ?[(a-z]|\bprotochain\b/.test(text)),
  },
  {
    of: 'verdict',
    reason: '1.10.3 tries the layouts of DECnet headers in another order',
    explains: ({ text }, { endsEarly }) => endsEarly === true && /\bdecnet\b/.test(text),
  },
  {
    of: 'verdict',
    reason: '1.10.3 loads four bytes for the two of `dpc`',
    explains: ({ text }, { endsEarly }) => endsEarly === true && /\bh?dpc\b/.test(text),
  },
  {
    of: 'verdict',
    reason: '1.10.3 loads the words of an IPv6 address that the mask makes irrelevant',
    explains: ({ text }, { endsEarly }) => endsEarly === true && /\bnet\b[^&|]*::/.test(text),
  },
];
