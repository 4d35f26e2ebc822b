import { EXT, readRecords, stringOf, TYPE_SIZE, typesOf, withTypes } from './btf.ts';
import { leaveAccessed } from './btf-accesses.ts';
import { INFO, KIND, kindOf, lengthOf, reach, references, TYPE } from './btf-kinds.ts';
import { mergeSame, skipNames } from './btf-same.ts';

/*
 * Types of an object that nobody asks for. The compiler describes what every function takes; of functions
 * that are not global neither the kernel nor a loader looks at that (btf_check_subprog_call() of
 * kernel/bpf/btf.c takes what the verifier knows of registers).
 */

/** Kinds that nothing needs to name for them to be needed. */
const ROOTS: readonly number[] = [KIND.FUNC, KIND.DATASEC, KIND.DECL_TAG];

/** A section that loaders read as such. */
const UNTYPED_SECTION = 'license';

/** enum btf_func_linkage */
const STATIC = 0;

/** struct bpf_func_info and struct bpf_core_relo of include/uapi/linux/bpf.h have a type's number here. */
const TYPE_OF_RECORD = 4;

/**
 * Leaves the types that are asked for: of global functions, variables, maps and relocations. Functions
 * that are not global all take nothing, by their types. Writes into `ext`.
 *
 * @param btf section .BTF
 * @param ext section .BTF.ext
 * @returns a new section .BTF
 */
export function pruneTypes(btf: Uint8Array, ext: Uint8Array, little: boolean): Uint8Array {
  const types = typesOf(btf, little);
  const records = [EXT.functions, EXT.relocations].flatMap((field) =>
    [...readRecords(ext, field, little).values()].flat(),
  );
  forgetParameters(types, little);
  const accessed = leaveAccessed(types, btf, ext, little);
  skipNames(types, little);
  const numbersOf = mergeSame(types, little);
  for (const record of records) renumber(record, TYPE_OF_RECORD, numbersOf);

  const isRoot = (type: DataView): boolean =>
    ROOTS.includes(kindOf(type, little)) &&
    stringOf(btf, type.getUint32(0, little), little) !== UNTYPED_SECTION;
  const needed = reach(
    types,
    [
      ...types.flatMap((type, index) => (isRoot(type) ? [index + 1] : [])),
      ...records.map((record) => record.getUint32(TYPE_OF_RECORD, little)),
    ],
    little,
  );
  // Type 0 is void.
  const numbers = new Map([[0, 0]]);
  for (const number of types.keys())
    if (needed.has(number + 1)) numbers.set(number + 1, numbers.size);
  const kept = types.filter((_, index) => needed.has(index + 1));
  for (const type of kept) for (const at of references(type, little)) renumber(type, at, numbers);
  for (const record of records) renumber(record, TYPE_OF_RECORD, numbers);
  return withTypes(accessed, kept, little);

  function renumber(view: DataView, at: number, by: ReadonlyMap<number, number>): void {
    view.setUint32(at, by.get(view.getUint32(at, little))!, little);
  }
}

/** One prototype, without parameters, for all functions that are not global. */
function forgetParameters(types: DataView[], little: boolean): void {
  let shared: number | undefined;
  for (const type of types) {
    if (kindOf(type, little) !== KIND.FUNC || lengthOf(type, little) !== STATIC) continue;
    shared ??= type.getUint32(TYPE, little);
    type.setUint32(TYPE, shared, little);
  }
  if (shared === undefined) return;
  const prototype = types[shared - 1]!;
  prototype.setUint32(INFO, KIND.FUNC_PROTO << 24, little);
  types[shared - 1] = new DataView(prototype.buffer, prototype.byteOffset, TYPE_SIZE);
}
