import { TYPE_SIZE } from './btf.ts';

/** BTF_KIND_* of include/uapi/linux/btf.h. */
export const KIND = {
  INT: 1,
  PTR: 2,
  ARRAY: 3,
  STRUCT: 4,
  UNION: 5,
  ENUM: 6,
  TYPEDEF: 8,
  VOLATILE: 9,
  CONST: 10,
  RESTRICT: 11,
  FUNC: 12,
  FUNC_PROTO: 13,
  VAR: 14,
  DATASEC: 15,
  DECL_TAG: 17,
  TYPE_TAG: 18,
  ENUM64: 19,
} as const;

/** Where a struct btf_type has its `info`, and its `size` or the number of another type. */
export const INFO = 4;
export const TYPE = 8;

export const kindOf = (type: DataView, little: boolean): number =>
  (type.getUint32(INFO, little) >>> 24) & 0x1f;

/** `vlen`: how many entries follow; of a FUNC, its linkage. */
export const lengthOf = (type: DataView, little: boolean): number =>
  type.getUint32(INFO, little) & 0xffff;

/** Where in a type others are named by their numbers, in bytes from its first. */
export function references(type: DataView, little: boolean): number[] {
  const entries = (size: number, at: number): number[] =>
    Array.from({ length: lengthOf(type, little) }, (_, index) => TYPE_SIZE + index * size + at);
  switch (kindOf(type, little)) {
    case KIND.PTR:
    case KIND.TYPEDEF:
    case KIND.VOLATILE:
    case KIND.CONST:
    case KIND.RESTRICT:
    case KIND.FUNC:
    case KIND.VAR:
    case KIND.DECL_TAG:
    case KIND.TYPE_TAG:
      return [TYPE];
    case KIND.ARRAY:
      return [TYPE_SIZE, TYPE_SIZE + 4];
    case KIND.STRUCT:
    case KIND.UNION:
      return entries(12, 4);
    case KIND.FUNC_PROTO:
      return [TYPE, ...entries(8, 4)];
    case KIND.DATASEC:
      return entries(12, 0);
    default:
      return [];
  }
}

/** The numbers of all types that some lead to, themselves included; void, 0, is none. */
export function reach(
  types: readonly DataView[],
  from: Iterable<number>,
  little: boolean,
): Set<number> {
  const reached = new Set<number>();
  const left = [...from];
  for (let number = left.pop(); number !== undefined; number = left.pop()) {
    const type = types[number - 1];
    if (type === undefined || reached.has(number)) continue;
    reached.add(number);
    for (const at of references(type, little)) left.push(type.getUint32(at, little));
  }
  return reached;
}
