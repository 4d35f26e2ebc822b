const EI_DATA = 5;
const ELFDATA2LSB = 1;
const ELF_HEADER_SIZE = 64;
const E_SHOFF = 40;
const E_SHNUM = 60;
const E_SHSTRNDX = 62;
const SECTION_HEADER_SIZE = 64;
const SHT_NULL = 0;
const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHT_REL = 9;
const STB_LOCAL = 0;
const SYMBOL_SIZE = 24;
const REL_SIZE = 16;

interface Section {
  readonly name: string;
  readonly type: number;
  /** The header as it was; what changes is written over it. */
  readonly header: Uint8Array;
  readonly alignment: number;
  content: Uint8Array;
  link: number;
  info: number;
}

/**
 * Takes the DWARF out of an object: two thirds of its size, and no loader reads it. BTF stays, with
 * the source lines that verifier messages quote. (clang cannot leave DWARF out by itself, and
 * llvm-strip is not always installed with it.)
 *
 * Offsets and numbers are those of ELFCLASS64: System V ABI, chapter 4, and elf.h.
 */
export function stripDebug(object: Uint8Array): Uint8Array {
  const view = new DataView(object.buffer, object.byteOffset, object.byteLength);
  const little = object[EI_DATA] === ELFDATA2LSB;
  const sections = readSections(object, view, little);
  const symbols = sections.find(({ type }) => type === SHT_SYMTAB);
  if (symbols === undefined) throw new RangeError('the object has no symbol table');

  const isKept = (section: Section | undefined): boolean =>
    section === undefined || !/^(\.rel)?\.debug_|^\.llvm_addrsig$/.test(section.name);
  const kept = sections.filter(isKept);
  const newSection = (index: number): number => kept.indexOf(sections[index]!);

  // A symbol's section may also be a special number such as SHN_ABS, which stands for none.
  const symbolBytes = entries(symbols.content, SYMBOL_SIZE);
  const sectionOf = (symbol: Uint8Array): number => dataView(symbol).getUint16(6, little);
  const keptSymbols = symbolBytes.filter((symbol) => isKept(sections[sectionOf(symbol)]));
  const newSymbol = new Map(
    keptSymbols.map((symbol, index) => [symbolBytes.indexOf(symbol), index]),
  );

  for (const symbol of keptSymbols) {
    const section = sectionOf(symbol);
    if (sections[section] !== undefined) {
      dataView(symbol).setUint16(6, newSection(section), little);
    }
  }
  for (const section of kept) {
    if (section.type === SHT_SYMTAB) {
      section.content = concat(keptSymbols);
      // Local symbols come first; their number is told here.
      section.info = keptSymbols.filter((symbol) => symbol[4]! >> 4 === STB_LOCAL).length;
    } else if (section.type === SHT_REL) {
      for (const relocation of entries(section.content, REL_SIZE)) {
        const at = little ? 12 : 8;
        const entry = dataView(relocation);
        entry.setUint32(at, newSymbol.get(entry.getUint32(at, little))!, little);
      }
      section.info = newSection(section.info);
    }
    section.link = newSection(section.link);
  }
  const strings = newSection(view.getUint16(E_SHSTRNDX, little));
  return write(object.slice(0, ELF_HEADER_SIZE), kept, strings, little);
}

function readSections(object: Uint8Array, view: DataView, little: boolean): Section[] {
  const table = Number(view.getBigUint64(E_SHOFF, little));
  const header = (index: number): Uint8Array =>
    object.slice(table + index * SECTION_HEADER_SIZE, table + (index + 1) * SECTION_HEADER_SIZE);
  const content = (from: DataView): Uint8Array => {
    if (from.getUint32(4, little) === SHT_NOBITS) return new Uint8Array();
    const offset = Number(from.getBigUint64(24, little));
    return object.slice(offset, offset + Number(from.getBigUint64(32, little)));
  };
  const names = content(dataView(header(view.getUint16(E_SHSTRNDX, little))));
  return Array.from({ length: view.getUint16(E_SHNUM, little) }, (_, index) => {
    const bytes = header(index);
    const fields = dataView(bytes);
    const name = names.subarray(fields.getUint32(0, little));
    return {
      name: Buffer.from(name.subarray(0, name.indexOf(0))).toString('latin1'),
      type: fields.getUint32(4, little),
      header: bytes,
      alignment: Number(fields.getBigUint64(48, little)),
      content: content(fields),
      link: fields.getUint32(40, little),
      info: fields.getUint32(44, little),
    };
  });
}

/** Lays the sections out one behind another, their headers at the end. */
function write(
  header: Uint8Array,
  sections: readonly Section[],
  strings: number,
  little: boolean,
): Uint8Array {
  const parts: Uint8Array[] = [header];
  let at = header.length;
  const append = (bytes: Uint8Array, alignment: number): number => {
    const padding = -at & (Math.max(alignment, 1) - 1);
    parts.push(new Uint8Array(padding), bytes);
    at += padding + bytes.length;
    return at - bytes.length;
  };
  const headers = sections.map((section) => {
    const fields = dataView(section.header);
    if (section.type !== SHT_NULL) {
      fields.setBigUint64(24, BigInt(append(section.content, section.alignment)), little);
    }
    if (section.type !== SHT_NOBITS) {
      fields.setBigUint64(32, BigInt(section.content.length), little);
    }
    fields.setUint32(40, section.link, little);
    fields.setUint32(44, section.info, little);
    return section.header;
  });
  const table = append(concat(headers), 8);
  const fields = dataView(header);
  fields.setBigUint64(E_SHOFF, BigInt(table), little);
  fields.setUint16(E_SHNUM, sections.length, little);
  fields.setUint16(E_SHSTRNDX, strings, little);
  return concat(parts);
}

/** Views of the entries of a table, to read and to write. */
function entries(table: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: table.length / size }, (_, index) =>
    table.subarray(index * size, (index + 1) * size),
  );
}

function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
