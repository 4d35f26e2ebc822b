/**
 * Addresses with colons, scanned as libpcap's scanner.l does: of all forms that match at a place,
 * the longest. Each function looks at a bounded number of groups, so that no text takes longer
 * than its length.
 */

export interface AddressEnd {
  readonly kind: 'ipv6' | 'mac' | 'broken';
  readonly end: number;
}

const colon = 0x3a;
const macForm = /[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){5}/y;
/** What has colons as a hardware address has and is none: `1:2:3`. */
const brokenForm = /[0-9a-fA-F]{1,2}:+(?:[0-9a-fA-F]{1,2}:+)+/y;
const ipv4Form = /(?:0[xX][0-9a-fA-F]+|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]+|[0-9]+)){3}/y;

/** The address that begins at `start` with one to four hexadecimal digits and a colon, if any. */
export function scanColonAddress(text: string, start: number): AddressEnd | undefined {
  const mac = matchEnd(macForm, text, start);
  const ipv6 = scanIpv6(text, start);
  const broken = matchEnd(brokenForm, text, start);
  const end = Math.max(mac, ipv6, broken);
  if (end < 0) return undefined;
  return { kind: end === ipv6 ? 'ipv6' : end === mac ? 'mac' : 'broken', end };
}

/**
 * Where the longest IPv6 address ends that begins at `start`, -1 if none does: eight groups, or up
 * to seven and one `::`; four decimal numbers may stand for the last two groups.
 */
export function scanIpv6(text: string, start: number): number {
  let end = -1;
  let at = start;
  let groups = 0;
  let compressed = false;
  if (text.charCodeAt(at) === colon) {
    if (text.charCodeAt(at + 1) !== colon) return -1;
    compressed = true;
    at += 2;
    end = at;
  }
  for (;;) {
    if (compressed ? groups <= 5 : groups === 6) {
      end = Math.max(end, matchEnd(ipv4Form, text, at));
    }
    const groupEnd = hexGroupEnd(text, at);
    if (groupEnd === at) return end;
    at = groupEnd;
    groups++;
    if (compressed ? groups <= 7 : groups === 8) end = Math.max(end, at);
    if (groups === 8 || text.charCodeAt(at) !== colon) return end;
    at++;
    if (text.charCodeAt(at) === colon) {
      if (compressed) return end;
      compressed = true;
      at++;
      if (groups <= 7) end = Math.max(end, at);
    }
  }
}

function hexGroupEnd(text: string, start: number): number {
  let at = start;
  while (at < start + 4 && isHexDigit(text.charCodeAt(at))) at++;
  return at;
}

export function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}

function matchEnd(form: RegExp, text: string, start: number): number {
  form.lastIndex = start;
  return form.test(text) ? form.lastIndex : -1;
}
