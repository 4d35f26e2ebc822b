import type { Diagnostic } from '@hookdump/filter';

/**
 * What libpcap's errors say, and the codes of ours that say the same. Many of libpcap's texts are
 * one cause seen from another side: `'port' qualifier applied to IPv4 address` and `'host' is not a
 * valid qualifier for '1.2.3.0/24'` are both a qualifier that does not go with what follows it.
 */
interface Cause {
  /** libpcap's text; what is in its groups must be in ours too. */
  readonly error: RegExp;
  readonly codes: readonly string[];
}

const syntax = [
  'bad-address',
  'bad-character',
  'bare-identifier',
  'empty-parentheses',
  'expected-bracket',
  'expected-comparison',
  'expected-identifier',
  'expected-number',
  'expected-operator',
  'expected-test',
  'missing-type',
  'relation-is-no-value',
  'takes-no-direction',
  'unclosed-parenthesis',
  'unexpected-prefix',
  'unknown-word',
  'unopened-parenthesis',
];

/** The first one that fits is taken. */
const causes: readonly Cause[] = [
  { error: /^can't parse filter expression: syntax error/, codes: syntax },
  {
    error: /^'(addr\d|ra|ta)' is valid for 802.11 syntax only/,
    codes: ['qualifier-mismatch', 'not-on-link-type'],
  },
  {
    error: /^'(.+)' is not a valid qualifier for /,
    codes: ['qualifier-mismatch', 'host-takes-no-prefix'],
  },
  { error: /^'(.+)' qualifier applied to IPv[46] address/, codes: ['qualifier-mismatch'] },
  { error: /^'link' is the only valid proto qualifier for /, codes: ['qualifier-mismatch'] },
  { error: /^Ethernet address used in non-ether expression/, codes: ['qualifier-mismatch'] },
  { error: /^not a live capture, '(.+)' not supported on/, codes: ['not-on-link-type'] },
  { error: /^not a live capture/, codes: ['not-on-link-type'] },
  // Ours names the one of the two words that was written.
  { error: /^'type\/subtype' not supported on/, codes: ['not-on-link-type'] },
  { error: /^'(.+)' (?:not supported on|supported only on)/, codes: ['not-on-link-type'] },
  { error: /^link-layer type filtering not implemented for/, codes: ['not-on-link-type'] },
  { error: /^'(.+)' not supported with variable length headers/, codes: ['not-on-link-type'] },
  { error: /^'(.+)' cannot be used within VXLAN or Geneve/, codes: ['not-on-link-type'] },
  { error: /^illegal link-layer address '(.+)'/, codes: ['bad-address', 'qualifier-mismatch'] },
  { error: /^unknown Ethernet-like host '(.+)'/, codes: ['unknown-name'] },
  { error: /^unknown host '(.+)' for specified address family/, codes: ['unknown-name'] },
  { error: /^unknown (?:host|network|'.+' value) '(.+)'/, codes: ['unknown-name'] },
  { error: /^unknown 802.11 direction/, codes: ['unknown-name'] },
  {
    error: /^invalid (?:IPv4|IPv6|Ethernet|DECnet) address(?: '?([^']+)'?)?/,
    codes: ['bad-address'],
  },
  { error: /^'(.+)' does not support the index operation/, codes: ['not-an-index'] },
  { error: /greater than maximum (\d+)$/, codes: ['out-of-range'] },
  { error: /^mask length must be <= (\d+)/, codes: ['out-of-range'] },
  { error: /^invalid 802.11 (?:type value|subtype value|direction)/, codes: ['out-of-range'] },
  { error: /^data size must be 1, 2, or 4/, codes: ['bad-size'] },
  { error: /contains non-octal digit/, codes: ['not-octal'] },
  // Ours has an 8 in it too.
  { error: /^octal number .* overflows 32 bits/, codes: ['number-too-large', 'not-octal'] },
  { error: /overflows 32 bits/, codes: ['number-too-large'] },
  { error: /^non-network bits set in/, codes: ['host-bits-set'] },
  { error: /^netmask not known/, codes: ['netmask-needed'] },
  { error: /^expression rejects all packets/, codes: ['rejects-all'] },
];

/** libpcap's cause, and how to see it in what we say; `undefined` for an error not in the table. */
export function causeOf(
  error: string,
): { readonly title: string; isNamedBy(diagnostic: Diagnostic): boolean } | undefined {
  for (const { error: pattern, codes } of causes) {
    const match = pattern.exec(error);
    if (match === null) continue;
    const words = match.slice(1).filter((word) => word !== undefined);
    return {
      title: pattern.source,
      isNamedBy: ({ code, message, hint = '' }) => {
        const ours = `${message} ${hint}`.toLowerCase();
        return codes.includes(code) && words.every((word) => ours.includes(word.toLowerCase()));
      },
    };
  }
  return undefined;
}
