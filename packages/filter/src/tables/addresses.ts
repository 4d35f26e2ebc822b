/** An IPv4 address, or the network that all addresses with these bits under the mask are in. */
export interface Masked {
  readonly address: number;
  readonly mask: number;
}

/**
 * IPv4 in dots, one to four decimal parts (a leading 0 does not mean octal here, as in libpcap).
 *
 * @returns the parts left-justified in 32 bits and the number of bits they cover; a text that says
 *   what is wrong where there is no such address
 */
export function parseIpv4(text: string): { address: number; bits: number } | string {
  const parts = text.split('.');
  let address = 0;
  for (const part of parts) {
    if (!/^[0-9]+$/.test(part)) return `'${part}' is not a decimal number`;
    const value = Number(part);
    if (value > 255) return `${part} is more than 255`;
    address = address * 256 + value;
  }
  const bits = parts.length * 8;
  return { address: (address * 2 ** (32 - bits)) >>> 0, bits };
}

/**
 * IPv6 as RFC 4291 §2.2 writes it.
 *
 * @returns four 32-bit words, most significant first, or a text that says what is wrong
 */
export function parseIpv6(text: string): number[] | string {
  const [head, tail, ...more] = text.split('::');
  if (more.length > 0) return "'::' stands in it twice";
  const left = groups(head!);
  const right = tail === undefined ? [] : groups(tail);
  if (typeof left === 'string') return left;
  if (typeof right === 'string') return right;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) {
    return `it has ${missing > 0 ? 'too few' : 'too many'} groups`;
  }
  const all = [...left, ...new Array<number>(missing).fill(0), ...right];
  return [0, 2, 4, 6].map((at) => all[at]! * 0x10000 + all[at + 1]!);
}

/** The 16-bit groups of one side of `::`, a dotted tail counting as two. */
function groups(side: string): number[] | string {
  if (side === '') return [];
  const result: number[] = [];
  for (const part of side.split(':')) {
    if (part.includes('.')) {
      const ipv4 = parseIpv4(part);
      if (typeof ipv4 === 'string') return ipv4;
      if (ipv4.bits !== 32) return `'${part}' has not four parts`;
      result.push(ipv4.address >>> 16, ipv4.address & 0xffff);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return `'${part}' is no group of four hex digits`;
      result.push(Number.parseInt(part, 16));
    }
  }
  return result;
}

/**
 * Six bytes in hexadecimal: with `:`, `-` or `.` between them, in three groups of four digits with
 * dots between, or as twelve digits. What the scanner takes for one is one.
 */
export function parseMac(text: string): number[] {
  const bytes = text.split(/[:.-]/);
  if (bytes.length !== 6) bytes.splice(0, bytes.length, ...bytes.join('').match(/../g)!);
  return bytes.map((byte) => Number.parseInt(byte, 16));
}

/** The 32-bit mask of a prefix length, 0 to 32. */
export function prefixMask(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

/** The four mask words of an IPv6 prefix length, 0 to 128. */
export function prefixMask6(length: number): number[] {
  return [0, 32, 64, 96].map((from) => prefixMask(Math.min(32, Math.max(0, length - from))));
}

/** A number that is a network: it moves to the left by whole bytes, so that 10 is 10.0.0.0/8. */
export function leftJustified(value: number): Masked {
  let bits = 32;
  let address = value;
  while (address !== 0 && address < 0x1000000) {
    address *= 256;
    bits -= 8;
  }
  return { address, mask: prefixMask(bits) };
}

/** The network that an address with a prefix length is in, as text; `undefined`: it is none. */
export function networkOf(text: string, prefix: number): string | undefined {
  if (text.includes(':')) {
    const words = parseIpv6(text);
    if (typeof words === 'string' || prefix > 128) return undefined;
    const mask = prefixMask6(prefix);
    return `${formatIpv6(words.map((word, at) => (word & mask[at]!) >>> 0))}/${prefix}`;
  }
  const parsed = parseIpv4(text);
  if (typeof parsed === 'string' || prefix > 32) return undefined;
  return `${formatIpv4((parsed.address & prefixMask(prefix)) >>> 0)}/${prefix}`;
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

/** Four words as RFC 5952 writes them: the longest run of two zero groups or more is `::`. */
export function formatIpv6(words: readonly number[]): string {
  const text = words
    .flatMap((word) => [word >>> 16, word & 0xffff])
    .map((group) => group.toString(16))
    .join(':');
  const runs = text.match(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  const at = text.search(new RegExp(`(?<![0-9a-f])${longest}(?![0-9a-f])`));
  const [before, after] = [text.slice(0, at), text.slice(at + longest.length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}
