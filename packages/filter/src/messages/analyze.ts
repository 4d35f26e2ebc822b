import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { networkOf } from '../tables/addresses.ts';
import { namedConstants } from '../tables/constants.ts';
import { reservedWords } from '../tables/words.ts';
import { error, warning } from './diagnostics.ts';
import { testOfConstant } from './word-hint.ts';

/** What phase 2 has to say, one function per diagnostic code; `docs/diagnostics.md` shows each. */

export const bareIdentifier = (span: Span, text: string, hint?: string): Diagnostic =>
  error(
    'bare-identifier',
    span,
    `'${text}' stands alone: a word must say what it is`,
    hint ?? bareHint(text),
  );

/** By its spelling an identifier may be of fewer kinds than three. */
function bareHint(text: string): string {
  const test = testOfConstant(text);
  if (test !== undefined) return `write '${test}'`;
  if (Object.hasOwn(namedConstants, text)) {
    return "it is a number: a comparison is 'tcp[tcpflags] & tcp-syn != 0'";
  }
  const prefix = text.indexOf('/');
  if (prefix >= 0) {
    const network = networkOf(text.slice(0, prefix), Number(text.slice(prefix + 1)));
    return `write 'net ${network ?? text}'`;
  }
  if (/^[0-9.]+\.[0-9]+$/.test(text)) {
    return `write '${text.split('.').length === 4 ? 'host' : 'net'} ${text}'`;
  }
  if (/^(?:[0-9a-f]{1,2}[:.-]){5}[0-9a-f]{1,2}$/i.test(text)) return `write 'ether host ${text}'`;
  if (text.includes(':')) return `write 'host ${text}'`;
  return `write 'host ${text}', 'net ${text}' or 'port ${text}'`;
}

export const badAddress = (span: Span, text: string, why: string): Diagnostic =>
  error('bad-address', span, `'${text}' is not an address: ${why}`);

export const badRange = (span: Span, text: string): Diagnostic =>
  error(
    'bad-range',
    span,
    `'${text}' is not a range of ports: two ports with one '-' between them`,
    text.includes('-')
      ? "for a port whose name has a '-' in it, write its number"
      : /^\w+\.\.+\w+$/.test(text)
        ? `write 'portrange ${text.replace(/\.\.+/, '-')}'`
        : `for one port write 'port ${text}'`,
  );

export const badSize = (span: Span): Diagnostic =>
  error('bad-size', span, 'a load takes 1, 2 or 4 bytes');

export const divisionByZero = (span: Span): Diagnostic =>
  error('division-by-zero', span, 'division by zero');

/** @param inside the network that the address is in, under this mask */
export const hostBitsSet = (span: Span, text: string, inside: string): Diagnostic =>
  error(
    'host-bits-set',
    span,
    `'${text}' has bits set beyond its prefix`,
    `the network is ${inside}`,
  );

/** @param network what to write instead */
export const hostTakesNoPrefix = (span: Span, text: string, network: string): Diagnostic =>
  error(
    'host-takes-no-prefix',
    span,
    `'host' takes one address, and '${text}' is a network`,
    `write '${network}'`,
  );

export const nameTooLong = (span: Span, text: string, longest: number): Diagnostic =>
  error(
    'name-too-long',
    span,
    `'${text}' is longer than the ${longest} bytes that such a name has at most`,
  );

export const netmaskNeeded = (span: Span): Diagnostic =>
  error(
    'netmask-needed',
    span,
    "'ip broadcast' needs the netmask of the network, which is not known here",
    "'ether broadcast' needs none",
  );

export const notAnIndex = (span: Span, protocol: string): Diagnostic =>
  error('not-an-index', span, `'${protocol}' has no header that '[…]' could count from`);

/** A number with bits in it that do not belong to the field. */
export const notTheseBits = (
  span: Span,
  what: string,
  values: readonly string[],
  hint?: string,
): Diagnostic =>
  error(
    'out-of-range',
    span,
    `${what} is one of ${values.join(', ')}, as it stands in the frame`,
    hint,
  );

export const outOfRange = (span: Span, what: string, high: number): Diagnostic =>
  error('out-of-range', span, `${what} is a number from 0 to ${high}`);

export const qualifierMismatch = (
  span: Span,
  what: string,
  why: string,
  hint?: string,
): Diagnostic => error('qualifier-mismatch', span, `${what}: ${why}`, hint);

export const shiftTooFar = (span: Span): Diagnostic =>
  error('shift-too-far', span, 'a shift by more than 31 bits');

/**
 * A word of the language is a name only with a `\\` before it, and so the hint shows it.
 *
 * @param meant the known name that is nearest
 * @param known all names that there are, if they are few
 */
export const unknownName = (
  span: Span,
  kind: string,
  text: string,
  meant?: string,
  known: readonly string[] = [],
  hint?: string,
): Diagnostic =>
  error(
    'unknown-name',
    span,
    `'${text}' is not a known ${kind}`,
    meant !== undefined
      ? `did you mean '${reservedWords.has(meant) ? '\\' : ''}${meant}'?`
      : known.length > 0
        ? `known are ${known.join(', ')}`
        : hint,
  );

/* Warnings: what compiles, and means what few people mean. */

/** @param why what the side that is not constant can be at all */
export const decided = (span: Span, outcome: boolean, why: string, hint?: string): Diagnostic =>
  outcome
    ? warning('always-true', span, `this is true of every packet that it looks into: ${why}`, hint)
    : warning('never-true', span, `this can never be true: ${why}`, hint);

export const hostIsNetwork = (span: Span, text: string, network: string): Diagnostic =>
  warning(
    'host-is-network',
    span,
    `'${text}' is the whole network ${network} here`,
    `write 'net ${text}', or all four parts of one address`,
  );

/** @param before the direction, if there is one */
export const hostIsNumber = (
  span: Span,
  text: string,
  address: string,
  before: string,
): Diagnostic =>
  warning(
    'host-is-number',
    span,
    `'${text}' is the address ${address} here`,
    /^[0-9]/.test(text)
      ? `for a network write '${[before, 'net', text].join(' ').trim()}', for a port '${[before, 'port', text].join(' ').trim()}'`
      : undefined,
  );

/** @param network the one that is most likely meant */
export const netIsHost = (span: Span, text: string, network: string): Diagnostic =>
  warning(
    'net-is-host',
    span,
    `'${text}' is the one address ${text}/32 here, since it has four parts`,
    `write '${network}', or 'host ${text}' if the address is meant`,
  );

/**
 * @param numbers whether both have one
 * @param form how to ask for one of both, or for one in the other, where there is a way
 */
export const insideTheFirst = (
  span: Span,
  word: string,
  numbers: boolean,
  form: string | undefined,
): Diagnostic =>
  warning(
    'inside-the-first',
    span,
    `this '${word}' looks inside of the one before it, also where that is not there`,
    form === undefined
      ? `for one of both, ask for '${word}' once and for the number in the bytes behind`
      : numbers
        ? `for one of both write '${form}'`
        : `to look inside of both, put one into the other: '${form}'`,
  );

/** @param form the same bytes in IPv6, where there is a way */
export const ipv4Only = (span: Span, protocol: string, form: string | undefined): Diagnostic =>
  warning(
    'ipv4-only',
    span,
    `'${protocol}[…]' looks at IPv4 only, and is never true for IPv6`,
    form && `in IPv6, where no extension header is before it, write '${form}'`,
  );

/** @param taken how it is taken, with parentheses; @param other the other way */
export const leftToRight = (span: Span, taken?: string, other?: string): Diagnostic =>
  warning(
    'left-to-right',
    span,
    `'and' and 'or' bind alike, from left to right: the 'and' is of all that stands before it`,
    taken === undefined
      ? 'write parentheses'
      : `write '${taken}' if that is meant, else '${other}'`,
  );

/**
 * @param swapped the same tests the other way round, where that is short enough to tell
 * @param outside what finds this without looking inside, where it is an encapsulation too
 */
export const looksInside = (
  span: Span,
  word: string,
  swapped: string | undefined,
  outside?: string,
): Diagnostic =>
  warning(
    'looks-inside',
    span,
    `this looks inside of '${word}', also in frames that have none`,
    outside !== undefined
      ? `for frames that have it alone write '${outside}' before '${word}'`
      : swapped === undefined
        ? `what is about frames without it must stand before '${word}', as in 'ip or (${word} and ip)'`
        : `write '${swapped}': what stands before '${word}' looks at all frames alike`,
  );

/** @param protocols those that may have the ports; none where they are looked for already */
export const missesExtensionHeaders = (
  span: Span,
  protocols: readonly { readonly word: string; readonly number: number }[],
): Diagnostic =>
  warning(
    'misses-extension-headers',
    span,
    'ports are not found behind the extension headers of IPv6',
    protocols.length === 0
      ? "'protochain' finds their protocol alone: leave the ports out to see all of it"
      : protocols
          .map(
            ({ word, number }) =>
              `'ip6 protochain ${number}' finds ${word.toUpperCase()} behind them, of whatever port`,
          )
          .join('; '),
  );

/** An identifier that joins all before it, where it seems to be one of a list. */
export const listBehindAnd = (span: Span, taken?: string, other?: string): Diagnostic =>
  warning(
    'left-to-right',
    span,
    "this 'or' is of all that stands before it: the 'and' does not hold for what follows",
    taken === undefined || other === undefined
      ? 'write parentheses'
      : `write '${other}' for both, or '${taken}' if that is meant`,
  );
