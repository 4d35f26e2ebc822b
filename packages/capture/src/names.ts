import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { collectNames, type ResolvedNames } from '@hookdump/filter';

type Addresses = { ipv4: number[]; ipv6: number[][] };

/**
 * Looks up the names in a filter as libc does for tcpdump: hosts through the resolver (/etc/hosts,
 * DNS), ports in services(5), networks in networks(5). What is not found is left out, and the
 * filter then says so at its place.
 */
export async function resolveNames(filter: string): Promise<ResolvedNames> {
  const needed = collectNames(filter);
  const hosts = new Map<string, Addresses>();
  await Promise.all(
    needed.hosts.map(async (name) => {
      const found = await lookup(name, { all: true }).catch(() => []);
      if (found.length > 0) hosts.set(name, addresses(found.map(({ address }) => address)));
    }),
  );
  return {
    hosts,
    ports: needed.ports.length > 0 ? parseServices(readTable('/etc/services')) : new Map(),
    networks: needed.networks.length > 0 ? parseNetworks(readTable('/etc/networks')) : new Map(),
  };
}

function addresses(texts: readonly string[]): Addresses {
  const ipv4 = texts.filter((text) => !isIPv6(text)).map(ipv4Number);
  const ipv6 = texts.filter((text) => isIPv6(text)).map(ipv6Words);
  return { ipv4: [...new Set(ipv4)].sort((a, b) => a - b), ipv6 };
}

const ipv4Number = (text: string): number =>
  text.split('.').reduce((number, part) => number * 256 + Number(part), 0);

function ipv6Words(text: string): number[] {
  const [head = '', tail] = text.replace(/%.*/, '').split('::');
  const groups = (side: string): number[] =>
    side === ''
      ? []
      : side.split(':').flatMap((part) => {
          if (!part.includes('.')) return [Number.parseInt(part, 16)];
          const number = ipv4Number(part);
          return [number >>> 16, number & 0xffff];
        });
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
  return [0, 2, 4, 6].map((at) => all[at]! * 0x10000 + all[at + 1]!);
}

/** A table's lines in words, without comments; empty where there is no such file. */
function readTable(path: string): string[][] {
  try {
    return tableLines(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}

/** The format that services(5) and networks(5) share. */
export function tableLines(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([name]) => name !== '');
}

/** `name port/protocol aliases…` */
export function parseServices(
  lines: readonly string[][],
): Map<string, { tcp?: number; udp?: number }> {
  const ports = new Map<string, { tcp?: number; udp?: number }>();
  for (const [name, where = '', ...aliases] of lines) {
    const [port, protocol] = where.split('/');
    if (protocol !== 'tcp' && protocol !== 'udp') continue;
    for (const each of [name!, ...aliases]) {
      const known = ports.get(each) ?? {};
      if (known[protocol] === undefined) ports.set(each, { ...known, [protocol]: Number(port) });
    }
  }
  return ports;
}

/** `name number aliases…`; the number's trailing zero bytes are not written: 10.0.0.0 is 10. */
export function parseNetworks(lines: readonly string[][]): Map<string, number> {
  const networks = new Map<string, number>();
  for (const [name, address = '', ...aliases] of lines) {
    let number = ipv4Number(address);
    while (number !== 0 && number % 256 === 0) number /= 256;
    for (const each of [name!, ...aliases]) networks.set(each, number);
  }
  return networks;
}
