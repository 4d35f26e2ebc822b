import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { joinParts } from './join.ts';
import { pastedPrefixes, rename } from './rename.ts';
import { splitDeclarations } from './split.ts';
import { tokensOf } from './tokens.ts';

describe('what a declaration declares', () => {
  test.each<[text: string, names: readonly string[], tags?: readonly string[]]>([
    ['typedef unsigned char __u8;', ['__u8']],
    ['#define A(x) ((x) + B)', ['A']],
    ['#define A \\\n\tB', ['A']],
    ['#if X\n#define A 1\n#else\n#define A 2\n#endif', ['A', 'A']],
    ['#pragma once', []],
    ['struct packet;', []],
    ['struct packet {\n\tconst __u8 *start;\n\tbool ended; /* ; } */\n};', [], ['packet']],
    ['enum way { CAREFUL, DIRECT = 1 << 2, LAST };', ['CAREFUL', 'DIRECT', 'LAST'], ['way']],
    ['enum {\n\tA,\n\tB = 3\n};', ['A', 'B']],
    ['static inline int f(struct packet *packet, enum way way)\n{\n\treturn g(1);\n}', ['f']],
    ['static __noinline __u32 f(void *p) __attribute__((used));', ['f']],
    ['HELPER void *(*lookup)(void *map, const void *key) = (void *)1;', ['lookup']],
    ['const volatile struct target targets[MAX] = {};', ['targets']],
    ['static const __u64 table[2] = {\n\t1,\n\t2,\n};', ['table']],
    ['struct {\n\t__uint(type, A);\n} events SEC(".maps");', ['events']],
    ['char LICENSE[] SEC("license") = "a; b } {";', ['LICENSE']],
    ['extern int VERSION __kconfig;', []],
    ['SEC("xdp")\nint program(struct xdp_md *context)\n{\n\treturn 2;\n}', ['program']],
    ['UNKNOWN(protocol)', []],
    ['_Static_assert(sizeof(struct record) == 64, "padding");', []],
  ])('%j', (text, names, tags = []) => {
    const found = splitDeclarations(`${text}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ text, names, tags });
  });
});

const headers = new URL('../../../../../bpf-templates/include/', import.meta.url);

test.each(readdirSync(headers))('%s: nothing is lost', (name) => {
  const text = readFileSync(new URL(name, headers), 'utf8');
  expect(
    tokensOf(text)
      .map((token) => token.text)
      .join(''),
  ).toBe(text);
  const parts = splitDeclarations(text).map((each) => each.text);
  const squeezed = (c: string): string => c.replace(/\n+/g, '\n').trim();
  expect(squeezed(parts.join('\n'))).toBe(squeezed(text));
});

test('names are changed where they stand for what is declared', () => {
  const [declaration] = splitDeclarations(
    [
      '/* bytes, size */',
      'struct view {',
      '\tconst __u8 *bytes;',
      '\tstruct bytes *inner, size[size];',
      '\tint flag : 3;',
      '};',
      '',
    ].join('\n'),
  );
  const renaming = {
    name: (name: string) => (['bytes', 'size', 'flag'].includes(name) ? `my_${name}` : undefined),
    tag: (tag: string) => (tag === 'bytes' ? 'our_bytes' : undefined),
  };
  expect(rename(declaration!, renaming)).toBe(
    [
      '/* bytes, size */',
      'struct view {',
      '\tconst __u8 *bytes;',
      '\tstruct our_bytes *inner, size[my_size];',
      '\tint flag : 3;',
      '};',
    ].join('\n'),
  );
  const [used] = splitDeclarations(
    'int f(struct view v) { return bytes(v.bytes, p->size, "size", (struct view){ .size = size }); }\n',
  );
  expect(rename(used!, renaming)).toBe(
    'int f(struct view v) { return my_bytes(v.bytes, p->size, "size", (struct view){ .size = my_size }); }',
  );
});

test('beginnings of pasted names', () => {
  const macro = '#define UNKNOWN(field) \\\n\tstatic int ancillary_##field(void) { return 0; }\n';
  expect(pastedPrefixes(splitDeclarations(macro))).toEqual(['ancillary_']);
});

describe('parts are joined', () => {
  const part = (name: string, value: number): { name: string; text: string } => ({
    name,
    text: [
      'typedef int number;',
      'enum { HOOK_a, HOOK_b, HOOK_COUNT };',
      'static number filter(void)',
      '{',
      `\treturn ${value};`,
      '}',
      'static number shared(void) { return 7; }',
      'static number calls(number hook) { return filter() + hook; }',
      'SEC("x") number a(void) { return calls(HOOK_a) + shared(); }',
      '',
    ].join('\n'),
  });

  test('what differs and what depends on it is there for each', () => {
    expect(joinParts([part('one', 1), part('two', 2)])).toBe(
      [
        'typedef int number;',
        '',
        "/* A hook's number in records and in the map of counters. */",
        'enum { HOOK_a_one, HOOK_b_one, HOOK_a_two, HOOK_b_two, HOOK_COUNT };',
        ...['static number filter_one(void)', '{', '\treturn 1;', '}'],
        'static number shared(void) { return 7; }',
        'static number calls_one(number hook) { return filter_one() + hook; }',
        'SEC("x") number a_one(void) { return calls_one(HOOK_a_one) + shared(); }',
        ...['static number filter_two(void)', '{', '\treturn 2;', '}'],
        'static number calls_two(number hook) { return filter_two() + hook; }',
        'SEC("x") number a_two(void) { return calls_two(HOOK_a_two) + shared(); }',
        '',
      ].join('\n'),
    );
  });

  test('of two that are the same, only the hooks are there twice', () => {
    const joined = joinParts([part('one', 1), part('two', 1)]);
    expect(joined.match(/static number filter\(void\)/g)).toHaveLength(1);
    expect(joined).toContain('number a_one(void) { return calls(HOOK_a_one)');
    expect(joined).toContain('number a_two(void) { return calls(HOOK_a_two)');
    const always = joinParts([part('one', 1), part('two', 1)], ['filter']);
    expect(always).toContain('filter_one(void)');
    expect(always).toContain('filter_two(void)');
  });
});
