import { packBtfStrings, packStrings } from './btf.ts';
import { pruneTypes } from './btf-types.ts';
import {
  concat,
  dataView,
  type Elf,
  entries,
  readElf,
  type Section,
  SHT_REL,
  SHT_SYMTAB,
  stringAt,
  writeElf,
} from './elf.ts';
import { mergeLineInfo, type Shown } from './line-info.ts';

const STB_LOCAL = 0;
const STT_NOTYPE = 0;
const STT_SECTION = 3;
const STT_FILE = 4;
export const SYMBOL_SIZE = 24;
const REL_SIZE = 16;

/**
 * DWARF is two thirds of an object, and no loader reads it. Relocations of BTF are for linkers: what
 * they would add is there already, and libbpf looks symbols up by itself.
 */
const NEEDLESS = /^(\.rel)?\.debug_|^\.llvm_addrsig$|^\.rel\.BTF(\.ext)?$/;

/**
 * Takes out of an object what only debuggers and linkers ask for. BTF stays, with the source lines
 * that verifier messages quote. (clang cannot leave DWARF out by itself, and llvm-strip is not always
 * installed with it.)
 *
 * @param shown the lines to be quoted, all if not given
 */
export function stripDebug(object: Uint8Array, shown?: Shown): Uint8Array {
  const elf = readElf(object);
  const { little, sections } = elf;
  const symbols = sections.find(({ type }) => type === SHT_SYMTAB);
  if (symbols === undefined) throw new RangeError('the object has no symbol table');

  const isKept = (section: Section | undefined): boolean =>
    section === undefined || !NEEDLESS.test(section.name);
  const kept = sections.filter(isKept);
  const newSection = (index: number): number => kept.indexOf(sections[index]!);

  const symbolBytes = entries(symbols.content, SYMBOL_SIZE);
  const used = new Set(
    kept
      .filter(({ type }) => type === SHT_REL)
      .flatMap(({ content }) => entries(content, REL_SIZE).map((entry) => symbolOf(entry, little))),
  );
  // A symbol's section may also be a special number such as SHN_ABS, which stands for none.
  const sectionOf = (symbol: Uint8Array): number => dataView(symbol).getUint16(6, little);
  const keptSymbols = symbolBytes.filter(
    (symbol, index) =>
      isKept(sections[sectionOf(symbol)]) &&
      (index === 0 || used.has(index) || !isNeedless(symbol)),
  );
  const newSymbol = new Map(
    keptSymbols.map((symbol, index) => [symbolBytes.indexOf(symbol), index]),
  );

  for (const symbol of keptSymbols) {
    const section = sectionOf(symbol);
    if (sections[section] !== undefined) {
      dataView(symbol).setUint16(6, newSection(section), little);
    }
  }
  shortenLines(kept, little, shown);
  for (const section of kept) {
    if (section.type === SHT_SYMTAB) {
      section.content = concat(keptSymbols);
      // Local symbols come first; their number is told here.
      section.info = keptSymbols.filter((symbol) => symbol[4]! >> 4 === STB_LOCAL).length;
    } else if (section.type === SHT_REL) {
      for (const entry of entries(section.content, REL_SIZE)) {
        const symbol = newSymbol.get(symbolOf(entry, little))!;
        dataView(entry).setUint32(symbolAt(little), symbol, little);
      }
      section.info = newSection(section.info);
    }
    section.link = newSection(section.link);
  }
  const stripped = { ...elf, sections: kept, strings: newSection(elf.strings) };
  packNames(stripped, symbols);
  return writeElf(stripped);
}

function shortenLines(
  sections: readonly Section[],
  little: boolean,
  shown: Shown | undefined,
): void {
  const btf = sections.find(({ name }) => name === '.BTF');
  const lines = sections.find(({ name }) => name === '.BTF.ext');
  if (btf === undefined || lines === undefined) return;
  lines.content = mergeLineInfo(btf.content, lines.content, little, shown);
  // Whoever wants to see all lines wants to see all types.
  if (shown !== undefined) btf.content = pruneTypes(btf.content, lines.content, little);
  btf.content = packBtfStrings(btf.content, lines.content, little);
}

/** Where in a relocation the symbol's number is: the upper half of r_info, 64 bits. */
const symbolAt = (little: boolean): number => (little ? 12 : 8);

const symbolOf = (relocation: Uint8Array, little: boolean): number =>
  dataView(relocation).getUint32(symbolAt(little), little);

/**
 * A place within a function that the compiler has named, the source file, a section. Maps and programs
 * have other types.
 */
const isNeedless = (symbol: Uint8Array): boolean =>
  [STT_NOTYPE, STT_SECTION, STT_FILE].some((type) => symbol[4] === ((STB_LOCAL << 4) | type));

/** Leaves only the names that are still there; clang has those of sections and symbols in one. */
function packNames({ sections, strings, little }: Elf, symbols: Section): void {
  const named = [
    ...sections.map(({ header }) => ({ table: sections[strings]!, fields: dataView(header) })),
    ...entries(symbols.content, SYMBOL_SIZE).map((symbol) => ({
      table: sections[symbols.link]!,
      fields: dataView(symbol),
    })),
  ];
  for (const table of new Set(named.map((each) => each.table))) {
    const old = table.content;
    const own = named.filter((each) => each.table === table);
    const names = own.map(({ fields }) => stringAt(old, fields.getUint32(0, little)));
    const packed = packStrings(new Set(names));
    for (const [index, { fields }] of own.entries()) {
      fields.setUint32(0, packed.places.get(names[index]!)!, little);
    }
    table.content = packed.table;
  }
}
