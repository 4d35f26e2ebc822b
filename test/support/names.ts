import { readFileSync } from 'node:fs';
import { collectNames, type ResolvedNames } from '@hookdump/filter';
import { conformanceMissing, conformancePath } from './shared.ts';

/**
 * The names of libpcap's test suite, from the files that it wants in place of /etc/hosts,
 * /etc/ethers and /etc/networks. Names are found in either case, as the C library finds them.
 */
type Lines = readonly (readonly string[])[];

/** The fields of each line; none where the conformance data is absent. */
const read = (file: string): Lines =>
  conformanceMissing === undefined
    ? readFileSync(conformancePath(`names/${file}`), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(/\s+/))
    : [];

let files: { hosts: Lines; ethers: Lines; networks: Lines } | undefined;

/** What `compile` wants to know of the names in a filter; names that nobody knows are absent. */
export function resolveNames(text: string): ResolvedNames {
  files ??= { hosts: read('hosts'), ethers: read('ethers'), networks: read('networks') };
  const { hosts, ethers, networks } = files;
  const needed = collectNames(text);
  return {
    hosts: found(needed.hosts, (name) => {
      const addresses = hosts.filter((fields) => fields[1] === name).map((fields) => fields[0]!);
      if (addresses.length === 0) return undefined;
      return {
        ipv4: addresses.filter((each) => !each.includes(':')).map(ipv4Number),
        ipv6: addresses.filter((each) => each.includes(':')).map(ipv6Words),
      };
    }),
    networks: found(needed.networks, (name) => {
      const line = networks.find((fields) => fields[0] === name);
      // As glibc: 10.0.0.0 is the whole number, so that libpcap takes it for one address.
      return line && ipv4Number(line[1]!);
    }),
    ethers: found(needed.ethers, (name) => {
      const line = ethers.find((fields) => fields[1] === name);
      return line && line[0]!.split(':').map((byte) => Number.parseInt(byte, 16));
    }),
  };
}

function found<T>(
  names: readonly string[],
  lookUp: (lowerCase: string) => T | undefined,
): Map<string, T> {
  const known = names.map((name) => [name, lookUp(name.toLowerCase())] as const);
  return new Map(known.filter((each): each is [string, T] => each[1] !== undefined));
}

/** `10.20.30.40` as a 32-bit number. */
export const ipv4Number = (text: string): number =>
  text.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);

/** Four words, most significant first. */
function ipv6Words(text: string): number[] {
  const [head, tail] = text.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const groups = [
    ...head!,
    ...(tail === undefined ? [] : Array(8 - head!.length - tail.length).fill('0')),
    ...(tail ?? []),
  ].map((group) => Number.parseInt(group, 16));
  return [0, 2, 4, 6].map((at) => groups[at]! * 65536 + groups[at + 1]!);
}
