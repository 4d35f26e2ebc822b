import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { captureMissing, hookc, hookdump, run } from '../support/lab.ts';

/** What hookc and hookdump take of a filter beside its text, and what they say of it. */

/** What hookc prints of a filter that compiles without a word. */
async function compiled(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(hookc, args);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

test('-y takes link types as tcpdump does', async () => {
  const raw = await compiled('-y', 'RAW', '-ddd', 'icmp');
  for (const name of ['raw', 'DLT_RAW', 'dlt_Raw']) {
    expect(await compiled('-y', name, '-ddd', 'icmp')).toBe(raw);
  }
  expect(await compiled('-y', 'linux_sll2', 'ifindex 2')).toContain('#0x2');
});

test('-L lists the link types', async () => {
  const lines = (await compiled('-L')).trimEnd().split('\n');
  expect(lines[0]).toMatch(/-y/);
  expect(lines.length).toBe(1 + 169);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}EN10MB \(.*Ethernet.*\)$/));
  expect(await compiled('--list-data-link-types')).toBe(`${lines.join('\n')}\n`);
});

/** SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT and SKF_AD_PKTTYPE of <linux/filter.h>. */
const [tagPresent, packetType] = [48, 4].map((field) => String(0xfffff000 + field));

test('--linux asks the kernel, as a live capture does', async () => {
  expect(await compiled('-ddd', 'vlan 5')).not.toContain(tagPresent);
  expect(await compiled('--linux', '-ddd', 'vlan 5')).toContain(tagPresent);
  expect(await compiled('--linux', '-ddd', 'inbound')).toContain(packetType);
  const saved = await run(hookc, ['inbound']);
  expect([saved.status, saved.stdout]).toEqual([1, '']);
  expect(saved.stderr).toMatch(/'inbound'|inbound/);
});

test('C and objects are for live captures in any case', async () => {
  expect(await compiled('--emit', 'c', 'vlan 5')).toContain('ancillary_vlan_tag_present(packet)');
  const xdp = await compiled('--emit', 'c', '--hook', 'xdp', 'inbound and ifindex 3');
  expect(xdp).toContain('ancillary_interface_index(packet)');
});

test('what raw IP cannot have is false there', async () => {
  const text = await compiled('--emit', 'c', 'ether host 1:2:3:4:5:6 or udp');
  expect(text).toMatch(/filter_raw\(/);
  const { status, stderr } = await run(hookc, [
    '-y',
    'RAW',
    '--emit',
    'c',
    'ether host 1:2:3:4:5:6',
  ]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^filter:1:\d+: error: .*RAW/);
});

test('-o may say by its name what is made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookdump-names-'));
  const made = async (name: string, ...args: string[]): Promise<Buffer> => {
    expect(await compiled('-o', join(folder, name), ...args, 'icmp')).toBe('');
    return readFileSync(join(folder, name));
  };
  try {
    expect((await made('x.bpf.o')).subarray(0, 4)).toEqual(Buffer.from('\x7fELF'));
    expect(String(await made('x.c', '--hook', 'xdp'))).toMatch(/^\/\/ SPDX/);
    expect(String(await made('x.s', '--hook', 'xdp'))).toMatch(/^\t\.text$/m);
    const text = await compiled('icmp');
    expect(String(await made('x.txt'))).toBe(text);
    expect(String(await made('x.o', '-d'))).toBe(text);
    expect(String(await made('x.c', '--emit', 'cbpf'))).toBe(text);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('- is standard input and standard output', async () => {
  const piped = (input: string | Buffer, ...args: string[]): string =>
    execFileSync(process.execPath, [hookc, ...args], { input, encoding: 'utf8' });
  expect(piped('icmp # echo\n', '-F', '-', '-o', '-')).toBe(await compiled('icmp'));
  expect(piped('1\n6 0 0 5\n', '--from-classic', '-')).toContain('#5');
  const object = execFileSync(process.execPath, [hookc, '--emit', 'object', '--hook', 'xdp', 'ip']);
  expect(piped(object, 'inspect', '-')).toMatch(/^filter +ip$/m);
  expect(await compiled('inspect', '--help')).toBe(await compiled('--help'));
  const wrong = spawnSync(process.execPath, [hookc, '-F', '-'], { input: 'tcp prt 1' });
  expect(String(wrong.stderr)).toMatch(/^standard input:1:5: error: /);
});

test('--netmask is for ip broadcast', async () => {
  const unknown = await run(hookc, ['ip broadcast']);
  expect(unknown.status).toBe(1);
  expect(unknown.stderr).toMatch(/netmask/);
  const masks = ['255.255.255.0', '/24', '24', '0xffffff00'];
  const programs = await Promise.all(
    masks.map((mask) => compiled('--netmask', mask, 'ip broadcast')),
  );
  expect(new Set(programs).size).toBe(1);
  expect(programs[0]).toContain('#0xff');
  const { status, stderr } = await run(hookc, ['--netmask', '255.255.256.0', 'ip broadcast']);
  expect(status).toBe(1);
  expect(stderr).toContain("not '255.255.256.0'");
});

test('hookdump knows no netmask of all devices', async () => {
  const { status, stdout, stderr } = await run(hookdump, ['-d', 'ip broadcast']);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^filter:1:1: error: .*netmask/);
});

test('--explain says what a filter means', async () => {
  const text = await compiled('--explain', 'tcp port 80 or 443 and not src net 10');
  for (const word of ['TCP', '80', '443', '10']) expect(text).toContain(word);
  const wrong = await run(hookc, ['--explain', 'tcp prot 80']);
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toContain("unknown word 'prot'");
});

describe('--from-classic', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookdump-classic-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('takes a program of tcpdump in every form', async () => {
    // `tcpdump -ddd -y EN10MB icmp`
    const icmp = '6\n40 0 0 12\n21 0 3 2048\n48 0 0 23\n21 0 1 1\n6 0 0 262144\n6 0 0 0\n';
    const path = file('icmp', icmp);
    expect(await compiled('--from-classic', path, '-ddd')).toBe(icmp);
    expect(await compiled('--from-classic', path, '--emit', 'ir')).toContain('b0');
    const text = await compiled('--from-classic', path, '--emit', 'c', '--hook', 'xdp');
    expect(text).toContain(`classic BPF of ${path}`);
    expect(text).toContain('0x0800');
    await compiled('--from-classic', path, '--emit', 'object', '-o', '/dev/null');
    expect(await compiled('--from-classic', path, '--emit', 'asm')).toContain('exit');
  });

  test('optimizes what is given, unless -O', async () => {
    // libpcap's own, with -O: it asks for the EtherType twice.
    const text = execFileSync('tcpdump', ['-O', '-ddd', '-y', 'EN10MB', 'tcp port 80 and ip'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const path = file('unoptimized', text);
    const length = async (...args: string[]): Promise<number> =>
      Number((await compiled('--from-classic', path, '-ddd', ...args)).split('\n')[0]);
    const own = Number((await compiled('-ddd', 'tcp port 80 and ip')).split('\n')[0]);
    expect(await length()).toBe(own);
    expect(await length('-O')).toBeGreaterThan(own);
    expect(Number(text.split('\n')[0])).toBeGreaterThan(own);
  });

  test('points to what is wrong', async () => {
    const path = file('wrong', '2\n40 0 0 12\n21 0 3 2048\n');
    const { status, stdout, stderr } = await run(hookc, ['--from-classic', path]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${path}:3:1: error: `);
    const ast = await run(hookc, ['--from-classic', file('ok', '1\n6 0 0 1\n'), '--emit', 'ast']);
    expect([ast.status, ast.stdout]).toEqual([1, '']);
    expect(ast.stderr).toContain('ir, cbpf, c, asm or object');
  });
});

/** Not what it looks like: the second `vlan` looks behind the tag of the first. */
const odd = 'vlan 2 or vlan 3';

test('warnings point into the filter and change nothing else', async () => {
  for (const args of [[], ['--emit', 'c'], ['--emit', 'object', '-o', '/dev/null']]) {
    const { status, stdout, stderr } = await run(hookc, [...args, odd]);
    expect(status, stderr).toBe(0);
    expect(stderr.match(/warning: /g)?.length, args.join(' ')).toBe(1);
    expect(stderr).toMatch(/^filter:1:\d+: warning: .*\n {2}vlan 2 or vlan 3\n {2} *\^~*\n/);
    expect(stdout === '').toBe(args.includes('object'));
  }
});

test.each([
  ['tc:eth0/ingress', 'tcp and ifname eth0', '1:9: warning: this can never be true: nobody tells'],
  ['xdp', 'on eth0 or outbound', '1:1: warning: this can never be true: nobody tells'],
  ['xdp', 'ip and not outbound', '1:12: warning: this can never be true: XDP sees what comes in'],
  [
    'tc:egress',
    '(ip and (inbound or arp))',
    '1:10: warning: this can never be true: tc:egress sees',
  ],
  ['uprobe:/opt/vpn/emit', 'inbound', '1:1: warning: this is true of every packet: a buffer of'],
  ['uprobe:/opt/vpn/emit', 'ifindex 2', '1:1: warning: this can never be true: a buffer of'],
  [
    'tc',
    'outbound or ifindex 2',
    '1:1: warning: this can never be true: tc:ingress sees what comes',
  ],
  ['tp_btf:netif_receive_skb', 'ifname eth0 and inbound', undefined],
  ['xdp', 'inbound and ifindex 2', undefined],
])('at %s, %s asks for what nobody knows there', async (hook, filter, says) => {
  const { status, stderr } = await run(hookc, ['--hook', hook, '--emit', 'c', filter]);
  expect(status).toBe(0);
  expect(stderr.match(/warning: /g)?.length).toBe(says === undefined ? undefined : 1);
  expect(stderr).toContain(says === undefined ? '' : `filter:${says}`);
});

test('hookdump says a warning once and captures', async ({ skip }) => {
  const missing = captureMissing();
  skip(missing !== undefined, missing);
  const { status, stderr } = await run(hookdump, ['-d', odd]);
  expect(status).toBe(0);
  expect(stderr.match(/warning: /g)?.length).toBe(1);
});
