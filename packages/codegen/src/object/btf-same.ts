import { INFO, KIND, kindOf, references, TYPE } from './btf-kinds.ts';

/*
 * Types that differ by their names or qualifiers alone. Sizes, offsets and kinds are all that the
 * kernel and loaders ask of the type of a variable or a member; the compiler describes `__u32`, `const
 * volatile __u32` and `unsigned int` by a type each.
 */

const QUALIFIERS: readonly number[] = [KIND.VOLATILE, KIND.CONST, KIND.RESTRICT];

/** What it may be called otherwise: the kernel looks for the name of a struct that is a context. */
const UNNAMED: readonly number[] = [KIND.INT, KIND.PTR, KIND.ARRAY, KIND.ENUM, KIND.ENUM64];

/** Kinds that are the same where they say the same. */
const PLAIN: readonly number[] = [KIND.INT, KIND.PTR, KIND.ARRAY, KIND.FUNC_PROTO];

/** Lets every type name what stands behind qualifiers, and behind names of what is no struct. */
export function skipNames(types: readonly DataView[], little: boolean): void {
  const kindAt = (number: number): number | undefined => {
    const type = types[number - 1];
    return type && kindOf(type, little);
  };
  const behind = (number: number): number => {
    const kind = kindAt(number);
    if (kind === undefined) return number;
    const isName = kind === KIND.TYPEDEF;
    if (!isName && !QUALIFIERS.includes(kind)) return number;
    const next = behind(types[number - 1]!.getUint32(TYPE, little));
    return isName && !UNNAMED.includes(kindAt(next) ?? 0) ? number : next;
  };
  for (const type of types) {
    // A tag says something of the very type that it names.
    if (kindOf(type, little) === KIND.DECL_TAG) continue;
    for (const at of references(type, little)) {
      type.setUint32(at, behind(type.getUint32(at, little)), little);
    }
  }
}

/**
 * Lets every type name the first of those that say the same.
 *
 * @returns by number, that of the first
 */
export function mergeSame(types: readonly DataView[], little: boolean): Map<number, number> {
  const firstOf = new Map<number, number>([[0, 0]]);
  for (const index of types.keys()) firstOf.set(index + 1, index + 1);
  // What is the same may make the same of others, which name it.
  for (let before = -1, merged = 0; merged !== before; ) {
    before = merged;
    merged = 0;
    const seen = new Map<string, number>();
    for (const [index, type] of types.entries()) {
      for (const at of references(type, little)) {
        type.setUint32(at, firstOf.get(type.getUint32(at, little))!, little);
      }
      const kind = kindOf(type, little);
      if (!PLAIN.includes(kind)) continue;
      const text = textOf(type, kind, little);
      const first = seen.get(text);
      if (first === undefined) seen.set(text, index + 1);
      else merged++;
      firstOf.set(index + 1, first ?? index + 1);
    }
  }
  return firstOf;
}

function textOf(type: DataView, kind: number, little: boolean): string {
  const bytes = Buffer.from(type.buffer, type.byteOffset, type.byteLength);
  // `info` of a pointer has nothing but its kind.
  return kind === KIND.PTR
    ? `${type.getUint32(INFO, little)} ${type.getUint32(TYPE, little)}`
    : bytes.toString('latin1');
}
