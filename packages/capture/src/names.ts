import { readFileSync } from 'node:fs';
import { collectNames, type ResolvedNames } from '@hookdump/filter';
import {
  parseEthers,
  parseNetworks,
  parseProtocols,
  parseServices,
  tableLines,
} from './name-tables.ts';

/** Where names are looked up. A file that is not there knows no names. */
export interface NameSources {
  /** A host's addresses in text, IPv4 and IPv6; rejects or gives none for one that is not known. */
  readonly lookUpHost: (name: string) => Promise<readonly string[]>;
  /** Paths of the tables. */
  readonly ethers: string;
  readonly networks: string;
  readonly protocols: string;
  readonly services: string;
}

/**
 * As libc has it for tcpdump: hosts through getaddrinfo(3), which reads /etc/hosts and asks DNS in
 * the order of nsswitch.conf(5), everything else in the tables in /etc.
 */
export const systemNames: NameSources = {
  lookUpHost: async (name) => {
    // Few filters have names of hosts, and the module takes its time to load.
    const { lookup } = await import('node:dns/promises');
    return (await lookup(name, { all: true })).map(({ address }) => address);
  },
  ethers: '/etc/ethers',
  networks: '/etc/networks',
  protocols: '/etc/protocols',
  services: '/etc/services',
};

/**
 * Looks up the names in a filter. Those that nobody knows are left out, and the filter then says so
 * at their place.
 */
export async function resolveNames(
  filter: string,
  sources: NameSources = systemNames,
): Promise<ResolvedNames> {
  const needed = collectNames(filter);
  const ethers = needed.ethers.length === 0 ? none : parseEthers(readTable(sources.ethers));
  const networks = needed.networks.length === 0 ? none : parseNetworks(readTable(sources.networks));
  return {
    hosts: await resolveHosts(needed.hosts, sources),
    ethers: pick(needed.ethers, (name) => ethers.get(name.toLowerCase())),
    networks: pick(needed.networks, (name) => networks.get(name.toLowerCase())),
    ports: needed.ports.length === 0 ? none : parseServices(readTable(sources.services)),
    protocols: needed.protocols.length === 0 ? none : parseProtocols(readTable(sources.protocols)),
  };
}

const none: ReadonlyMap<string, never> = new Map<string, never>();

/** What is known of some names, by name as it is written. */
function pick<T>(
  names: readonly string[],
  find: (name: string) => T | undefined,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const name of names) {
    const value = find(name);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** A table's lines; empty where there is no such file. */
function readTable(path: string): string[][] {
  try {
    return tableLines(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}

interface Addresses {
  readonly ipv4: readonly number[];
  readonly ipv6: readonly (readonly number[])[];
}

async function resolveHosts(
  names: readonly string[],
  { lookUpHost }: NameSources,
): Promise<ReadonlyMap<string, Addresses>> {
  const hosts = new Map<string, Addresses>();
  await Promise.all(
    names.map(async (name) => {
      const found = await lookUpHost(name).catch(() => []);
      if (found.length > 0) hosts.set(name, sortAddresses(found));
    }),
  );
  return hosts;
}

/** Each once and in order, so that the same filter is the same program whatever DNS says first. */
function sortAddresses(texts: readonly string[]): Addresses {
  const [ipv6, ipv4] = [true, false].map((wanted) => {
    return [...new Set(texts)].filter((text) => text.includes(':') === wanted);
  }) as [string[], string[]];
  return {
    ipv4: ipv4.map(ipv4Number).sort((a, b) => a - b),
    ipv6: ipv6.map(ipv6Words).sort(compareWords),
  };
}

const compareWords = (a: readonly number[], b: readonly number[]): number =>
  a.map((word, at) => word - b[at]!).find((difference) => difference !== 0) ?? 0;

const ipv4Number = (text: string): number =>
  text.split('.').reduce((number, part) => number * 256 + Number(part), 0);

/** Four words, most significant first; what getaddrinfo(3) gives, a zone among it. */
function ipv6Words(text: string): number[] {
  const [head = '', tail] = text.replace(/%.*/, '').split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
  return [0, 2, 4, 6].map((at) => all[at]! * 0x10000 + all[at + 1]!);
}

function groups(side: string): number[] {
  if (side === '') return [];
  return side.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const number = ipv4Number(part);
    return [number >>> 16, number & 0xffff];
  });
}
