import { EXT, LINE, type Records, readRecords, stringOf, typesOf, withLines } from './btf.ts';

const COLUMN_BITS = 10;

/** struct bpf_func_info of include/uapi/linux/bpf.h: the instruction and the function's type. */
const FUNCTION = { instruction: 0, type: 4 } as const;

/** Lines of the source, from `first` to `last`, counted from 1. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The lines that messages are to quote. */
export interface Shown {
  readonly lines: readonly LineRange[];
  /** Functions of which none is quoted. */
  readonly except?: RegExp;
}

/**
 * Leaves one entry of .BTF.ext for each line that instructions in a row were made of. clang writes
 * one for each column, but verifier messages show lines. Of lines that are not `shown`, messages say
 * what function they are in, which is a name that BTF has anyway: the text of a line takes more room
 * than what is made of it. A function begins with an entry of its own, which the kernel asks for
 * (check_btf_line() of kernel/bpf/verifier.c).
 *
 * @param btf section .BTF
 * @param shown all, if not given
 * @returns a new section .BTF.ext
 */
export function mergeLineInfo(
  btf: Uint8Array,
  section: Uint8Array,
  little: boolean,
  shown?: Shown,
): Uint8Array {
  const functions = readRecords(section, EXT.functions, little);
  const lines = readRecords(section, EXT.lines, little);
  if (shown !== undefined) nameFunctions(lines, functions, btf, little, shown);
  const merged = [...lines].map(([name, records]) => {
    const starts = startsOf(functions, name, little);
    return [name, mergeLines(records, starts, little)] as const;
  });
  return withLines(section, new Map(merged), little);
}

const startsOf = (functions: Records, section: number, little: boolean): Set<number> =>
  new Set(functions.get(section)?.map((each) => each.getUint32(FUNCTION.instruction, little)));

/** Writes the function's name in place of a text that is not to be shown, and line 0. */
function nameFunctions(
  lines: Records,
  functions: Records,
  btf: Uint8Array,
  little: boolean,
  { lines: ranges, except }: Shown,
): void {
  const types = typesOf(btf, little);
  for (const [section, records] of lines) {
    const within = [...(functions.get(section) ?? [])];
    let name: number | undefined;
    let isExcept = false;
    for (const record of records) {
      const at = record.getUint32(LINE.instruction, little);
      while (within[0] !== undefined && within[0].getUint32(FUNCTION.instruction, little) <= at) {
        const type = types[within.shift()!.getUint32(FUNCTION.type, little) - 1];
        name = type?.getUint32(0, little);
        isExcept = name !== undefined && except?.test(stringOf(btf, name, little)) === true;
      }
      const line = record.getUint32(LINE.lineAndColumn, little) >>> COLUMN_BITS;
      const isShown = !isExcept && ranges.some(({ first, last }) => first <= line && line <= last);
      if (name === undefined || isShown) continue;
      record.setUint32(LINE.text, name, little);
      record.setUint32(LINE.lineAndColumn, 0, little);
    }
  }
}

function mergeLines(
  records: readonly DataView[],
  starts: ReadonlySet<number>,
  little: boolean,
): DataView[] {
  return records.filter((record, index) => {
    const field = (at: number): number => record.getUint32(at, little);
    const before = records[index - 1];
    const isSame =
      before?.getUint32(LINE.text, little) === field(LINE.text) &&
      before.getUint32(LINE.lineAndColumn, little) >>> COLUMN_BITS ===
        field(LINE.lineAndColumn) >>> COLUMN_BITS;
    return !isSame || starts.has(field(LINE.instruction));
  });
}
