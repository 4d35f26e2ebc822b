import { unite } from '../intervals.ts';
import { listOf, tupleListOf } from '../list.ts';
import type { AnyList, Interval } from '../types.ts';
import type { Cube } from './cubes.ts';
import type { Condition } from './question.ts';

/** Cubes that ask for the same bits of the same fields. */
export interface Group {
  /** What all of them ask for. */
  readonly guards: readonly Condition[];
  /** What else: one of a list, of these fields under masks. `undefined`: nothing. */
  readonly fields: readonly Omit<Condition, 'number'>[];
  readonly list: AnyList | undefined;
}

/** So few cubes are asked for one by one. */
const FEW_CUBES = 4;

/** A first field of so few numbers, such as the EtherType, is asked for before all others. */
const FEW_NUMBERS = 3;

/** @param bits all that a field may have, by field, in the order in which fields are asked for */
export function groupsOf(
  cubes: readonly Cube[],
  bits: ReadonlyMap<string, number>,
): readonly Group[] {
  const place = new Map([...bits.keys()].map((field, index) => [field, index]));
  const groups = new Map<string, (readonly Condition[])[]>();
  for (const cube of cubes) {
    const conditions = [...cube.values()].sort((a, b) => place.get(a.field)! - place.get(b.field)!);
    const key = conditions
      .map((each) => `${each.field}&${each.mask}${isTest(each) ? `=${each.number}` : ''}`)
      .join();
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [conditions]);
    else known.push(conditions);
  }
  return [...groups.values()]
    .flatMap(byFirstField)
    .flatMap((all) =>
      all.length < FEW_CUBES
        ? all.map((guards): Group => ({ guards, fields: [], list: undefined }))
        : [grouped(all, bits)],
    );
}

/** Whether it stands for a test that is none of equality: no table holds what that gives. */
const isTest = ({ field }: Condition): boolean => field.includes('>=');

type Cubes = readonly (readonly Condition[])[];

/** Apart by the numbers of the first field in which they differ, if these are few. */
function byFirstField(cubes: Cubes): readonly Cubes[] {
  const [first] = cubes as [readonly Condition[]];
  const at = first.findIndex(({ number }, index) => {
    return cubes.some((each) => each[index]!.number !== number);
  });
  if (at < 0) return [cubes];
  const parts = new Map<number, (readonly Condition[])[]>();
  for (const cube of cubes) {
    const { number } = cube[at]!;
    const known = parts.get(number);
    if (known === undefined) parts.set(number, [cube]);
    else known.push(cube);
    if (parts.size > FEW_NUMBERS) return [cubes];
  }
  const isWorthIt = [...parts.values()].every(({ length }) => length >= FEW_CUBES);
  return isWorthIt ? [...parts.values()].flatMap(byFirstField) : [cubes];
}

function grouped(cubes: Cubes, bits: ReadonlyMap<string, number>): Group {
  const [first] = cubes as [readonly Condition[]];
  const differs = first.map(({ number }, at) => cubes.some((each) => each[at]!.number !== number));
  const guards = first.filter((_, at) => !differs[at]);
  const rows = cubes.map((each) => each.filter((_, at) => differs[at]).map(({ number }) => number));
  const fields = first.filter((_, at) => differs[at]).map(({ field, mask }) => ({ field, mask }));
  return { guards, fields, list: asIntervals(rows, fields, bits) ?? tupleListOf(rows) };
}

/** One number under a mask of the highest bits. */
function asIntervals(
  rows: readonly (readonly number[])[],
  fields: Group['fields'],
  bits: ReadonlyMap<string, number>,
): AnyList | undefined {
  const [field] = fields;
  if (fields.length !== 1 || field === undefined) return undefined;
  const below = ((field.mask & -field.mask) >>> 0) - 1;
  if ((field.mask | below) >>> 0 !== bits.get(field.field)) return undefined;
  return listOf(unite(rows.map(([number]): Interval => [number!, number! + below])));
}
