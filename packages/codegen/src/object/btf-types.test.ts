import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { noClang, skips } from '../testing/harness.ts';
import { EXT, readRecords, stringOf } from './btf.ts';
import { findClang } from './clang.ts';
import { readElf } from './elf.ts';
import { clangArguments } from './flags.ts';
import { stripDebug } from './strip-debug.ts';

const folder = mkdtempSync(join(tmpdir(), 'hd-codegen-types-'));
afterAll(() => rmSync(folder, { recursive: true }));

const noBpftool = (): string | undefined => {
  try {
    execFileSync('bpftool', ['version']);
    return undefined;
  } catch {
    return 'no bpftool';
  }
};
const skip = skips('types of objects, as bpftool reads them', noClang() ?? noBpftool());

/** A map, a variable, a structure of the kernel with more than is read of it, functions of all kinds. */
const source = `
typedef unsigned int u32;
typedef struct context context_t;
struct context { u32 data; };
struct value { u32 counted; const u32 unread; };
struct { int (*type)[2]; int (*max_entries)[1]; u32 *key; struct value *value; }
	counters __attribute__((section(".maps"), used));
const volatile u32 limit = 7;
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct inner { int skipped; const u32 numbers[4]; };
struct other { int anything; };
struct kernel { int unread; struct other *other; u32 length; struct inner inner; struct kernel *next; };
enum kind { UNUSED = 1, USED = 2 };
#pragma clang attribute pop
static __attribute__((noinline)) int local(struct kernel *at, u32 argument)
{
	return at->inner.numbers[3] + argument + (at->next != 0) + (at->other != 0);
}
__attribute__((noinline)) u32 global(u32 argument) { return argument * limit; }
__attribute__((section("tc"), used)) int program(context_t *context)
{
	return local((struct kernel *)(long)context->data, 1) + global(context->data) +
	       __builtin_preserve_enum_value(*(enum kind *)USED, 0) +
	       __builtin_preserve_type_info(*(struct other *)0, 1);
}
`;

interface Type {
  /** Parameters of a FUNC_PROTO. */
  readonly vlen?: number;
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly type_id?: number;
  readonly members?: readonly { readonly name: string; readonly type_id: number }[];
  readonly values?: readonly { readonly name: string }[];
}

/** The types of an object by bpftool, and what its relocations name: `kind/next`. */
function read(object: Uint8Array): { types: Type[]; accesses: string[] } {
  const file = join(folder, 'read.o');
  writeFileSync(file, object);
  const text = execFileSync('bpftool', ['-j', 'btf', 'dump', 'file', file], { encoding: 'utf8' });
  const { types } = JSON.parse(text) as { types: Type[] };
  const { sections, little } = readElf(object);
  const content = (name: string): Uint8Array =>
    sections.find((section) => section.name === name)!.content;
  const records = readRecords(content('.BTF.ext'), EXT.relocations, little);
  const accesses = [...records.values()].flat().map((record) => {
    const [root, access, kind] = [4, 8, 12].map((at) => record.getUint32(at, little));
    const places = stringOf(content('.BTF'), access!, little).split(':').map(Number);
    return `${kind} ${named(types, root!, places)}`;
  });
  return { types, accesses };
}

/** The names of what the places lead to, from the type of a number on. */
function named(types: readonly Type[], root: number, places: readonly number[]): string {
  const plain = (id: number): Type => {
    const type = types[id - 1]!;
    return /CONST|VOLATILE|TYPEDEF/.test(type.kind) ? plain(type.type_id!) : type;
  };
  let type = plain(root);
  const names = [type.name];
  if (type.kind === 'ENUM') return `${type.name} ${type.values![places[0]!]!.name}`;
  for (const place of places.slice(1)) {
    const member = type.members?.[place];
    names.push(member?.name ?? `[${place}]`);
    type = plain(member?.type_id ?? type.type_id!);
  }
  return names.join(' ');
}

describe.skipIf(skip)('types that are left', () => {
  const objectOf = (target: 'bpfel' | 'bpfeb'): Uint8Array => {
    writeFileSync(join(folder, 'x.c'), source);
    execFileSync(findClang().path, clangArguments('x.c', 'x.o', target), { cwd: folder });
    return readFileSync(join(folder, 'x.o'));
  };
  const whole = skip ? undefined : read(objectOf('bpfel'));
  const pruned = skip ? undefined : read(stripDebug(objectOf('bpfel'), { lines: [] }));
  const find = (name: string): Type => pruned!.types.find((type) => type.name === name)!;
  const membersOf = (name: string): string[] => find(name).members!.map((each) => each.name);

  test('relocations name what they did', () => {
    expect(whole!.accesses).toContain('0 kernel inner numbers [3]');
    expect(whole!.accesses).toContain('10 kind USED');
    expect(pruned!.accesses).toEqual(whole!.accesses);
  });

  test('members that nobody reads are gone, sizes are as they were', () => {
    expect(membersOf('kernel')).toEqual(['other', 'inner', 'next']);
    expect(membersOf('inner')).toEqual(['numbers']);
    expect(membersOf('other')).toEqual([]);
    expect(find('kind').values!.map(({ name }) => name)).toEqual(['USED']);
    for (const { name, size } of whole!.types.filter(({ kind }) => kind === 'STRUCT'))
      if (name !== '(anon)') expect(find(name).size, name).toBe(size);
  });

  test('maps, variables and what global functions take are told whole', () => {
    expect(membersOf('value')).toEqual(['counted', 'unread']);
    expect(find('counters').kind).toBe('VAR');
    expect(pruned!.types[find('limit').type_id! - 1]).toMatchObject({ name: 'unsigned int' });
    const parameters = (name: string): number | undefined =>
      pruned!.types[find(name).type_id! - 1]!.vlen;
    expect(parameters('global')).toBe(1);
    expect(parameters('program')).toBe(1);
    expect(parameters('local')).toBe(0);
  });

  test('names of numbers are gone, those of structs stay', () => {
    const names = pruned!.types.filter(({ kind }) => kind === 'TYPEDEF').map(({ name }) => name);
    expect(names).toEqual(['context_t']);
    const said = pruned!.types
      .filter(({ kind }) => /PTR|INT|ARRAY/.test(kind))
      .map(({ id, ...rest }) => JSON.stringify(rest));
    expect(new Set(said).size).toBe(said.length);
  });

  test('of the other byte order as well', () => {
    const { types, accesses } = read(stripDebug(objectOf('bpfeb'), { lines: [] }));
    expect(types.map(({ name }) => name)).toEqual(pruned!.types.map(({ name }) => name));
    expect(accesses).toEqual(pruned!.accesses);
  });
});
