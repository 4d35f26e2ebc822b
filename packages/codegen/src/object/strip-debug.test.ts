import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { noClang, skips } from '../testing/harness.ts';
import { findClang } from './clang.ts';
import { dataView, type Elf, entries, readElf, SHT_REL, SHT_SYMTAB, stringAt } from './elf.ts';
import { clangArguments } from './flags.ts';
import type { Shown } from './line-info.ts';
import { SYMBOL_SIZE, stripDebug } from './strip-debug.ts';

const folder = mkdtempSync(join(tmpdir(), 'hd-codegen-strip-'));
afterAll(() => rmSync(folder, { recursive: true }));
const skip = skips('stripped objects', noClang());

/** Two functions, a call, a global, branches, and statements of several columns. */
const source = `
const volatile int limit = 7;
int program(int *context);
static __attribute__((noinline)) int inner(int *p)
{
	int sum = p[0] + p[1] * p[2] - (p[3] << p[4]);
	return sum > limit ? sum * 3 + p[5] : p[6] - sum * (p[7] | 1);
}
__attribute__((section("xdp"))) int program(int *context)
{
	for (int i = 0; i < context[9]; i++)
		if (inner(context) + inner(context + i) > limit) return 1;
	return 2;
}
`;

function objects(
  target: 'bpfel' | 'bpfeb',
  shown?: Shown,
): { whole: Elf; stripped: Elf; smaller: boolean } {
  writeFileSync(join(folder, 'x.c'), source);
  execFileSync(findClang().path, clangArguments('x.c', 'x.o', target), { cwd: folder });
  const bytes = readFileSync(join(folder, 'x.o'));
  const stripped = stripDebug(bytes, shown);
  const smaller = stripped.length < bytes.length / 2;
  return { whole: readElf(bytes), stripped: readElf(stripped), smaller };
}

const section = ({ sections }: Elf, name: string) => sections.find((each) => each.name === name)!;

interface Symbol {
  readonly name: string;
  readonly section: string | undefined;
  readonly value: bigint;
}

function symbolsOf({ sections, little }: Elf): Symbol[] {
  const table = sections.find(({ type }) => type === SHT_SYMTAB)!;
  return entries(table.content, SYMBOL_SIZE).map((symbol) => {
    const fields = dataView(symbol);
    return {
      name: stringAt(sections[table.link]!.content, fields.getUint32(0, little)),
      section: sections[fields.getUint16(6, little)]?.name,
      value: fields.getBigUint64(8, little),
    };
  });
}

/** Where a relocation is, and the symbol that it is to. */
function relocationsOf(elf: Elf, name: string): (readonly [at: bigint, to: Symbol])[] {
  const symbols = symbolsOf(elf);
  return entries(section(elf, name).content, 16).map((entry) => {
    const fields = dataView(entry);
    const symbol = fields.getUint32(elf.little ? 12 : 8, elf.little);
    return [fields.getBigUint64(0, elf.little), symbols[symbol]!] as const;
  });
}

/** The words that make up the types, and what one says that is a string's place. */
function btfOf(elf: Elf): { types: number[]; string: (at: number) => string } {
  const { content } = section(elf, '.BTF');
  const word = (at: number): number => dataView(content).getUint32(at, elf.little);
  const start = word(4);
  const types = Array.from({ length: word(12) / 4 }, (_, index) =>
    word(start + word(8) + 4 * index),
  );
  const strings = content.subarray(start + word(16), start + word(16) + word(20));
  return { types, string: (at) => stringAt(strings, at) };
}

/** Instruction, text and line of each entry, by section. */
function linesOf(elf: Elf): Map<string, [at: number, text: string, line: number][]> {
  const { little } = elf;
  const { content } = section(elf, '.BTF.ext');
  const { string } = btfOf(elf);
  const word = (at: number): number => dataView(content).getUint32(at, little);
  const start = word(4) + word(16);
  const size = word(start);
  const lines = new Map<string, [number, string, number][]>();
  for (let at = start + 4; at < start + word(20); at += 8 + word(at + 4) * size) {
    const records = Array.from({ length: word(at + 4) }, (_, index) => at + 8 + index * size);
    lines.set(
      string(word(at)),
      records.map((record) => [
        word(record),
        string(word(record + 8)).trim(),
        word(record + 12) >>> 10,
      ]),
    );
  }
  return lines;
}

describe.skipIf(skip)('what is left', () => {
  test.each(['bpfel', 'bpfeb'] as const)('%s: code, data and BTF as they were', (target) => {
    const { whole, stripped, smaller } = objects(target);
    expect(smaller).toBe(true);
    for (const name of ['xdp', '.text', '.rodata']) {
      expect(section(stripped, name).content, name).toEqual(section(whole, name).content);
    }
    const [before, after] = [btfOf(whole), btfOf(stripped)];
    expect(after.types.length).toBe(before.types.length);
    for (const [index, word] of before.types.entries()) {
      const now = after.types[index]!;
      if (now !== word) expect(after.string(now), `word ${index}`).toBe(before.string(word));
    }
    const words = new Set(after.types.map(after.string));
    expect(words).toContain('program');
    expect(words).toContain('limit');
    const names = stripped.sections.map(({ name }) => name);
    expect(names.filter((name) => /debug|addrsig|rel\.BTF/.test(name))).toEqual([]);
    const strings = Buffer.from(stripped.sections[stripped.strings]!.content).toString('latin1');
    expect(strings).not.toMatch(/debug|LBB/);
  });

  test.each(['bpfel', 'bpfeb'] as const)('%s: relocations are to the same', (target) => {
    const { whole, stripped } = objects(target);
    const relocated = stripped.sections.filter(({ type }) => type === SHT_REL);
    expect(relocated.length).toBeGreaterThan(1);
    for (const { name, info } of relocated) {
      expect(relocationsOf(stripped, name)).toEqual(relocationsOf(whole, name));
      expect(`.rel${stripped.sections[info]!.name}`).toBe(name);
    }
  });

  test.each(['bpfel', 'bpfeb'] as const)('%s: each line once in a row', (target) => {
    const { whole, stripped } = objects(target);
    const [before, after] = [linesOf(whole), linesOf(stripped)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [name, all] of before) {
      // The line of an instruction is the last one at or before it: that of each is what it was.
      const lineAt = (lines: typeof all, at: number) =>
        lines.filter((line) => line[0] <= at).at(-1);
      const kept = after.get(name)!;
      expect(kept.length).toBeLessThan(all.length);
      for (const [at, text, line] of all) expect(lineAt(kept, at)!.slice(1)).toEqual([text, line]);
    }
  });

  test.each(['bpfel', 'bpfeb'] as const)('%s: of lines not to be shown, the function', (target) => {
    // The first statement of `inner`, not the second.
    const { whole, stripped } = objects(target, { lines: [{ first: 6, last: 6 }] });
    const [before, after] = [linesOf(whole), linesOf(stripped)];
    const told = [...after.values()].flat().map(([, text, line]) => ({ text, line }));
    const named = told.filter(({ line }) => line === 0);
    expect(new Set(named.map(({ text }) => text))).toEqual(new Set(['inner', 'program']));
    const quoted = told.filter(({ line }) => line !== 0);
    expect(new Set(quoted.map(({ line }) => line))).toEqual(new Set([6]));
    expect(quoted[0]!.text.trim()).toBe('int sum = p[0] + p[1] * p[2] - (p[3] << p[4]);');
    // Each function begins with an entry.
    for (const [name, lines] of before) expect(after.get(name)![0]![0]).toBe(lines[0]![0]);

    const except = { lines: [{ first: 1, last: 99 }], except: /^inner$/ };
    const texts = [...linesOf(objects(target, except).stripped).values()].flat();
    expect(texts.map(([, text]) => text)).toContain('inner');
    expect(texts.filter(([, , line]) => line === 6 || line === 7)).toEqual([]);
    expect(texts.filter(([, , line]) => line >= 9)).not.toEqual([]);
  });
});
