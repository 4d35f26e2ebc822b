import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { captureMissing, hookc, hookdump, run, runCommand, sh } from '../support/lab.ts';
import { type Case, hookcMistakes } from './hookc-mistakes.ts';

/** Bad input and machines that lack something: one clear message, exit status 1 as tcpdump's. */
const folder = mkdtempSync(join(tmpdir(), 'hookdump-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cannotCapture = captureMissing();

/** A clang that builds what the verifier refuses: it writes behind the counters of the map. */
const careless = join(folder, 'careless-clang');
writeFileSync(
  careless,
  `#!/bin/sh
sed -i 's/counted->seen++;/counted[9].seen++;/' filter.bpf.c 2>/dev/null
exec clang "$@"
`,
  { mode: 0o755 },
);

/** A clang of which the object goes beyond a limit: what a filter would have to be large for. */
function largeClang(name: string, code: string): NodeJS.ProcessEnv {
  const path = join(folder, name);
  const edit = `s/counted->seen++;/counted->seen++; ${code}/`;
  const script = `#!/bin/sh\nsed -i '${edit}' filter.bpf.c 2>/dev/null\nexec clang "$@"\n`;
  writeFileSync(path, script, { mode: 0o755 });
  return { ...process.env, HOOKDUMP_CLANG: path };
}

const limits: Case[] = [
  {
    name: 'a program that the verifier does not come to an end with',
    env: largeClang('long-clang', 'for (__u64 i = 0; i < 2000000; i++) opaque(i);'),
    says: [
      "can't load the BPF program netif_receive_skb (tp_btf:netif_receive_skb): ",
      'walks through 1000000 instructions at most; make the filter shorter',
      '--verifier-log',
    ],
  },
  {
    name: 'a function that has more on the stack than there is',
    env: largeClang(
      'stack-clang',
      'volatile char room[600]; room[hook] = 1; room[1] = room[hook];',
    ),
    says: ['could not build the filter', '512 bytes of stack', 'make it shorter'],
  },
].map((each) => ({
  ...each,
  command: hookdump,
  args: ['-i', 'any', '-w', join(folder, 'limits.pcapng'), 'icmp'],
  needsRoot: true,
}));

const cases: Case[] = [
  ...limits,
  {
    name: 'an unknown word',
    command: hookc,
    args: ['tcp prot 80'],
    says: ["filter:1:5: error: unknown word 'prot'", '      ^~~~\n', "did you mean 'port'?"],
  },
  {
    name: 'an unknown word, before anything about the machine',
    command: hookdump,
    args: ['-i', 'nosuchdevice', 'tcp prot 80'],
    says: ["unknown word 'prot'"],
  },
  { name: 'a wrong port', command: hookc, args: ['port 65536'], says: ['from 0 to 65535'] },
  {
    name: 'an unknown link type',
    command: hookc,
    args: ['-y', 'TOKENRING', 'ip'],
    says: ["link type 'TOKENRING'"],
  },
  {
    name: 'an unknown link type for an object',
    command: hookc,
    args: ['-y', 'TOKENRING', '--emit', 'c', 'ip'],
    says: ["link type 'TOKENRING'"],
  },
  { name: 'an unknown form', command: hookc, args: ['--emit', 'wasm'], says: ['it takes ast, '] },
  ...hookcMistakes,
  {
    name: 'an unknown hook',
    command: hookc,
    args: ['--hook', 'xpd', '--emit', 'c'],
    says: ['xdp'],
  },
  {
    name: 'an unknown tracepoint',
    command: hookdump,
    args: ['--hook', 'tp_btf:net_dev_queu'],
    says: ["did you mean 'tp_btf:net_dev_queue'?"],
    needsRoot: true,
  },
  {
    name: 'an unknown option',
    command: hookdump,
    args: ['--nope'],
    says: ['unknown option --nope'],
  },
  { name: "tcpdump's -Q", command: hookdump, args: ['-Q', 'in'], says: ['-Q is not supported'] },
  { name: "tcpdump's -i", command: hookc, args: ['-i', 'lo'], says: ['hookdump captures'] },
  { name: 'no number', command: hookdump, args: ['-c', 'x'], says: ["not 'x'"] },
  { name: 'no filter file', command: hookc, args: ['-F', '/nonexistent'], says: ['no such file'] },
  {
    name: 'a filter given twice',
    command: hookc,
    args: ['-F', '/etc/hostname', 'icmp'],
    says: ['given twice'],
  },
  {
    name: 'an output file that cannot be made',
    command: hookc,
    args: ['-o', '/nonexistent/x', 'icmp'],
    says: ["/nonexistent/x can't be written: No such file or directory"],
  },
  {
    name: 'a full disk, compiling',
    command: hookc,
    args: ['-o', '/dev/full', 'icmp'],
    says: ["/dev/full can't be written: No space left on device"],
  },
  {
    name: 'a missing device',
    command: hookdump,
    args: ['-i', 'nosuchdevice', 'icmp'],
    says: ["no device 'nosuchdevice'", 'there are lo'],
    needsRoot: true,
  },
  {
    name: 'a missing device for XDP',
    command: hookdump,
    args: ['--hook', 'xdp:nosuchdevice', 'icmp'],
    says: ["no device 'nosuchdevice'"],
    needsRoot: true,
  },
  {
    name: 'a missing namespace',
    command: hookdump,
    args: ['--netns', 'nosuchnetns', 'icmp'],
    says: ["no network namespace 'nosuchnetns'"],
    needsRoot: true,
  },
  {
    name: 'a namespace of another kind',
    command: hookdump,
    args: ['--netns', '/proc/self/ns/mnt', 'icmp'],
    says: ['is not a network namespace'],
    needsRoot: true,
  },
  {
    name: 'a file that is no namespace',
    command: hookdump,
    args: ['--netns', '/etc/hostname', 'icmp'],
    says: ['is not a network namespace'],
    needsRoot: true,
  },
  {
    name: 'an unwritable file',
    command: hookdump,
    args: ['-i', 'lo', '-w', '/nonexistent/x', 'icmp'],
    says: ["/nonexistent/x can't be written: No such file or directory"],
    needsRoot: true,
  },
  {
    name: 'a full disk',
    command: hookdump,
    args: ['-i', 'lo', '-w', '/dev/full', 'icmp'],
    says: ["/dev/full can't be written: No space left on device"],
    needsRoot: true,
  },
  {
    name: 'a program that the verifier refuses',
    command: hookdump,
    args: ['-i', 'any', '-w', join(folder, 'refused.pcapng'), 'icmp'],
    says: ["can't load the BPF program", 'invalid access to map value', '--verifier-log'],
    needsRoot: true,
    env: { ...process.env, HOOKDUMP_CLANG: careless },
  },
  {
    name: 'a filter that can match nothing',
    command: hookdump,
    args: ['-i', 'lo', 'len < 5 and 1 = 2'],
    says: ['no packet can match'],
    needsRoot: true,
  },
];

describe('bad input', () => {
  for (const { name, command, args, says, needsRoot, env } of cases) {
    test(name, async ({ skip }) => {
      skip(needsRoot === true && cannotCapture !== undefined, cannotCapture);
      const { status, stdout, stderr } = await run(command, args, env);
      for (const text of says) expect(stderr).toContain(text);
      expect(stdout).toBe('');
      expect(status).toBe(1);
      // One message: no stack, no second complaint.
      expect(stderr).not.toMatch(/\n {4}at |this is a bug/);
    });
  }

  test('a full disk behind standard output', async () => {
    const script = `'${process.execPath}' '${hookc}' icmp > /dev/full`;
    const { status, stderr } = await runCommand('bash', ['-c', script]);
    expect(stderr).toContain("hookc: standard output can't be written");
    expect(status).toBe(1);
  });

  test('no root', async ({ skip }) => {
    skip(cannotCapture !== undefined, cannotCapture);
    const args = [
      '--bounding-set',
      '-all',
      '--inh-caps',
      '-all',
      process.execPath,
      hookdump,
      'icmp',
    ];
    const { status, stderr } = await runCommand('setpriv', args);
    expect(stderr).toContain('missing: CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN');
    expect(stderr).toContain('sudo');
    expect(status).toBe(1);
  });

  test('no clang', async () => {
    const args = ['--emit', 'object', '-o', join(folder, 'x.bpf.o'), 'icmp'];
    const env = { PATH: '/nonexistent', XDG_CACHE_HOME: folder };
    const { status, stderr } = await run(hookc, args, env);
    expect(stderr).toMatch(/clang/);
    expect(stderr).toMatch(/apt install clang/);
    expect(stderr).toContain('--emit c');
    expect(status).toBe(1);
  });

  test('no clang is needed for anything but the object', async () => {
    const { status, stdout } = await run(hookc, ['--emit', 'c', 'icmp'], { PATH: '/nonexistent' });
    expect([status, stdout.includes('SEC("tp_btf/netif_receive_skb")')]).toEqual([0, true]);
  });

  test('no tcpdump', async ({ skip }) => {
    skip(cannotCapture !== undefined, cannotCapture);
    const env = { PATH: '/nonexistent', HOOKDUMP_CLANG: sh('which', 'clang').trim() };
    const { status, stderr } = await run(hookdump, ['-i', 'lo'], env);
    expect(stderr).toContain('apt-get install tcpdump');
    expect(status).toBe(1);
  });
});

describe('hookc', () => {
  const objectArgs = (file: string): string[] => ['--emit', 'object', '-o', file, 'tcp port 80'];

  test('works without the addon', async () => {
    const noAddon = 'data:text/javascript,process.dlopen=()=>{throw new Error("no addon")}';
    const args = ['--import', noAddon, hookc, ...objectArgs(join(folder, 'no-addon.bpf.o'))];
    const { status, stderr } = await runCommand(process.execPath, args);
    expect([status, stderr]).toEqual([0, '']);
  });

  test('works without root', async ({ skip }) => {
    skip(cannotCapture !== undefined, 'the tests do not run as root');
    const user = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const { status, stdout, stderr } = await runCommand(
      'setpriv',
      [...user, process.execPath, hookc, '--emit', 'object', 'icmp'],
      { PATH: process.env.PATH, HOME: '/nonexistent' },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.slice(1, 4)).toBe('ELF');
  });

  test('works without BTF', async ({ skip }) => {
    skip(cannotCapture !== undefined, cannotCapture);
    const script = 'mount -t tmpfs none /sys && exec "$@"';
    const args = ['--mount', 'sh', '-c', script, 'sh', process.execPath, hookc];
    const file = join(folder, 'no-btf.bpf.o');
    const env = { ...process.env, HOOKDUMP_CACHE: 'off' };
    const { status, stderr } = await runCommand('unshare', [...args, ...objectArgs(file)], env);
    expect([status, stderr]).toEqual([0, '']);
  });

  test('the same object twice, byte for byte, wherever it is built', async () => {
    const build = async (name: string): Promise<Buffer> => {
      const file = join(folder, `${name}.bpf.o`);
      const env = { ...process.env, XDG_CACHE_HOME: join(folder, `cache-${name}`) };
      const { status, stderr } = await run(hookc, objectArgs(file), env);
      expect(status, stderr).toBe(0);
      return readFileSync(file);
    };
    expect((await build('a')).equals(await build('b'))).toBe(true);
  });
});
