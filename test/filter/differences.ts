/**
 * Where this compiler differs from libpcap on purpose. What is not listed here must be alike: the
 * conformance tests and the random filters hold the two against each other.
 */
export interface OnPurpose {
  /** What differs: what a filter says of a packet, whether it compiles, or how long it gets. */
  readonly of: 'verdict' | 'refusal' | 'length';
  readonly concerns: (filter: Compared) => boolean;
  readonly reason: string;
}

export interface Compared {
  readonly linkType: string;
  readonly expression: string;
  /** What libpcap says where it refuses it. */
  readonly error?: string;
}

export const differences: readonly OnPurpose[] = [
  {
    of: 'verdict',
    concerns: ({ expression }) => /\bprotochain\b/.test(expression),
    reason:
      'libpcap walks a chain of headers in a loop, which no kernel takes, and forgets where it was ' +
      'behind an authentication header; here a bounded number of headers is walked, each rightly, ' +
      'and a longer chain does not match',
  },
  {
    of: 'refusal',
    concerns: ({ expression, error = '' }) =>
      /division by zero|modulus by zero|shift by more than/.test(error) &&
      /(\/|%|<<|>>) *[a-z0-9]+\[/.test(expression),
    reason:
      'libpcap takes the 0 of `len / ip[0]` for the divisor, and the 40 of `len >> ip[40]` for the ' +
      'shift count; these are loads, and compile',
  },
  {
    of: 'refusal',
    concerns: ({ expression, error }) =>
      error === undefined && /\b(protochain|geneve)\b/.test(expression),
    reason:
      'libpcap does not optimize a filter with protochain or geneve, and so does not find that it ' +
      'can match nothing',
  },
  {
    of: 'length',
    concerns: ({ expression }) => /\bprotochain\b/.test(expression),
    reason: 'the loop of libpcap is unrolled: no kernel takes a jump backwards',
  },
  {
    of: 'length',
    concerns: ({ expression }) => /^link\[0:[14]\] & 0x0+ == 0$/.test(expression),
    reason:
      "the load stays, since a packet without these bytes does not match; libpcap's optimizer drops " +
      'it, and such a packet matches',
  },
];

/** The reason why a filter may differ in this way, if there is one. */
export const reasonToDiffer = (of: OnPurpose['of'], filter: Compared): string | undefined =>
  differences.find((each) => each.of === of && each.concerns(filter))?.reason;
