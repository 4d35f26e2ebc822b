import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hookc, run, runCommand } from '../support/lab.ts';

/** What hookc makes for hooks: objects, their text, and what they say of themselves. */

const folder = mkdtempSync(join(tmpdir(), 'hookdump-objects-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const answers = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const clangs = ['clang', 'clang-19'].filter((name) => answers(name, '--version'));
if (clangs.length < 2) console.warn(`only ${clangs.join() || 'no clang'} to build with`);

/** System headers that the examples include; a machine need not have them. */
const headersMissing =
  clangs.length > 0 &&
  !answers('sh', '-c', 'echo "#include <bpf/bpf_helpers.h>" | clang -E - -include linux/bpf.h')
    ? 'no <linux/bpf.h> and <bpf/bpf_helpers.h> (linux-libc-dev, libbpf-dev)'
    : undefined;
if (headersMissing !== undefined) console.warn(`templates are skipped: ${headersMissing}`);

const noCache = { ...process.env, HOOKDUMP_CACHE: 'off' };

async function compiled(
  args: readonly string[],
  env: NodeJS.ProcessEnv = noCache,
): Promise<string> {
  const { status, stdout, stderr } = await run(hookc, args, env);
  expect([status, stderr], args.join(' ')).toEqual([0, '']);
  return stdout;
}

async function built(name: string, args: readonly string[], env = noCache): Promise<string> {
  await compiled(['--emit', 'object', '-o', at(name), ...args], env);
  return at(name);
}

const several = ['--filter', 'web=tcp port 80', '--filter', 'dns=udp port 53'];
const example = (name: string): string =>
  new URL(`../../docs/examples/bpf/${name}`, import.meta.url).pathname;
const drop = ['--template', example('drop.bpf.c'), '--hook', 'xdp', 'udp port 53'];
const mark = ['--template', example('mark.bpf.c'), '--hook', 'tc', ...several];

describe.skipIf(clangs.length === 0)('objects', () => {
  test.each<[name: string, args: readonly string[], says: readonly string[]]>([
    [
      'one filter',
      ['--hook', 'xdp:eth0', ' tcp  port 80'],
      [
        'filter      tcp port 80',
        'link types  EN10MB',
        'hooks       xdp:eth0',
        'hookdump_xdp (xdp',
      ],
    ],
    [
      'no filter, both hooks of the device layer',
      [],
      [
        'filter      (every packet)',
        'link types  EN10MB, RAW',
        'tp_btf:netif_receive_skb, tp_btf:net_dev_queue',
        'net_dev_queue (tp_btf/net_dev_queue)',
      ],
    ],
    [
      'several filters',
      ['--hook', 'xdp', '-y', 'RAW', ...several],
      ['filter web', 'udp port 53', 'RAW', 'hookdump_xdp_web (xdp', 'hookdump_xdp_dns (xdp'],
    ],
    [
      'another byte order',
      ['--hook', 'xdp', '--target-arch', 'bpfeb', 'ip'],
      ['target      bpfeb'],
    ],
    ['another processor', ['--hook', 'xdp', '--target-arch', 'arm64', 'ip'], ['target      arm64']],
    ['branch-free', ['--hook', 'xdp', '--branch-free', 'tcp port 80'], ['form        branch-free']],
    ['text that is not ASCII', ['--hook', 'xdp', 'ip # ü'], []],
  ])('%s: says what it is', async (name, args, says) => {
    if (args.at(-1)?.includes('#')) {
      writeFileSync(at('comment'), 'ip # ü\n');
      args = ['--hook', 'xdp', '-F', at('comment')];
    }
    const file = await built(`${name}.bpf.o`, args);
    const { stdout } = await run(hookc, ['inspect', file]);
    for (const text of says) expect(stdout).toContain(text);
    expect(stdout).toMatch(/^made by {2,}hookc \d+\.\d+\.\d+, .*clang version \d/m);
  });

  test('what is not ours is told so', async () => {
    const source = 'int f(void) { return 0; }';
    execFileSync('clang', ['-target', 'bpf', '-c', '-x', 'c', '-', '-o', at('foreign.o')], {
      input: `__attribute__((section("xdp"))) ${source}`,
    });
    const { status, stdout } = await run(hookc, ['inspect', at('foreign.o')]);
    expect([status, stdout]).toEqual([
      0,
      'made by  not hookc: nothing in it says what it is\nprogram  f (xdp)\n',
    ]);
  });

  test('an object that is cut is told from one that is none', async () => {
    const bytes = readFileSync(await built('whole.bpf.o', ['--hook', 'xdp', 'ip']));
    writeFileSync(at('cut.bpf.o'), bytes.subarray(0, bytes.length - 100));
    const { status, stderr } = await run(hookc, ['inspect', at('cut.bpf.o')]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('it is cut or damaged')]);
  });

  test.each<[string, readonly string[]]>([
    ['one filter', ['--hook', 'xdp', 'tcp port 80']],
    ['several filters', ['--hook', 'tp_btf:net_dev_queue', ...several]],
    ['another byte order', ['--hook', 'xdp', '--target-arch', 'bpfeb', 'tcp port 80']],
    ['not optimized', ['--hook', 'xdp', '-O', 'tcp port 80']],
    ['a template', drop],
    ['a template with two filters', mark],
  ])('%s: the same bytes twice, and built elsewhere', async (name, args) => {
    if (args.includes('--template') && headersMissing !== undefined) return;
    const first = readFileSync(await built(`1-${name}`, args));
    const second = readFileSync(await built(`2-${name}`, args));
    expect(first.equals(second)).toBe(true);
    const elsewhere = mkdtempSync(at('elsewhere-'));
    const moved = args.map((arg) => {
      if (!arg.endsWith('.c')) return arg;
      copyFileSync(arg, join(elsewhere, arg.split('/').at(-1)!));
      return arg.split('/').at(-1)!;
    });
    const script = 'cd "$1" && shift && exec "$@"';
    const command = [process.execPath, hookc, '--emit', 'object', '-o', 'x.bpf.o', ...moved];
    const env = { ...noCache, TMPDIR: elsewhere };
    const ended = await runCommand('sh', ['-c', script, 'sh', elsewhere, ...command], env);
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(readFileSync(join(elsewhere, 'x.bpf.o')).equals(first)).toBe(true);
  });

  test('what differs gives another object', async () => {
    const variants = [
      [],
      ['-O'],
      ['--branch-free'],
      ['--target-arch', 'bpfeb'],
      ['-y', 'RAW'],
      ['-s', '96'],
    ];
    const objects = await Promise.all(
      variants.map((args, index) => built(`v${index}`, ['--hook', 'xdp', ...args, 'tcp port 80'])),
    );
    expect(new Set(objects.map((path) => readFileSync(path, 'hex'))).size).toBe(variants.length);
  });

  const list = Array.from({ length: 60 }, (_, index) => `host 10.${index * 4}.3.${index}`);
  const many = [
    ...several,
    ...['--filter', 'tagged=vlan 5', '--filter', 'again=tcp port 80'],
    ...['--filter', `list=${list.join(' or ')}`, '--filter', `same=not (${list.join(' or ')})`],
  ];

  test.each(
    clangs.flatMap((clang) =>
      ['xdp', 'tc:egress', 'tp_btf:netif_receive_skb', 'kprobe:ip_rcv', 'fexit:ip_rcv'].map(
        (hook) => [clang, hook] as const,
      ),
    ),
  )('six filters build with %s at %s', async (clang, hook) => {
    const env = { ...noCache, HOOKDUMP_CLANG: clang };
    const file = await built(`several-${clang}`, ['--hook', hook, ...many], env);
    const { stdout } = await run(hookc, ['inspect', file]);
    expect(stdout.match(/^program /gm)).toHaveLength(6);
  });
});

describe.skipIf(clangs.length === 0)('--emit asm', () => {
  test.each(clangs)(
    '%s: instructions below their lines, and nothing for debuggers',
    async (clang) => {
      const env = { ...noCache, HOOKDUMP_CLANG: clang };
      const text = await compiled(['--emit', 'asm', '--hook', 'xdp', 'tcp port 80'], env);
      expect(text).toMatch(/^hookdump_xdp:$/m);
      expect(text).toMatch(/^# \d+: return XDP_PASS;$/m);
      expect(text).toMatch(/^\texit$/m);
      expect(text).toMatch(/^\t\.section\t\.maps/m);
      expect(text).not.toMatch(/#APP|\.debug_|\.BTF|\.cfi_|\.loc\t|DEBUG_VALUE/);
      // The object has these instructions and no other.
      const lines = text
        .split('\n')
        .filter((line) => /^\t(?:[rw]\d+|call|exit|goto|if|\*|lock)/.test(line));
      expect(lines.length).toBeGreaterThan(50);
    },
  );

  test('byte orders differ', async () => {
    const args = ['--emit', 'asm', '--hook', 'xdp', 'tcp port 80'];
    const [little, big] = await Promise.all(
      ['bpfel', 'bpfeb'].map((target) => compiled([...args, '--target-arch', target])),
    );
    expect(little).not.toBe(big);
  });
});

test.skipIf(clangs.length === 0).each(clangs)(
  '--emit c names the command that builds it: %s',
  async (clang) => {
    for (const args of [
      ['--hook', 'xdp', ...several],
      ['--hook', 'tc', '--target-arch', 'bpfeb', 'ip'],
    ]) {
      const source = await compiled(['--emit', 'c', ...args]);
      writeFileSync(at('filter.bpf.c'), source);
      const command = /^ \* {3}clang (.*)$/m.exec(source)![1]!;
      execFileSync(clang, command.split(' '), { cwd: folder });
    }
  },
);

describe.skipIf(clangs.length === 0 || headersMissing !== undefined)('--template', () => {
  test.each(clangs)('the examples build with %s, as object, text and C', async (clang) => {
    const env = { ...noCache, HOOKDUMP_CLANG: clang };
    for (const [args, program] of [
      [drop, 'drop (xdp)'],
      [mark, 'mark (tc)'],
    ] as const) {
      const file = await built(`template-${clang}`, args, env);
      const { stdout } = await run(hookc, ['inspect', file]);
      expect(stdout).toContain(`program`);
      expect(stdout).toContain(program);
      expect(stdout).toMatch(/^template +\w+\.bpf\.c$/m);
      const asm = await compiled(['--emit', 'asm', ...args], env);
      expect(asm).toMatch(/^\texit$/m);
      expect(asm).toMatch(/^# hookdump\.h:\d+: .*\n\t/m);
      const c = await compiled(['--emit', 'c', ...args]);
      expect(c).not.toContain('#include "');
      writeFileSync(at('alone.bpf.c'), c);
      const include = [
        '-idirafter',
        `/usr/include/${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-linux-gnu`,
      ];
      const flags = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-Wall', '-Werror', ...include];
      execFileSync(clang, [...flags, '-c', at('alone.bpf.c'), '-o', at('alone.bpf.o')]);
    }
  });

  test('it may include files beside it, and its warnings are shown', async () => {
    writeFileSync(at('own.h'), 'enum { VERDICT = 1 };\n');
    const text = readFileSync(example('drop.bpf.c'), 'utf8')
      .replace('#include "hookdump.h"', '#include "own.h"\n#include "hookdump.h" /* here */')
      .replace('return XDP_DROP', 'int unused;\n\treturn VERDICT');
    writeFileSync(at('own.c'), text);
    const args = ['--template', at('own.c'), '--hook', 'xdp', '-o', at('own.o'), 'ip'];
    const { status, stderr } = await run(hookc, args);
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/^own\.c:\d+:\d+: warning: unused variable 'unused'/);
  });

  test.each([
    ['of another kind', 'tc:ingress', 'SEC("xdp")', 'for tc:ingress: drop is in section xdp'],
    ['of no kind that libbpf knows', 'xdp', 'SEC("prog")', undefined],
    ['of a kind that has no filters', 'xdp', 'SEC("socket")', 'for xdp: drop is in section socket'],
    ['that nobody finds', 'xdp', '__attribute__((unused)) static', 'in it'],
  ])('a program %s', async (_, hook, section, says) => {
    const text = readFileSync(example('drop.bpf.c'), 'utf8').replace('SEC("xdp")', section);
    writeFileSync(at('other.c'), text);
    const args = ['--template', at('other.c'), '--hook', hook, '-o', at('other.o'), 'ip'];
    const { status, stderr } = await run(hookc, args);
    if (says === undefined) return expect([status, stderr]).toEqual([0, '']);
    expect(stderr).toContain(`hookc: other.c has no program ${says}\n  write SEC("`);
    expect(status).toBe(1);
  });

  test('an error in it is shown where it is', async () => {
    const text = readFileSync(example('drop.bpf.c'), 'utf8').replace(
      'filter(context)',
      'filtre(context)',
    );
    writeFileSync(at('wrong.c'), text);
    const line = text.split('\n').findIndex((each) => each.includes('filtre')) + 1;
    const { status, stderr } = await run(hookc, [
      '--template',
      at('wrong.c'),
      '--hook',
      'xdp',
      'ip',
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`could not build wrong\\.c:\\nwrong\\.c:${line}:\\d+: (error|warning): `),
    );
    expect(stderr).toContain('mend wrong.c');
  });
});
