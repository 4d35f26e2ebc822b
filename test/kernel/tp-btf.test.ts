import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildObject, parseHook } from '@hookdump/codegen';
import { HOOK_STATS, RECORD, RECORD_SIZE } from '@hookdump/codegen/record';
import { compile, type Program } from '@hookdump/filter';
import { BpfObject, drain, records } from '@hookdump/loader';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';

/*
 * The device layer against tcpdump: on two devices of two namespaces of our own, both hooks together
 * deliver the frames that tcpdump writes, byte for byte.
 */
const skip = skips(
  'tp_btf capture',
  noKernel() ?? (process.getuid?.() === 0 ? undefined : 'not root'),
);

const [left, right] = ['l', 'r'].map((side) => `hd-codegen-${process.pid}-${side}`) as [
  string,
  string,
];
const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });
const inside = (netns: string, ...command: string[]): string =>
  ip('netns', 'exec', netns, ...command);

beforeAll(() => {
  if (skip) return;
  ip('netns', 'add', left);
  ip('netns', 'add', right);
  ip('link', 'add', 'v', 'netns', left, 'type', 'veth', 'peer', 'name', 'v', 'netns', right);
  [left, right].forEach((netns, index) => {
    ip('-n', netns, 'link', 'set', 'lo', 'up');
    ip('-n', netns, 'address', 'add', `10.77.0.${index + 1}/24`, 'dev', 'v');
    ip('-n', netns, 'address', 'add', `fd77::${index + 1}/64`, 'dev', 'v', 'nodad');
    ip('-n', netns, 'link', 'set', 'v', 'up');
    // A neighbour that was just used is probed 5 s later: between our capture's end and tcpdump's.
    for (const family of ['ipv4', 'ipv6']) {
      const setting = `/proc/sys/net/${family}/neigh/v/delay_first_probe_time`;
      inside(netns, 'sh', '-c', `echo 600 > ${setting}`);
    }
  });
});

afterAll(() => {
  if (skip) return;
  for (const netns of [left, right]) ip('netns', 'delete', netns);
});

interface Frame {
  readonly netns: number;
  readonly hook: number;
  readonly packetType: number;
  readonly ifname: string;
  readonly length: number;
  readonly bytes: Buffer;
}

function readRecord(data: Uint8Array): Frame {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const captured = view.getUint32(RECORD.captured.offset, true);
  const { offset, size } = RECORD.ifname;
  return {
    netns: view.getUint32(RECORD.netns.offset, true),
    hook: view.getUint16(RECORD.hook.offset, true),
    packetType: view.getUint8(RECORD.packetType.offset),
    ifname: Buffer.from(data.slice(offset, offset + size))
      .toString()
      .replace(/\0.*/, ''),
    length: view.getUint32(RECORD.length.offset, true),
    bytes: Buffer.from(data.slice(RECORD_SIZE, RECORD_SIZE + captured)),
  };
}

function stats(object: BpfObject, hook: number): Record<keyof typeof HOOK_STATS, number> {
  const values = object.map('stats').lookupPerCpu(Uint8Array.of(hook, 0, 0, 0));
  const sum = (offset: number): number =>
    values.reduce(
      (total, each) =>
        total + Number(new DataView(each.buffer, each.byteOffset).getBigUint64(offset, true)),
      0,
    );
  return Object.fromEntries(
    Object.entries(HOOK_STATS).map(([name, { offset }]) => [name, sum(offset)]),
  ) as Record<keyof typeof HOOK_STATS, number>;
}

function u32(...numbers: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

const inode = (netns: string): number => statSync(`/run/netns/${netns}`).ino;

interface Capture {
  readonly frames: readonly Frame[];
  readonly seen: readonly Record<keyof typeof HOOK_STATS, number>[];
}

async function capture(
  filter: string,
  snaplen: number,
  traffic: () => Promise<void>,
): Promise<Capture> {
  const program = (linkType: string): Program => {
    const compiled = compile(filter, { linkType });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
    return compiled.program;
  };
  const hooks = ['tp_btf:netif_receive_skb', 'tp_btf:net_dev_queue'].map((spec) => {
    const parsed = parseHook(spec);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.hook;
  });
  const programs = { EN10MB: program('EN10MB'), RAW: program('RAW') };
  const built = await buildObject({ filter, hooks, programs });
  const object = BpfObject.open(built.bytes, { name: 'codegen_test' });
  try {
    const targets = new Uint8Array(128);
    targets.set(u32(inode(left), 0, inode(right), 0));
    object.setGlobal('targets', targets);
    object.setGlobal('target_count', u32(2));
    object.setGlobal('snaplen', u32(snaplen));
    object.load();
    const frames: Frame[] = [];
    const reader = drain(object.map('events'), {
      onBatch: (batch) => {
        for (const { data } of records(batch)) frames.push(readRecord(data));
      },
    });
    for (const name of object.programs) object.program(name).attach();
    await traffic();
    await reader.flush();
    return { frames, seen: [stats(object, 0), stats(object, 1)] };
  } finally {
    object.close();
  }
}

/** Runs tcpdump in both namespaces meanwhile; gives its frames by namespace. */
async function tcpdump(filter: string, traffic: () => Promise<void>): Promise<Buffer[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'hd-codegen-'));
  const files = [left, right].map((netns) => join(folder, netns));
  const dumps = await Promise.all(
    [left, right].map(async (netns, index) => {
      const options = ['-i', 'v', '-U', '-B', '32768', '-Z', 'root', '-w', files[index]!];
      const dump = spawn('ip', ['netns', 'exec', netns, 'tcpdump', ...options, filter]);
      const ended = once(dump, 'exit');
      await new Promise<void>((resolve) => {
        let said = '';
        dump.stderr.on('data', (text) => {
          said += text;
          if (said.includes('listening')) resolve();
        });
      });
      return { dump, ended };
    }),
  );
  await traffic();
  // tcpdump's ring hands packets over in blocks, after up to a second.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  for (const { dump } of dumps) dump.kill('SIGINT');
  await Promise.all(dumps.map(({ ended }) => ended));
  const frames = files.map((file) => readPcap(readFileSync(file)));
  rmSync(folder, { recursive: true });
  return frames;
}

/** The classic format, as tcpdump writes it on this machine. */
function readPcap(file: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8);
    frames.push(file.subarray(at + 16, at + 16 + length));
    at += 16 + length;
  }
  return frames;
}

const sorted = (frames: readonly Buffer[]): string[] =>
  frames.map((each) => each.toString('hex')).sort();

async function ping(): Promise<void> {
  // So that looking for neighbours is part of the traffic, and does not happen before or after.
  for (const netns of [left, right]) ip('-n', netns, 'neighbour', 'flush', 'dev', 'v');
  inside(left, 'ping', '-c3', '-i0.05', '10.77.0.2');
  inside(left, 'ping', '-c1', '-s3000', '10.77.0.2');
  inside(right, 'ping', '-c2', '-i0.05', 'fd77::1');
}

/** Segments of tens of kilobytes whose bytes are in pages. */
async function transfer(): Promise<void> {
  const listen = ['socat', '-u', 'TCP-LISTEN:7777', 'OPEN:/dev/null'];
  const listener = spawn('ip', ['netns', 'exec', right, ...listen], { stdio: 'ignore' });
  const ended = once(listener, 'exit');
  const send =
    'head -c 2000000 /dev/urandom | socat -u -b 200000 STDIN TCP:10.77.0.2:7777,retry=20,interval=0.1';
  inside(left, 'sh', '-c', send);
  await ended;
}

test.skipIf(skip).each([
  ['icmp', ping],
  ['ip6 net fd77::/64 or arp', ping],
  ['net 10.77.0.0/24 and not ip[8] < 2', ping],
  ['tcp port 7777 and tcp[tcpflags] & 2 = 0', transfer],
])('%s: the frames are those of tcpdump', async (filter, traffic) => {
  let ours: Capture | undefined;
  const theirs = await tcpdump(filter, async () => {
    ours = await capture(filter, 262144, traffic);
  });
  const { frames, seen } = ours!;
  [left, right].forEach((netns, index) => {
    const here = frames.filter((frame) => frame.netns === inode(netns));
    expect(here.length).toBeGreaterThan(0);
    expect(here.every(({ ifname }) => ifname === 'v')).toBe(true);
    expect(here.every(({ bytes, length }) => bytes.length === Math.min(length, 0xffff - 128))).toBe(
      true,
    );
    const cut = theirs[index]!.map((bytes) => bytes.subarray(0, 0xffff - 128));
    expect(sorted(here.map(({ bytes }) => bytes))).toEqual(sorted(cut));
  });
  expect(frames.every(({ hook, packetType }) => (hook === 1) === (packetType === 4))).toBe(true);
  for (const each of seen) {
    expect(each).toMatchObject({ lost: 0, failed: 0, undecided: 0, unsupported: 0 });
    expect(each.matched).toBeLessThanOrEqual(each.seen);
  }
  expect(frames.length).toBe(seen[0]!.matched + seen[1]!.matched);
});

test.skipIf(skip).each([1, 13, 14, 15, 60])('snaplen %i is kept to', async (snaplen) => {
  const full = await capture('icmp', 262144, ping);
  const { frames } = await capture('icmp', snaplen, ping);
  expect(frames.length).toBe(full.frames.length);
  for (const { bytes, length } of frames) {
    expect(bytes.length).toBe(Math.min(snaplen, length));
    // An Ethernet address of these devices comes first, and is not a group's.
    expect(bytes[0]! & 1).toBe(0);
  }
});

test.skipIf(skip)('what lo sends is seen once, at receive', async () => {
  const { frames } = await capture('icmp', 262144, async () => {
    inside(left, 'ping', '-c1', '127.0.0.1');
  });
  expect(frames.map(({ hook, ifname }) => [hook, ifname])).toEqual([
    [0, 'lo'],
    [0, 'lo'],
  ]);
});
