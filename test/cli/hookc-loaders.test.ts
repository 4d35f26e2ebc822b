import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, run } from '@hookdump/filter';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { frameLines, frames } from '../support/frames.ts';
import { captureMissing, hookc, Lab, Running, sh } from '../support/lab.ts';

/**
 * The objects of hookc in the hands of others, as docs/hookc.md shows it: bpftool, `ip link`, `tc`, a
 * program with libbpf. Each attaches to a device of a namespace of our own, where our own frames come
 * in, and what is counted in the kernel is what the reference says of these frames.
 */

const missing = captureMissing();
const lacks = (...tools: string[]): string | undefined => {
  const absent = tools.find((tool) => {
    try {
      sh('which', tool);
      return false;
    } catch {
      return true;
    }
  });
  return missing ?? (absent === undefined ? undefined : `${absent} is not installed`);
};

/** Of these frames only, whatever else the devices send. */
const filter = 'ether src 02:00:00:00:00:02 and (udp or arp)';
const web = 'ether src 02:00:00:00:00:02 and tcp port 80';

function matching(text: string): readonly (readonly number[])[] {
  const compiled = compile(text, { linkType: 'EN10MB' });
  if (!compiled.ok) throw new Error(`${text} does not compile`);
  return frames.filter((frame) => run(compiled.program, Uint8Array.from(frame)) !== 0);
}

const folder = mkdtempSync(join(tmpdir(), 'hookdump-loaders-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const example = (name: string): string =>
  new URL(`../../docs/examples/bpf/${name}`, import.meta.url).pathname;

function build(name: string, ...args: string[]): string {
  // Nothing on standard error: no warning, and none of libbpf's later.
  sh(process.execPath, hookc, '--emit', 'object', '-o', at(name), ...args);
  return at(name);
}

let lab: Lab;
beforeAll(() => {
  if (missing === undefined) lab = new Lab('ld');
});
afterAll(() => lab?.close());
afterEach(() => {
  if (missing === undefined) sh('ip', '-n', lab.a.netns, 'link', 'set', 'lab0', 'xdp', 'off');
});

function sendFrames(): void {
  const script = new URL('../support/send-frames.py', import.meta.url).pathname;
  const args = ['netns', 'exec', lab.b.netns, 'python3', script, lab.b.device];
  execFileSync('ip', args, { input: frameLines(frames) });
}

interface BpfProgram {
  readonly id: number;
  readonly name: string;
}

function attachedXdp(): BpfProgram | undefined {
  const [link] = JSON.parse(sh('ip', '-n', lab.a.netns, '-j', 'link', 'show', 'lab0'));
  return link.xdp?.prog;
}

/** The 64-bit numbers of an entry of a program's map, summed over CPUs. */
function numbersOf({ id }: BpfProgram, map: string, index = 0): number[] {
  const program = JSON.parse(sh('bpftool', '-j', 'prog', 'show', 'id', String(id)));
  const found = (program.map_ids as number[]).find(
    (mapId) => JSON.parse(sh('bpftool', '-j', 'map', 'show', 'id', String(mapId))).name === map,
  );
  const entry = JSON.parse(sh('bpftool', '-j', 'map', 'dump', 'id', String(found)))[index];
  const values: { value: string[] }[] = entry.values ?? [{ value: entry.value }];
  const sums: number[] = [];
  for (const { value } of values) {
    const bytes = Buffer.from(value.map(Number));
    for (let word = 0; word < bytes.length / 8; word++) {
      sums[word] = (sums[word] ?? 0) + Number(bytes.readBigUInt64LE(word * 8));
    }
  }
  return sums;
}

/** `matched` of struct hook_stats. */
const matched = (program: BpfProgram, hook = 0): number => numbersOf(program, 'stats', hook)[1]!;

/** Runs what must have nothing to say: libbpf tells there what it does not know in an object. */
function quietly(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  expect([status, stderr], `${command} ${args.join(' ')}`).toEqual([0, '']);
}

/** Attaches a program of an object by bpftool, whose file system is of its own mount namespace. */
function attachByBpftool(object: string, program: string): void {
  const script = `mount -t bpf bpf /mnt && bpftool prog loadall ${object} /mnt/filter pinmaps /mnt/maps &&
    bpftool net attach xdp pinned /mnt/filter/${program} dev lab0 overwrite`;
  quietly('ip', 'netns', 'exec', lab.a.netns, 'unshare', '--mount', 'sh', '-c', script);
}

const noBpftool = lacks('bpftool', 'python3');

test('bpftool prog loadall, net attach', ({ skip }) => {
  skip(noBpftool !== undefined, noBpftool);
  const object = build('tool.bpf.o', '--hook', 'xdp', filter);
  attachByBpftool(object, 'hookdump_xdp');
  sendFrames();
  const program = attachedXdp()!;
  expect(matched(program)).toBe(matching(filter).length);
  // The kernel has the filter's lines.
  const dump = sh('bpftool', 'prog', 'dump', 'xlated', 'id', String(program.id));
  expect(dump).toMatch(/^; .*ether_type .*\n +\d+: /m);
});

test('several filters in one object, each in a program of its own', ({ skip }) => {
  skip(noBpftool !== undefined, noBpftool);
  const filters = ['--filter', `ours=${filter}`, '--filter', `web=${web}`];
  const object = build('several.bpf.o', '--hook', 'xdp', ...filters);
  for (const [name, text, hook] of [
    ['ours', filter, 0],
    ['web', web, 1],
  ] as const) {
    attachByBpftool(object, `hookdump_xdp_${name}`);
    sendFrames();
    expect(matched(attachedXdp()!, hook), name).toBe(matching(text).length);
  }
});

const noIp = lacks('bpftool', 'python3', 'ip');

test('ip link set xdp obj', ({ skip }) => {
  skip(noIp !== undefined, noIp);
  const object = build('ip.bpf.o', '--hook', 'xdp', filter);
  quietly('ip', '-n', lab.a.netns, 'link', 'set', 'lab0', 'xdp', 'obj', object, 'sec', 'xdp.frags');
  sendFrames();
  expect(matched(attachedXdp()!)).toBe(matching(filter).length);
});

test('an XDP program of somebody else drops what matches', ({ skip }) => {
  skip(noIp !== undefined, noIp);
  const ours = ['--template', example('drop.bpf.c'), '--hook', 'xdp'];
  const attach = (object: string): void =>
    quietly('ip', '-n', lab.a.netns, 'link', 'set', 'lab0', 'xdp', 'obj', object, 'sec', 'xdp');
  attach(build('drop.bpf.o', ...ours, filter));
  sendFrames();
  expect(numbersOf(attachedXdp()!, 'dropped')).toEqual([matching(filter).length]);

  const ping = (): string => lab.run(lab.b, 'ping', '-c', '1', '-W', '1', lab.a.ipv4);
  expect(ping()).toContain('1 received');
  sh('ip', '-n', lab.a.netns, 'link', 'set', 'lab0', 'xdp', 'off');
  attach(build('ping.bpf.o', ...ours, 'icmp'));
  expect(ping).toThrow();
  sh('ip', '-n', lab.a.netns, 'link', 'set', 'lab0', 'xdp', 'off');
  expect(ping()).toContain('1 received');
});

/** Attaches docs/examples/bpf/mark.bpf.c with two filters, and gives the program's number. */
function attachMark(way: 'ingress' | 'egress', filters: { web: string; dns: string }): number {
  const named = Object.entries(filters).flatMap(([name, text]) => ['--filter', `${name}=${text}`]);
  const template = ['--template', example('mark.bpf.c'), '--hook', `tc:${way}`];
  const object = build(`mark-${way}.bpf.o`, ...template, ...named);
  const tc = ['-n', lab.a.netns];
  sh('tc', ...tc, 'qdisc', 'replace', 'dev', 'lab0', 'clsact');
  const program = ['bpf', 'direct-action', 'obj', object, 'sec', 'tc'];
  quietly('tc', ...tc, 'filter', 'add', 'dev', 'lab0', way, ...program);
  const shown = JSON.parse(sh('tc', ...tc, '-j', 'filter', 'show', 'dev', 'lab0', way));
  return shown.find(({ options }: { options?: object }) => options !== undefined).options.prog.id;
}

/** The mark that a tc program leaves, run on a frame. */
function markOf(program: number, frame: readonly number[]): number {
  writeFileSync(at('frame'), Uint8Array.from(frame));
  writeFileSync(at('context'), new Uint8Array(192));
  const inputs = ['data_in', at('frame'), 'ctx_in', at('context')];
  sh('bpftool', 'prog', 'run', 'id', String(program), ...inputs, 'ctx_out', at('out'));
  // include/uapi/linux/bpf.h: struct __sk_buff
  return readFileSync(at('out')).readUInt32LE(8);
}

const noTc = lacks('bpftool', 'tc');

test('a tc program of somebody else marks what matches', ({ skip }) => {
  skip(noTc !== undefined, noTc);
  const filters = { web: 'tcp port 80 or 443', dns: 'port 53' };
  const id = attachMark('ingress', filters);
  const [isWeb, isDns] = Object.values(filters).map((text) => new Set(matching(text)));
  const sample = frames.filter((_, index) => index % 3 === 0 || index < 4);
  const expected = sample.map((frame) => (isWeb!.has(frame) ? 1 : isDns!.has(frame) ? 2 : 0));
  expect(sample.map((frame) => markOf(id, frame))).toEqual(expected);
  expect(new Set(expected)).toEqual(new Set([0, 1, 2]));
});

test('a tc program of somebody else knows the direction', ({ skip }) => {
  skip(noTc !== undefined, noTc);
  const filters = { web: 'outbound', dns: 'inbound' };
  const marks = (['ingress', 'egress'] as const).map((way) =>
    markOf(attachMark(way, filters), frames[0]!),
  );
  expect(marks).toEqual([2, 1]);
});

const noLibbpf = ((): string | undefined => {
  try {
    execFileSync('cc', ['-E', '-include', 'bpf/libbpf.h', '-x', 'c', '/dev/null'], {
      stdio: 'ignore',
    });
    return lacks('python3');
  } catch {
    return missing ?? 'no C compiler with <bpf/libbpf.h> (libbpf-dev)';
  }
})();

test('a program with libbpf', async ({ skip }) => {
  skip(noLibbpf !== undefined, noLibbpf);
  const flags = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter'];
  sh('cc', ...flags, example('watch.c'), '-o', at('watch'), '-lbpf');
  const object = build('watch.bpf.o', '--hook', 'xdp', filter);
  const watch = new Running('ip', ['netns', 'exec', lab.a.netns, at('watch'), object, 'lab0']);
  await watch.until(() => attachedXdp() !== undefined, 'attach');
  sendFrames();
  const lengths = matching(filter).map((frame) => frame.length);
  await watch.until(() => watch.stdout.split('\n').length > lengths.length, 'print');
  await watch.stop('SIGTERM');
  const said = watch.stdout.trimEnd().split('\n');
  const [{ ifindex }] = JSON.parse(sh('ip', '-n', lab.a.netns, '-j', 'link', 'show', 'lab0'));
  expect(said).toEqual(lengths.map((length) => `${length} bytes on interface ${ifindex}`));
  expect(watch.stderr).toBe('');
  expect(attachedXdp()).toBeUndefined();
});
