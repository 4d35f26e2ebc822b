import { concat, dataView, stringAt } from './elf.ts';

/*
 * Sections .BTF and .BTF.ext: struct btf_header, btf_type and what follows it of
 * include/uapi/linux/btf.h; struct btf_ext_header and btf_ext_info_sec of the kernel's
 * tools/lib/bpf/btf.h. Offsets of parts count from the end of the header that tells them.
 */
const LENGTH = 4;
const BTF = { types: 8, strings: 16 } as const;
export const EXT = { functions: 8, lines: 16, relocations: 24 } as const;

/** struct btf_type, without what follows it. */
export const TYPE_SIZE = 12;

/** What follows a struct btf_type, by BTF_KIND_*: bytes once, and for each of its `vlen` entries. */
const TAILS: readonly {
  readonly once?: number;
  readonly each?: number;
  /** An entry begins with a name. */
  readonly named?: boolean;
}[] = [
  {},
  { once: 4 }, // INT
  {}, // PTR
  { once: 12 }, // ARRAY
  { each: 12, named: true }, // STRUCT
  { each: 12, named: true }, // UNION
  { each: 8, named: true }, // ENUM
  {}, // FWD
  {}, // TYPEDEF
  {}, // VOLATILE
  {}, // CONST
  {}, // RESTRICT
  {}, // FUNC
  { each: 8, named: true }, // FUNC_PROTO
  { once: 4 }, // VAR
  { each: 12 }, // DATASEC
  {}, // FLOAT
  { once: 4 }, // DECL_TAG
  {}, // TYPE_TAG
  { each: 12, named: true }, // ENUM64
];

/** One of the parts of a section that a header tells the place of. */
function partAt(section: Uint8Array, field: number, little: boolean): Uint8Array {
  const view = dataView(section);
  const word = (at: number): number => view.getUint32(at, little);
  // A header of an older clang may end before the field.
  if (field + 8 > word(LENGTH)) return new Uint8Array();
  const start = word(LENGTH) + word(field);
  return section.subarray(start, start + word(field + 4));
}

/** Puts parts of another length, one behind another, behind a header; `fields`: where it tells them. */
function withParts(
  section: Uint8Array,
  parts: readonly (readonly [field: number, part: Uint8Array])[],
  little: boolean,
): Uint8Array {
  const header = Uint8Array.from(section.subarray(0, dataView(section).getUint32(LENGTH, little)));
  let at = 0;
  for (const [field, part] of parts) {
    if (field + 8 > header.length) continue;
    dataView(header).setUint32(field, at, little);
    dataView(header).setUint32(field + 4, part.length, little);
    at += part.length;
  }
  return concat([header, ...parts.map(([, part]) => part)]);
}

/** The string of .BTF at an offset. */
export const stringOf = (section: Uint8Array, at: number, little: boolean): string =>
  stringAt(partAt(section, BTF.strings, little), at);

/** The types of .BTF in order, number 1 first; views of the section. */
export function typesOf(section: Uint8Array, little: boolean): DataView[] {
  const all = partAt(section, BTF.types, little);
  const view = dataView(all);
  const types: DataView[] = [];
  for (let at = 0; at + TYPE_SIZE <= all.length; ) {
    const { once = 0, each = 0 } = tailOf(view.getUint32(at + 4, little));
    const entries = view.getUint32(at + 4, little) & 0xffff;
    const end = at + TYPE_SIZE + once + entries * each;
    types.push(dataView(all.subarray(at, end)));
    at = end;
  }
  return types;
}

/** .BTF with other types. */
export function withTypes(
  section: Uint8Array,
  types: readonly DataView[],
  little: boolean,
): Uint8Array {
  const parts = [
    [BTF.types, concat(types.map(bytesOf))],
    [BTF.strings, partAt(section, BTF.strings, little)],
  ] as const;
  return withParts(section, parts, little);
}

/** .BTF with further strings, each by itself, and their places. */
export function withStrings(
  section: Uint8Array,
  texts: readonly string[],
  little: boolean,
): { readonly section: Uint8Array; readonly places: readonly number[] } {
  const strings = [partAt(section, BTF.strings, little)];
  let end = strings[0]!.length;
  const places = texts.map((text) => {
    const bytes = Buffer.from(`${text}\0`, 'latin1');
    strings.push(bytes);
    end += bytes.length;
    return end - bytes.length;
  });
  const parts = [
    [BTF.types, partAt(section, BTF.types, little)],
    [BTF.strings, concat(strings)],
  ] as const;
  return { section: withParts(section, parts, little), places };
}

function tailOf(info: number): (typeof TAILS)[number] {
  const kind = (info >>> 24) & 0x1f;
  const tail = TAILS[kind];
  if (tail === undefined)
    throw new RangeError(`the object's BTF has a type of unknown kind ${kind}`);
  return tail;
}

/** Records of a part of .BTF.ext by the name of their section, an offset in BTF's strings. */
export type Records = ReadonlyMap<number, readonly DataView[]>;

/** Reads a part of .BTF.ext; views of the section. */
export function readRecords(section: Uint8Array, field: number, little: boolean): Records {
  const part = partAt(section, field, little);
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

/** The section with other line records. */
export function withLines(section: Uint8Array, lines: Records, little: boolean): Uint8Array {
  const old = partAt(section, EXT.lines, little);
  const out: Uint8Array[] = [old.subarray(0, 4)];
  for (const [name, records] of lines) {
    const head = new Uint8Array(8);
    dataView(head).setUint32(0, name, little);
    dataView(head).setUint32(4, records.length, little);
    out.push(head, ...records.map(bytesOf));
  }
  const parts = [
    [EXT.functions, partAt(section, EXT.functions, little)],
    [EXT.lines, old.length === 0 ? old : concat(out)],
    [EXT.relocations, partAt(section, EXT.relocations, little)],
  ] as const;
  return withParts(section, parts, little);
}

/**
 * Leaves the strings of .BTF that it and .BTF.ext refer to: each once, or not at all where it is how
 * another ends, and lines without what indents them, which no message shows. Writes into both.
 */
export function packBtfStrings(btf: Uint8Array, ext: Uint8Array, little: boolean): Uint8Array {
  const old = partAt(btf, BTF.strings, little);
  const fields = [...stringFields(btf, ext, little)];
  const texts = fields.map(({ view, at }) =>
    stringAt(old, view.getUint32(at, little)).replace(/^\s+/, ''),
  );
  const { table, places } = packStrings(new Set(texts));
  for (const [index, { view, at }] of fields.entries()) {
    view.setUint32(at, places.get(texts[index]!)!, little);
  }
  const parts = [
    [BTF.types, partAt(btf, BTF.types, little)],
    [BTF.strings, table],
  ] as const;
  return withParts(btf, parts, little);
}

/** Where a string's place is told. */
interface StringField {
  readonly view: DataView;
  readonly at: number;
}

function* stringFields(
  btf: Uint8Array,
  ext: Uint8Array,
  little: boolean,
): Generator<StringField, void> {
  for (const type of typesOf(btf, little)) {
    const { each = 0, named = false } = tailOf(type.getUint32(4, little));
    yield { view: type, at: 0 };
    if (!named) continue;
    for (let at = TYPE_SIZE; at + each <= type.byteLength; at += each) yield { view: type, at };
  }
  for (const [field, strings] of STRINGS) {
    const part = partAt(ext, field, little);
    const view = dataView(part);
    for (let at = 4; at + 8 <= part.length; ) {
      yield { view, at };
      at += 8;
      for (let left = view.getUint32(at - 4, little); left > 0; left--) {
        for (const string of strings) yield { view, at: at + string };
        at += view.getUint32(0, little);
      }
    }
  }
}

/** A table of strings, the empty one first, and the place of each. */
export function packStrings(texts: ReadonlySet<string>): {
  readonly table: Uint8Array;
  readonly places: ReadonlyMap<string, number>;
} {
  const places = new Map([['', 0]]);
  const packed: Uint8Array[] = [Uint8Array.of(0)];
  let size = 1;
  // Turned round and sorted backwards, what ends another comes right behind it, or others that do.
  const turn = (text: string): string => [...text].reverse().join('');
  const order = [...texts].map(turn).sort().reverse().map(turn);
  let whole = '';
  for (const text of order.filter((each) => each !== '')) {
    if (whole.endsWith(text)) {
      places.set(text, size - 1 - text.length);
      continue;
    }
    places.set(text, size);
    packed.push(Buffer.from(`${text}\0`, 'latin1'));
    size += text.length + 1;
    whole = text;
  }
  return { table: concat(packed), places };
}

/** struct bpf_line_info of include/uapi/linux/bpf.h: the instruction, file, text, line and column. */
export const LINE = { instruction: 0, file: 4, text: 8, lineAndColumn: 12 } as const;

/** Where records of .BTF.ext name strings: struct bpf_func_info none, bpf_core_relo its access. */
const STRINGS = [
  [EXT.functions, []],
  [EXT.lines, [LINE.file, LINE.text]],
  [EXT.relocations, [8]],
] as const;

const bytesOf = ({ buffer, byteOffset, byteLength }: DataView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
