import { EXT, readRecords, stringOf, TYPE_SIZE, withStrings } from './btf.ts';
import { INFO, KIND, kindOf, lengthOf, reach, references, TYPE } from './btf-kinds.ts';

/*
 * Relocations (CO-RE) name members of structs and enumerators by places in a string such as "0:4:1"; a
 * loader then looks for their names in the running kernel's BTF. Members that no relocation names say
 * nothing: they are there because the source declares a struct once for all hooks.
 */

/** struct bpf_core_relo of include/uapi/linux/bpf.h. */
const RELOCATION = { type: 4, access: 8, kind: 12 } as const;

/** enum bpf_core_relo_kind: numbers 6 to 9 and 12 are of a type and not of what it has. */
const OF_TYPES: readonly number[] = [6, 7, 8, 9, 12];

/** Those that ask for all of it: BPF_CORE_TYPE_ID_LOCAL, BPF_CORE_TYPE_MATCHES. */
const OF_WHOLE_TYPES: readonly number[] = [6, 12];

const MEMBER = { size: 12, type: 4 } as const;

/** Bytes of an entry, of kinds whose entries can be left out. */
const ENTRY: Readonly<Record<number, number>> = {
  [KIND.STRUCT]: MEMBER.size,
  [KIND.UNION]: MEMBER.size,
  [KIND.ENUM]: 8,
  [KIND.ENUM64]: 12,
};

/**
 * Leaves the members and enumerators that relocations name, of types that belong to no variable or
 * map. What their pointers point at is not said: relocations end at pointers. Puts others in the
 * place of `types`, and writes into `ext`.
 *
 * @param btf section .BTF
 * @param ext section .BTF.ext
 * @returns .BTF with the strings that relocations have then
 */
export function leaveAccessed(
  types: DataView[],
  btf: Uint8Array,
  ext: Uint8Array,
  little: boolean,
): Uint8Array {
  const relocations = [...readRecords(ext, EXT.relocations, little).values()].flat();
  const field = (record: DataView, at: number): number => record.getUint32(at, little);
  const isWhole = (record: DataView): boolean =>
    OF_WHOLE_TYPES.includes(field(record, RELOCATION.kind));
  const whole = reach(
    types,
    [
      ...knownWhole(types, little),
      ...relocations.filter(isWhole).map((record) => field(record, RELOCATION.type)),
    ],
    little,
  );
  const isSparse = (number: number): boolean =>
    !whole.has(number) && entrySize(types[number - 1], little) !== undefined;

  const accesses = relocations
    .filter((record) => !OF_TYPES.includes(field(record, RELOCATION.kind)))
    .map((record) => {
      const text = stringOf(btf, field(record, RELOCATION.access), little);
      const steps = stepsOf(types, field(record, RELOCATION.type), text, little);
      return { record, steps };
    });
  const named = new Map<number, Set<number>>();
  for (const { type, entry } of accesses.flatMap(({ steps }) => steps)) {
    if (!named.has(type)) named.set(type, new Set());
    named.get(type)!.add(entry);
  }
  const places = new Map<number, readonly number[]>();
  const somewhere = types.push(pointerToVoid(little));
  for (const [index, type] of types.entries()) {
    if (!isSparse(index + 1)) continue;
    const kept = [...(named.get(index + 1) ?? [])].sort((a, b) => a - b);
    places.set(index + 1, kept);
    types[index] = withEntries(type, kept, little);
    for (const at of references(types[index], little)) {
      const member = types[types[index].getUint32(at, little) - 1];
      if (member && kindOf(member, little) === KIND.PTR)
        types[index].setUint32(at, somewhere, little);
    }
  }

  const texts = accesses.map(({ steps }) =>
    steps.map(({ type, entry }) => places.get(type)?.indexOf(entry) ?? entry).join(':'),
  );
  const { section, places: at } = withStrings(btf, texts, little);
  for (const [index, { record }] of accesses.entries()) {
    record.setUint32(RELOCATION.access, at[index]!, little);
  }
  return section;
}

/** Variables and maps, whose bytes are shown by their types, and tags, which count members. */
const knownWhole = (types: readonly DataView[], little: boolean): number[] =>
  types.flatMap((type, index) =>
    [KIND.VAR, KIND.DECL_TAG].some((kind) => kind === kindOf(type, little)) ? [index + 1] : [],
  );

function pointerToVoid(little: boolean): DataView {
  const pointer = new DataView(new ArrayBuffer(TYPE_SIZE));
  pointer.setUint32(INFO, KIND.PTR << 24, little);
  return pointer;
}

const entrySize = (type: DataView | undefined, little: boolean): number | undefined =>
  type && ENTRY[kindOf(type, little)];

/** One number of an access: an entry of a type, or an index into an array or behind a pointer. */
interface Step {
  /** 0: no type whose entries could be left out. */
  readonly type: number;
  readonly entry: number;
}

function stepsOf(
  types: readonly DataView[],
  root: number,
  access: string,
  little: boolean,
): readonly Step[] {
  const [first, ...rest] = access.split(':').map(Number);
  let number = plain(root);
  // Of an enumeration the first number is the enumerator; else, as in C, how many of it further on.
  if (rest.length === 0 && isEnumeration(types[number - 1]))
    return [{ type: number, entry: first! }];
  const steps: Step[] = [{ type: 0, entry: first! }];
  for (const entry of rest) {
    const type = types[number - 1]!;
    if (kindOf(type, little) === KIND.ARRAY) {
      steps.push({ type: 0, entry });
      number = plain(type.getUint32(TYPE_SIZE, little));
    } else {
      steps.push({ type: number, entry });
      number = plain(type.getUint32(TYPE_SIZE + entry * MEMBER.size + MEMBER.type, little));
    }
  }
  return steps;

  function plain(from: number): number {
    const type = types[from - 1];
    return type && NAMES.includes(kindOf(type, little))
      ? plain(type.getUint32(TYPE, little))
      : from;
  }

  function isEnumeration(type: DataView | undefined): boolean {
    return (
      type !== undefined && [KIND.ENUM, KIND.ENUM64].some((kind) => kind === kindOf(type, little))
    );
  }
}

const NAMES: readonly number[] = [
  KIND.TYPEDEF,
  KIND.VOLATILE,
  KIND.CONST,
  KIND.RESTRICT,
  KIND.TYPE_TAG,
];

/** The type with some of its entries. */
function withEntries(type: DataView, kept: readonly number[], little: boolean): DataView {
  const size = entrySize(type, little)!;
  const all = new Uint8Array(type.buffer, type.byteOffset, type.byteLength);
  const entries = kept.map((entry) => all.subarray(TYPE_SIZE + entry * size).subarray(0, size));
  const bytes = Uint8Array.from(Buffer.concat([all.subarray(0, TYPE_SIZE), ...entries]));
  const made = new DataView(bytes.buffer);
  const info = type.getUint32(INFO, little) - lengthOf(type, little) + kept.length;
  made.setUint32(INFO, info, little);
  return made;
}
