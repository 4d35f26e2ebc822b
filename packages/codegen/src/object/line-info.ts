import { concat, dataView } from './elf.ts';

/*
 * Section .BTF.ext: struct btf_ext_header and btf_ext_info_sec of the kernel's tools/lib/bpf/btf.h.
 * Offsets of the parts count from the end of the header.
 */
const HEADER = { length: 4, functions: 8, lines: 16 } as const;

/** struct bpf_line_info of include/uapi/linux/bpf.h: the instruction, file, text, line and column. */
const LINE = { instruction: 0, text: 8, lineAndColumn: 12 } as const;
const COLUMN_BITS = 10;

/** struct bpf_func_info: it begins with the instruction as well. */
type Records = ReadonlyMap<number, readonly DataView[]>;

/**
 * Leaves one entry for each line that instructions in a row were made of. clang writes one for each
 * column, but verifier messages show lines. A function begins with an entry of its own, which the
 * kernel asks for (check_btf_line() of kernel/bpf/verifier.c).
 *
 * @returns a new section; the same, if there is nothing to leave out
 */
export function mergeLineInfo(section: Uint8Array, little: boolean): Uint8Array {
  const view = dataView(section);
  const word = (at: number): number => view.getUint32(at, little);
  const start = word(HEADER.length);
  const part = (field: number): Uint8Array =>
    section.subarray(start + word(field), start + word(field) + word(field + 4));
  const lines = part(HEADER.lines);
  const merged = mergeLines(lines, readRecords(part(HEADER.functions), little), little);
  if (merged.length === lines.length) return section;

  const header = Uint8Array.from(section.subarray(0, start));
  const fields = dataView(header);
  const after = word(HEADER.lines) + lines.length;
  const removed = lines.length - merged.length;
  fields.setUint32(HEADER.lines + 4, merged.length, little);
  // What stands behind the lines moves, CO-RE relocations for one.
  for (let field = HEADER.functions; field + 8 <= start; field += 8) {
    if (word(field) >= after) fields.setUint32(field, word(field) - removed, little);
  }
  const before = section.subarray(start, start + word(HEADER.lines));
  return concat([header, before, merged, section.subarray(start + after)]);
}

/** Records by the name of their section, which is a number in BTF's strings. */
function readRecords(part: Uint8Array, little: boolean): Records {
  const records = new Map<number, readonly DataView[]>();
  if (part.length < 4) return records;
  const view = dataView(part);
  const size = view.getUint32(0, little);
  for (let at = 4; at + 8 <= part.length; ) {
    const count = view.getUint32(at + 4, little);
    const first = at + 8;
    const all = Array.from({ length: count }, (_, index) =>
      dataView(part.subarray(first + index * size, first + (index + 1) * size)),
    );
    records.set(view.getUint32(at, little), all);
    at = first + count * size;
  }
  return records;
}

function mergeLines(part: Uint8Array, functions: Records, little: boolean): Uint8Array {
  const out: Uint8Array[] = [part.subarray(0, 4)];
  for (const [section, records] of readRecords(part, little)) {
    const starts = new Set(functions.get(section)?.map((record) => record.getUint32(0, little)));
    const kept = records.filter((record, index) => {
      const field = (at: number): number => record.getUint32(at, little);
      const before = records[index - 1];
      const isSame =
        before?.getUint32(LINE.text, little) === field(LINE.text) &&
        before.getUint32(LINE.lineAndColumn, little) >>> COLUMN_BITS ===
          field(LINE.lineAndColumn) >>> COLUMN_BITS;
      return !isSame || starts.has(field(LINE.instruction));
    });
    const head = new Uint8Array(8);
    dataView(head).setUint32(0, section, little);
    dataView(head).setUint32(4, kept.length, little);
    out.push(
      head,
      ...kept.map(
        ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
      ),
    );
  }
  return concat(out);
}
