import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { testObject } from '../test-support/objects.ts';
import { EnvironmentError, LoadError } from './errors.ts';
import type { Capabilities, KernelFacts } from './kernel.ts';
import { loadFailure, parseLoadLog } from './load-error.ts';
import { BpfObject } from './object.ts';

const folder = fileURLToPath(new URL('../test-logs/', import.meta.url));

/** A log as Linux 6.18 and libbpf 1.1 gave it for the case of the same name in refused.bpf.c. */
function saved(name: string): string {
  return readFileSync(`${folder}${name}.txt`, 'utf8');
}

const all: Capabilities = { bpf: true, perfmon: true, netAdmin: true, sysAdmin: true };
const none: Capabilities = { bpf: false, perfmon: false, netAdmin: false, sysAdmin: false };
const root: KernelFacts = { release: '6.18.0', btf: true, capabilities: all };

const REFUSALS: readonly (readonly [name: string, errno: number, telling: string])[] = [
  ['invalid-access', 13, "R1 invalid mem access 'scalar'"],
  [
    'packet-bounds',
    13,
    'invalid access to packet, off=13 size=1, R1(id=0,off=13,r=0)\nR1 offset is outside of the packet',
  ],
  ['unknown-helper', 22, 'invalid func unknown#9999'],
  ['forbidden-helper', 22, 'program of this type cannot use helper bpf_skb_output#111'],
  ['unbounded', 13, 'R0 unbounded memory access, make sure to bounds check any such access'],
  ['too-complex', 28, 'BPF program is too large. Processed 1000001 insn'],
  ['stack', 13, 'combined stack size of 2 calls is 800. Too large'],
  ['unknown-tracepoint', 3, "failed to find kernel BTF type ID of 'no_such_tracepoint': -3"],
];

describe('saved logs', () => {
  test.each(REFUSALS)('%s', (name, errno, telling) => {
    const error = loadFailure(saved(name), errno, root);
    expect(error).toBeInstanceOf(LoadError);
    expect(error).toMatchObject({ program: 'refused', telling, errno, log: saved(name) });
    expect(error.message).toBe(
      `can't load the BPF program refused: ${telling.replaceAll('\n', '; ')}`,
    );
  });

  test('all of them have a case here', () => {
    const names = readdirSync(folder).map((file) => file.replace(/\.txt$/, ''));
    const cases = [...REFUSALS.map(([name]) => name), 'no-capabilities', 'only-cap-bpf'];
    expect(names.sort()).toEqual(cases.sort());
  });

  test('a tracepoint that is not there says so', () => {
    const error = loadFailure(saved('unknown-tracepoint'), 3, root);
    expect(error.hint).toBe('Linux 6.18.0 has no tracepoint or function of this name');
  });
});

describe('limits', () => {
  test.each([
    ['too-complex', 28, '1000000 instructions'],
    ['stack', 13, '512 bytes of stack'],
  ])('%s', (name, errno, limit) => {
    const { hint } = loadFailure(saved(name), errno, root);
    expect(hint).toContain(`Linux 6.18.0: `);
    expect(hint).toContain(limit);
    expect(hint).toContain('make the filter shorter');
  });

  /** As check_max_stack_depth(), push_stack() and add_subprog() of kernel/bpf/verifier.c say it. */
  test.each([
    ['the call stack of 9 frames is too deep !', 7, '8 functions in a chain'],
    ['The sequence of 8193 jumps is too complex.', 7, '8192 jumps'],
    ['too many subprograms', 7, '256 functions'],
  ])('%s', (said, errno, limit) => {
    const log =
      "libbpf: prog 'x': BPF program load failed: -7\nlibbpf: prog 'x': -- BEGIN PROG LOAD LOG --\n" +
      `${said}\nprocessed 12 insns (limit 1000000)\n-- END PROG LOAD LOG --\n`;
    expect(loadFailure(log, errno, root)).toMatchObject({ program: 'x', telling: said });
    expect(loadFailure(log, errno, root).hint).toContain(limit);
  });

  test('a program that is too long is refused without a word', () => {
    const log = "libbpf: prog 'x': BPF program load failed: -7\n";
    expect(loadFailure(log, 7, root).hint).toContain('has 1000000 instructions at most;');
    const few = { ...root, capabilities: { ...none, netAdmin: true } };
    expect(loadFailure(log, 7, few).hint).toContain(
      '4096 instructions at most, 1000000 with CAP_BPF',
    );
  });

  test('what is no limit has none', () => {
    expect(loadFailure(saved('invalid-access'), 13, root).hint).toBeUndefined();
  });

  test('the place is told beside the program', () => {
    const error = loadFailure(saved('stack'), 13, root) as LoadError;
    expect(error.at('xdp:eth0')).toMatchObject({ program: 'refused', hint: error.hint });
    expect(error.at('xdp:eth0').message).toMatch(
      /^can't load the BPF program refused \(xdp:eth0\): /,
    );
  });
});

describe('permissions', () => {
  test('without any capability it is about no program, and libbpf’s guess is dropped', () => {
    const error = loadFailure(saved('no-capabilities'), 1, { ...root, capabilities: none });
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).not.toBeInstanceOf(LoadError);
    expect(error.message).toBe("can't load the BPF object: not permitted (EPERM)");
    expect(error.hint).toContain('lacks CAP_BPF, CAP_PERFMON (for tracing), CAP_NET_ADMIN');
    expect(`${error.message}${error.hint}`).not.toMatch(/limit/i);
  });

  test('names only what is missing', () => {
    const capabilities = { ...none, bpf: true, netAdmin: true };
    const error = loadFailure(saved('only-cap-bpf'), 1, { ...root, capabilities });
    expect(error).toMatchObject({ program: 'refused', telling: 'not permitted (EPERM)' });
    expect(error.hint).toBe('run as root; this process lacks CAP_PERFMON (for tracing)');
  });

  test('with all of them it is not about capabilities', () => {
    expect(loadFailure(saved('only-cap-bpf'), 1, root).hint).toContain('lockdown');
  });
});

describe('other shapes', () => {
  const wrap = (verifier: string): string =>
    `libbpf: prog 'x': BPF program load failed: No space left on device\n` +
    `-- BEGIN PROG LOAD LOG --\n${verifier}-- END PROG LOAD LOG --\n`;

  test('a log that stops before its verdict', () => {
    const log = wrap('0: R1=ctx() R10=fp0\n; x\n0: (b7) r0 = 0 ; R0=0\n');
    expect(parseLoadLog(log)).toEqual({ program: 'x', telling: [], verified: true });
    expect(loadFailure(log, 28, root).message).toContain('too complex');
  });

  test('states in the style of before Linux 5.18 are no verdict', () => {
    const log = wrap(' R0_w=inv0 R10=fp0\n1: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access\n');
    expect(parseLoadLog(log).telling).toEqual(['R0 invalid mem access']);
  });

  test('nothing said', () => {
    expect(loadFailure('', 12, root).message).toContain('ENOMEM');
  });

  test('no BTF in the kernel', () => {
    const log =
      "libbpf: prog 'x': failed to find valid kernel BTF\nlibbpf: prog 'x': failed to load: -3\n";
    expect(loadFailure(log, 3, { ...root, btf: false }).hint).toContain('CONFIG_DEBUG_INFO_BTF');
  });
});

describeBpf('this kernel', () => {
  // What each kernel says differs in wording; that it is refused, and told in a line, must not.
  const live = [
    ['INVALID_ACCESS', /invalid mem access/],
    ['PACKET_BOUNDS', /invalid access to packet/],
    ['UNKNOWN_HELPER', /9999/],
    ['FORBIDDEN_HELPER', /bpf_skb_output/],
    ['UNBOUNDED', /unbounded memory access/],
    ['STACK', /stack size/],
    ['UNKNOWN_TRACEPOINT', /no_such_tracepoint/],
  ] as const;
  test.each(live)('%s', (define, telling) => {
    const object = BpfObject.open(testObject('refused', define));
    let thrown: unknown;
    try {
      object.load();
    } catch (error) {
      thrown = error;
    }
    object.close();
    expect(thrown).toBeInstanceOf(LoadError);
    expect(thrown).toMatchObject({ program: 'refused', telling: expect.stringMatching(telling) });
  });
});
