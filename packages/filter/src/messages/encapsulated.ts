/**
 * Where the number of an outermost encapsulation stands, for hints: Ethernet's header is 14 bytes
 * long.
 *
 * @param linux is it for a live capture, where the kernel keeps the outer VLAN tag beside the frame
 *   (SKF_AD_VLAN_TAG)?
 */
export function numberInFrame(word: string, linux: boolean): string | undefined {
  switch (word) {
    case 'vlan':
      return `${linux ? 'ether[-4052:2]' : 'ether[14:2]'} & 0xfff`;
    case 'mpls':
      return 'ether[14:4] >> 12';
    case 'pppoes':
      return 'ether[16:2]';
    default:
      return undefined;
  }
}

/** A test of the header and of its number; a number is looked at before the header moves others. */
const withHeader = (word: string, test: string): string =>
  word === 'pppoes' ? `${test} and pppoes` : `${word} and ${test}`;

/** A filter for an encapsulation that has one of several numbers, where there is such a form. */
export function anyOf(
  word: string,
  numbers: readonly (number | string)[],
  linux: boolean,
): string | undefined {
  const field = numberInFrame(word, linux);
  if (field === undefined) return undefined;
  return withHeader(word, `(${numbers.map((number) => `${field} = ${number}`).join(' or ')})`);
}

/** The same for a comparison: `vlan > 5`. */
export function compared(
  word: string,
  sign: string,
  number: number | string,
  linux: boolean,
): string | undefined {
  const field = numberInFrame(word, linux);
  return field && withHeader(word, `${field} ${sign} ${number}`);
}

/** The same for a range: `vlan 5-10`. */
export function between(
  word: string,
  low: number | string,
  high: number | string,
  linux: boolean,
): string | undefined {
  const field = numberInFrame(word, linux);
  return field && withHeader(word, `(${field} >= ${low} and ${field} <= ${high})`);
}
