import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { makeNetns, type TestNetns } from '../test-support/netns.ts';
import { EnvironmentError } from './errors.ts';
import { listInterfaces } from './netns.ts';

/** What ip(8) tells of a namespace. */
function ipLink(...where: string[]): { index: number; name: string; mtu: number; up: boolean }[] {
  const json = execFileSync('ip', [...where, '-j', 'link'], { encoding: 'utf8' });
  type Link = { ifindex: number; ifname: string; mtu: number; flags: string[] };
  return (JSON.parse(json) as Link[]).map(({ ifindex, ifname, mtu, flags }) => {
    return { index: ifindex, name: ifname, mtu, up: flags.includes('UP') };
  });
}

function ours(netns?: string): ReturnType<typeof ipLink> {
  return listInterfaces(netns).map(({ index, name, mtu, flags }) => {
    return { index, name, mtu, up: (flags & 1) === 1 };
  });
}

describeBpf('interfaces', () => {
  let netns: TestNetns;
  beforeAll(() => {
    netns = makeNetns();
  });
  afterAll(() => netns.delete());

  test('are those that ip sees, here and in another namespace, and this thread stays here', () => {
    const here = readlinkSync('/proc/thread-self/ns/net');
    netns.run('ip link add nolink type veth peer name nolink2'); // down, and without an address
    const there = ipLink('-n', netns.path.split('/').at(-1)!);
    expect(ours(netns.path)).toEqual(there);
    expect(there.map(({ name }) => name)).toEqual(expect.arrayContaining(['lo', 'out', 'nolink']));
    expect(ours()).toEqual(ipLink());
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(here);
  });

  test('have their ARPHRD type', () => {
    const types = new Map(listInterfaces(netns.path).map(({ name, type }) => [name, type]));
    expect(types.get('lo')).toBe(772);
    expect(types.get('out')).toBe(1);
  });

  test('of no namespace are refused', () => {
    expect(() => listInterfaces('/run/netns/hdloader-none')).toThrow(EnvironmentError);
    expect(() => listInterfaces('/proc/self/ns/uts')).toThrow(/EINVAL/);
  });
});
