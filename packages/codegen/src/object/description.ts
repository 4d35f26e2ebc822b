import {
  appendSection,
  dataView,
  type Elf,
  entries,
  readElf,
  SHT_STRTAB,
  SHT_SYMTAB,
  stringAt,
  writeElf,
} from './elf.ts';
import type { Target } from './flags.ts';
import { SYMBOL_SIZE } from './strip-debug.ts';

/** What an object says of itself, as JSON, in a section of its own. */
export interface Description {
  /** Of this text; a reader that knows less must say so. */
  readonly format: typeof FORMAT;
  /** Version of what made it. */
  readonly hookdump: string;
  readonly filters: readonly DescribedFilter[];
  /** `KIND:TARGET`, in the order of a record's `hook`. */
  readonly hooks: readonly string[];
  /** The file name of the C that somebody else wrote around the filter. */
  readonly template?: string;
  readonly target: Target;
  /** As it names itself: `Debian clang version 14.0.6`. */
  readonly clang: string;
}

export interface DescribedFilter {
  /** Where there are several. */
  readonly name?: string;
  readonly text: string;
  /** libpcap's names of what packets may begin with. */
  readonly linkTypes: readonly string[];
  /** That the form without branches was asked for. */
  readonly branchFree?: boolean;
}

/** A program that a loader finds in an object. */
export interface ObjectProgram {
  readonly name: string;
  /** The section, which tells loaders what kind of program it is. */
  readonly section: string;
}

const FORMAT = 1;
const SECTION = '.hookdump';
const SHF_EXECINSTR = 4n;
const STB_GLOBAL = 1;
const STT_FUNC = 2;

/**
 * Writes a description into an object.
 *
 * The section is one of strings (SHT_STRTAB): of any other type that it does not know, libbpf says on
 * standard error that it skips it. Such a section begins and ends with a NUL.
 */
export function describeObject(
  object: Uint8Array,
  description: Omit<Description, 'format'>,
): Uint8Array {
  const elf = readElf(object);
  const text = `\0${JSON.stringify({ format: FORMAT, ...description })}\0`;
  appendSection(elf, SECTION, SHT_STRTAB, Buffer.from(text));
  return writeElf(elf);
}

/** What can be told of an object, whoever made it. */
export interface Inspected {
  readonly programs: readonly ObjectProgram[];
  /** `undefined`: it is not one of ours. */
  readonly description?: Description;
  /** It is one of ours, but of a later format than this version knows. */
  readonly isLater: boolean;
}

/** @throws NotAnObject */
export function inspectObject(object: Uint8Array): Inspected {
  const elf = readElf(object);
  const programs = listPrograms(elf);
  const section = elf.sections.find(({ name }) => name === SECTION);
  const read = section === undefined ? undefined : parse(section.content);
  if (read === undefined) return { programs, isLater: false };
  if (read.format !== FORMAT) return { programs, isLater: true };
  return { programs, description: read as Description, isLater: false };
}

function parse(content: Uint8Array): { readonly format?: unknown } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content.subarray(1, -1));
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function listPrograms({ sections, little }: Elf): ObjectProgram[] {
  const table = sections.find(({ type }) => type === SHT_SYMTAB);
  const names = table && sections[table.link];
  if (table === undefined || names === undefined) return [];
  return entries(table.content, SYMBOL_SIZE).flatMap((symbol) => {
    const fields = dataView(symbol);
    const section = sections[fields.getUint16(6, little)];
    const isProgram = symbol[4] === ((STB_GLOBAL << 4) | STT_FUNC) && isExecutable(section);
    // Functions that programs call stand in .text.
    if (!isProgram || section === undefined || section.name === '.text') return [];
    const name = stringAt(names.content, fields.getUint32(0, little));
    return [{ name, section: section.name }];
  });

  function isExecutable(section: Elf['sections'][number] | undefined): boolean {
    if (section === undefined) return false;
    return (dataView(section.header).getBigUint64(8, little) & SHF_EXECINSTR) !== 0n;
  }
}
