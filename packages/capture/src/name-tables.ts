/**
 * The files in /etc in which the C library looks names up, read as it reads them: blanks between
 * fields, `#` before a comment, the first line that has a name wins. Lines that make no sense are
 * passed over.
 */

/** A file's lines in fields, without comments and empty lines. */
export function tableLines(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([first]) => first !== '');
}

/** services(5): `name port/protocol aliases…`; of the protocols, TCP and UDP. */
export function parseServices(
  lines: readonly string[][],
): Map<string, { tcp?: number; udp?: number }> {
  const ports = new Map<string, { tcp?: number; udp?: number }>();
  for (const [name, where = '', ...aliases] of lines) {
    const [port = '', protocol] = where.split('/');
    if ((protocol !== 'tcp' && protocol !== 'udp') || !isDecimal(port, 0xffff)) continue;
    for (const each of [name!, ...aliases]) {
      const known = ports.get(each) ?? {};
      if (known[protocol] === undefined) ports.set(each, { ...known, [protocol]: Number(port) });
    }
  }
  return ports;
}

/** protocols(5): `name number aliases…` */
export function parseProtocols(lines: readonly string[][]): Map<string, number> {
  const protocols = new Map<string, number>();
  for (const [name, number = '', ...aliases] of lines) {
    if (!isDecimal(number, 0xff)) continue;
    for (const each of [name!, ...aliases]) {
      if (!protocols.has(each)) protocols.set(each, Number(number));
    }
  }
  return protocols;
}

/**
 * networks(5): `name number aliases…`, by name in lower case. Zeros at the number's end need not be
 * written; glibc puts them there, so that loopback is 127.0.0.0 as an address of 32 bits, and not
 * the 127 that other systems would say.
 */
export function parseNetworks(lines: readonly string[][]): Map<string, number> {
  const networks = new Map<string, number>();
  for (const [name, address = '', ...aliases] of lines) {
    const number = networkNumber(address);
    if (number === undefined) continue;
    for (const each of [name!, ...aliases]) {
      const key = each.toLowerCase();
      if (!networks.has(key)) networks.set(key, number);
    }
  }
  return networks;
}

/** inet_network(3): up to four parts, each decimal, octal after `0` or hexadecimal after `0x`. */
function networkNumber(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length > 4 || !parts.every((part) => /^(0x[0-9a-f]+|[0-9]+)$/i.test(part))) {
    return undefined;
  }
  const bytes = parts.map((part) => {
    if (/^0x/i.test(part)) return Number.parseInt(part, 16);
    return Number.parseInt(part, part.startsWith('0') ? 8 : 10);
  });
  if (!bytes.every((byte) => byte <= 0xff)) return undefined;
  return [0, 1, 2, 3].reduce((number, at) => number * 256 + (bytes[at] ?? 0), 0);
}

/** ethers(5): `x:x:x:x:x:x name`, six bytes in hexadecimal; by name in lower case. */
export function parseEthers(lines: readonly string[][]): Map<string, readonly number[]> {
  const ethers = new Map<string, readonly number[]>();
  for (const [address = '', name] of lines) {
    if (name === undefined || !/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(address)) continue;
    const key = name.toLowerCase();
    const bytes = address.split(':').map((byte) => Number.parseInt(byte, 16));
    if (!ethers.has(key)) ethers.set(key, bytes);
  }
  return ethers;
}

const isDecimal = (text: string, largest: number): boolean =>
  /^[0-9]+$/.test(text) && Number(text) <= largest;
