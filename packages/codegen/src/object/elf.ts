/*
 * ELF objects of 64 bits as clang writes them for BPF, section by section. Offsets and numbers are
 * those of ELFCLASS64: System V ABI, chapter 4, and elf.h.
 */

const EI_CLASS = 4;
const EI_DATA = 5;
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
const E_MACHINE = 18;
const E_SHOFF = 40;
const E_SHNUM = 60;
const E_SHSTRNDX = 62;
export const ELF_HEADER_SIZE = 64;
const SECTION_HEADER_SIZE = 64;
const SHT_NULL = 0;
export const SHT_SYMTAB = 2;
export const SHT_STRTAB = 3;
const SHT_NOBITS = 8;
export const SHT_REL = 9;
/** include/uapi/linux/elf-em.h */
const EM_BPF = 247;

export interface Section {
  readonly name: string;
  readonly type: number;
  /** The header as it was; what changes is written over it. */
  readonly header: Uint8Array;
  readonly alignment: number;
  content: Uint8Array;
  link: number;
  info: number;
}

export interface Elf {
  readonly header: Uint8Array;
  readonly little: boolean;
  readonly sections: Section[];
  /** Index of the section that holds the sections' names. */
  strings: number;
}

/** What is not an object for BPF, or not whole. */
export class NotAnObject extends RangeError {
  override readonly name = 'NotAnObject';
}

/** @throws NotAnObject */
export function readElf(object: Uint8Array): Elf {
  const view = dataView(object);
  const magic = object.length >= ELF_HEADER_SIZE && view.getUint32(0) === 0x7f454c46;
  if (!magic) throw new NotAnObject('it is no ELF object');
  const little = object[EI_DATA] === ELFDATA2LSB;
  if (object[EI_CLASS] !== ELFCLASS64 || view.getUint16(E_MACHINE, little) !== EM_BPF) {
    throw new NotAnObject('it is an ELF file, but not for BPF');
  }
  try {
    const sections = readSections(object, view, little);
    const header = copy(object.subarray(0, ELF_HEADER_SIZE));
    return { header, little, sections, strings: view.getUint16(E_SHSTRNDX, little) };
  } catch (error) {
    // What a view says of an offset behind its end.
    if (!(error instanceof RangeError)) throw error;
    throw new NotAnObject('its section headers point beyond its end: it is cut or damaged');
  }
}

function readSections(object: Uint8Array, view: DataView, little: boolean): Section[] {
  const part = (offset: number, size: number): Uint8Array => {
    if (offset + size > object.length) throw new RangeError('beyond the end');
    return copy(object.subarray(offset, offset + size));
  };
  const table = Number(view.getBigUint64(E_SHOFF, little));
  const header = (index: number): Uint8Array =>
    part(table + index * SECTION_HEADER_SIZE, SECTION_HEADER_SIZE);
  const content = (from: DataView): Uint8Array => {
    if (from.getUint32(4, little) === SHT_NOBITS) return new Uint8Array();
    return part(Number(from.getBigUint64(24, little)), Number(from.getBigUint64(32, little)));
  };
  const names = content(dataView(header(view.getUint16(E_SHSTRNDX, little))));
  return Array.from({ length: view.getUint16(E_SHNUM, little) }, (_, index) => {
    const bytes = header(index);
    const fields = dataView(bytes);
    return {
      name: stringAt(names, fields.getUint32(0, little)),
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
export function writeElf({ header: old, little, sections, strings }: Elf): Uint8Array {
  const header = copy(old);
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

/** Adds a section that no loader puts into memory, behind the others. */
export function appendSection(elf: Elf, name: string, type: number, content: Uint8Array): void {
  const strings = elf.sections[elf.strings]!;
  const header = new Uint8Array(SECTION_HEADER_SIZE);
  const fields = dataView(header);
  fields.setUint32(0, strings.content.length, elf.little);
  fields.setUint32(4, type, elf.little);
  fields.setBigUint64(48, 1n, elf.little);
  strings.content = concat([strings.content, Buffer.from(`${name}\0`)]);
  elf.sections.push({ name, type, header, alignment: 1, content, link: 0, info: 0 });
}

/** The string of a table that begins at an offset. */
export function stringAt(table: Uint8Array, offset: number): string {
  const end = table.indexOf(0, offset);
  return Buffer.from(table.subarray(offset, end < 0 ? undefined : end)).toString('latin1');
}

/** Views of the entries of a table, to read and to write. */
export function entries(table: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.floor(table.length / size) }, (_, index) =>
    table.subarray(index * size, (index + 1) * size),
  );
}

/** slice() of a Buffer would be a view of it. */
const copy = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

export function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
