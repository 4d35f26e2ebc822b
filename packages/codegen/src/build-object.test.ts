import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildObject, type Hook, type LinkType, parseHook, renderSource } from './index.ts';
import { noClang, noKernel, skips } from './testing/harness.ts';
import { filterProgram } from './testing/programs.ts';

function hook(spec: string): Hook {
  const parsed = parseHook(spec);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.hook;
}

const device = [hook('tp_btf:netif_receive_skb'), hook('tp_btf:net_dev_queue')];
const programs = (filter: string, ...links: LinkType[]) =>
  Object.fromEntries(links.map((link) => [link, filterProgram(filter, link)]));
const both = { filter: 'icmp', hooks: device, programs: programs('icmp', 'EN10MB', 'RAW') };
const one = { filter: 'icmp', hooks: [hook('xdp:eth0')], programs: programs('icmp', 'EN10MB') };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hd-codegen-build-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  vi.stubEnv('HOOKDUMP_CACHE', undefined);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('the source stands alone and says what it is', () => {
  const source = renderSource(both);
  expect(source).not.toMatch(/#include|#pragma once|\/\/@/);
  expect(
    source.startsWith('// SPDX-License-Identifier: MIT OR GPL-2.0-only\n/*\n * Filter:    icmp\n'),
  ).toBe(true);
  expect(source).toContain(' * Hooks:     tp_btf:netif_receive_skb, tp_btf:net_dev_queue\n');
  expect(source).toContain(' * Link type: EN10MB, RAW\n');
  expect(source).toMatch(
    / \* {3}clang -target bpf(?:el|eb) .* -c filter\.bpf\.c -o filter\.bpf\.o\n/,
  );
  expect(source.match(/struct record \{/g)).toHaveLength(1);
});

test('hooks that are not wanted are not there, and are numbered as listed', () => {
  const source = renderSource({ ...both, hooks: [device[1]!] });
  expect(source).not.toContain('SEC("tp_btf/netif_receive_skb")');
  expect(source).toContain('enum { HOOK_net_dev_queue, HOOK_COUNT };');
  const turned = renderSource({ ...both, hooks: [device[1]!, device[0]!] });
  expect(turned).toContain('enum { HOOK_net_dev_queue, HOOK_netif_receive_skb, HOOK_COUNT };');
});

test('hooks that cannot stand together are refused', () => {
  expect(() => renderSource({ ...both, hooks: [] })).toThrow('needs a hook');
  expect(() => renderSource({ ...both, hooks: [...device, hook('xdp:a')] })).toThrow(
    'several kinds',
  );
  expect(() => renderSource({ ...both, hooks: [device[0]!, device[0]!] })).toThrow('once');
  expect(() => renderSource({ ...both, hooks: [hook('xdp')] })).toThrow('one link type');
});

const skip = skips('objects', noClang());

test.skipIf(skip)('the same bytes each time, wherever it is built', async () => {
  const first = await buildObject({ ...both, cache: false });
  const before = process.cwd();
  const elsewhere = mkdtempSync(join(folder, 'tmp-'));
  vi.stubEnv('TMPDIR', elsewhere);
  vi.stubEnv('CPATH', elsewhere);
  process.chdir(elsewhere);
  const second = await buildObject({ ...both, cache: false });
  process.chdir(before);
  expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
  expect(second.source).toBe(first.source);
  expect(Buffer.from(first.bytes).includes(tmpdir())).toBe(false);
  expect(first.clang).toMatch(/clang version \d/);
});

test.skipIf(skip)('objects are small, with BTF and the filter, without DWARF', async () => {
  for (const [options, kibibytes] of [
    [one, 8],
    [both, 16],
  ] as const) {
    const { bytes } = await buildObject({ ...options, cache: false });
    expect(bytes.length).toBeLessThanOrEqual(kibibytes * 1024);
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).toContain('.BTF.ext');
    expect(text).toMatch(/ether_type|ip_protocol/);
    expect(text).not.toContain('return bpf_map_lookup_elem(&stats, &hook);');
    // DWARF names the compiler; BTF does not, and our own section does once.
    expect(text.match(/clang version/g)).toHaveLength(1);
  }
});

test.skipIf(skip)('lines of the template are there for those who ask', async () => {
  vi.stubEnv('HOOKDUMP_LINES', 'all');
  const { bytes } = await buildObject(one);
  vi.stubEnv('HOOKDUMP_LINES', undefined);
  expect(Buffer.from(bytes).toString('latin1')).toContain('counted->seen++;');
});

test.skipIf(skip)('what was built is found again, unless that is not wanted', async () => {
  const options = { ...one, filter: 'icmp ' };
  const built = await buildObject(options);
  const again = await buildObject(options);
  expect([built.cached, again.cached]).toEqual([false, true]);
  expect(Buffer.compare(built.bytes, again.bytes)).toBe(0);
  expect(again.clang).toBe(built.clang);
  expect((await buildObject({ ...options, cache: false })).cached).toBe(false);
  expect((await buildObject({ ...options, filter: 'icmp  or icmp' })).cached).toBe(false);
});

test.skipIf(skip)('the command in the comment builds the file', async () => {
  const source = renderSource(both);
  writeFileSync(join(folder, 'filter.bpf.c'), source);
  const command = /^ \* {3}(clang .*)$/m.exec(source)![1]!;
  execFileSync('sh', ['-c', command], { cwd: folder });
  expect(readdirSync(folder)).toContain('filter.bpf.o');
});

test.skipIf(skips('bpftool takes the objects', noKernel())).each([
  ['tp_btf', both, ['net_dev_queue', 'netif_receive_skb']],
  ['xdp', one, ['hookdump_xdp']],
])('bpftool loads %s as it is', async (name, options, expected) => {
  const { bytes } = await buildObject({ ...options, cache: false });
  const object = join(folder, `${name}.o`);
  writeFileSync(object, bytes);
  // A mount namespace of its own, for the file system that bpftool pins to.
  const script = `mount -t bpf bpf /mnt && bpftool prog loadall ${object} /mnt/p && ls /mnt/p`;
  const listed = execFileSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
  expect(listed.trim().split('\n')).toEqual(expected);
});

test.skipIf(skips('record layout', noClang()))('record-layout.ts is what record.h says', () => {
  const script = new URL('../../../tools/gen-record.mjs', import.meta.url).pathname;
  execFileSync(process.execPath, [script, '--check']);
});
