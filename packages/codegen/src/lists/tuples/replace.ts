import type { BlockId, TestOp, Value, ValueId } from '@hookdump/filter';
import type { PreparedBlock } from '../../emit/prepared.ts';
import type { ListProgram } from '../graph.ts';
import type { MemberEnd } from '../types.ts';
import type { Expressions } from './expressions.ts';
import type { Group } from './groups.ts';
import type { Kept } from './kept.ts';
import { type Known, loadsFor } from './needs.ts';
import { type Condition, onesUpTo } from './question.ts';
import type { TupleRegion } from './region.ts';
import type { Expression } from './types.ts';
import { walkOf } from './walk.ts';

/** Values that are there, by expression. */
type Available = Map<number, ValueId>;

/**
 * Puts two forms in the place of a region: a walk through its tests for packets that are read with
 * care, and lookups in tables for those of which all loads succeed.
 *
 * @param exit where packets go that are in a group
 */
export function replace(
  program: ListProgram,
  region: TupleRegion,
  exit: BlockId,
  groups: readonly Group[],
  kept: Kept,
): ListProgram {
  const { steps, exits } = region;
  const writer = new Writer(program, region);
  const head = program.blocks.get(steps[0]!.block)!;
  const otherwise = exits[0] === exit ? exits[1] : exits[0];
  const walking = writer.walk(exit, otherwise);
  const asking = writer.groups(groups, exit, otherwise);
  const own = new Set(steps.map(({ block }) => block));
  const blocks = new Map<BlockId, PreparedBlock>();
  for (const [id, block] of program.blocks) {
    if (id === head.id) {
      const values = [...head.values, ...(kept.get(id) ?? [])];
      blocks.set(id, { ...head, values, end: { kind: 'way', yes: walking, no: asking } });
      for (const made of writer.blocks()) blocks.set(made.id, made);
    } else if (!own.has(id)) {
      const values = [...(kept.get(id) ?? []), ...block.values];
      blocks.set(id, { ...block, values });
    }
  }
  return { blocks, byId: writer.byId, constants: writer.constants };
}

class Writer {
  readonly #blocks: PreparedBlock[] = [];
  readonly #leaving: PreparedBlock[] = [];
  readonly byId: Map<ValueId, Value>;
  readonly constants: Map<ValueId, number>;
  readonly #region: TupleRegion;
  readonly #expressions: Expressions;
  /** The exits at which nothing is left to do but to reject, as where a load fails. */
  readonly #rejecting: ReadonlySet<BlockId>;
  #nextValue: number;
  #nextBlock: number;

  constructor({ blocks, byId, constants }: ListProgram, region: TupleRegion) {
    this.#region = region;
    this.#rejecting = new Set(
      region.exits.filter((exit) => {
        const { values, end } = blocks.get(exit)!;
        return values.length === 0 && end.kind === 'return' && end.value === 0;
      }),
    );
    this.byId = new Map(byId);
    this.constants = new Map(constants);
    this.#expressions = region.expressions;
    this.#nextValue = 1 + largest(byId.keys());
    this.#nextBlock = 1 + largest(blocks.keys());
  }

  /** What has been written, in order. */
  blocks(): readonly PreparedBlock[] {
    return [...this.#blocks, ...this.#leaving];
  }

  walk(yes: BlockId, no: BlockId): BlockId {
    const { walk, given } = walkOf(this.#region, yes);
    const values: Value[] = [];
    const available: Available = new Map();
    const arguments_ = given.map((number) => this.#value(number, available, values));
    const id = this.#block();
    this.#push(id, values, { kind: 'walk', walk, values: arguments_, yes, no });
    return id;
  }

  /** Asks one group after the other; those with the same guards behind these. */
  groups(groups: readonly Group[], yes: BlockId, no: BlockId): BlockId {
    const common = commonGuards(groups);
    const clusters = new Map<string, Group[]>();
    for (const group of groups) {
      const guards = group.guards.filter((each) => !common.some((other) => isSame(each, other)));
      const key = guards.map(({ field, mask, number }) => `${field}&${mask}=${number}`).join();
      const known = clusters.get(key);
      if (known === undefined) clusters.set(key, [{ ...group, guards }]);
      else known.push({ ...group, guards });
    }
    const available: Available = new Map();
    const start = this.#block();
    let at = start;
    common.forEach((guard, index) => {
      const known = { holds: common.slice(0, index), fails: [guard] };
      at = this.#guard([guard], at, this.#leave(no, known, available), available);
    });
    // Whoever is in no group has these guards at most.
    no = this.#leave(no, { holds: common, fails: [] }, available);
    // Those without guards come first: their loads are there for all others.
    const sorted = [...clusters.values()].sort((a, b) => a[0]!.guards.length - b[0]!.guards.length);
    sorted.forEach((cluster, index) => {
      const next = index === sorted.length - 1 ? no : this.#block();
      const [{ guards }] = cluster as [Group];
      const inside = guards.length === 0 ? available : new Map(available);
      at = this.#guard(guards, at, next, inside);
      // One entry alone is its guards and no more.
      const asked = cluster.filter(({ list }) => list !== undefined);
      const known = { holds: [...common, ...guards], fails: [] };
      if (asked.length < cluster.length) {
        this.#push(at, [], { kind: 'jump', to: this.#leave(yes, known, inside) });
      } else {
        let found: BlockId | undefined;
        asked.forEach((group, place) => {
          const behind = place === asked.length - 1 ? next : this.#block();
          const { made, ...question } = this.#question(group, inside);
          // Whatever is found where: what the first question has loaded is there.
          found ??= this.#leave(yes, known, inside);
          this.#push(at, made, { ...question, yes: found, no: behind });
          at = behind;
        });
      }
      at = next;
    });
    return start;
  }

  /**
   * Where packets go that leave for an exit: by a block that has the loads that they may have failed
   * at, unless that is the same to them.
   */
  #leave(exit: BlockId, known: Known, available: Available): BlockId {
    const loads = this.#rejecting.has(exit)
      ? []
      : furthest(loadsFor(this.#region, known), this.#expressions);
    if (loads.length === 0) return exit;
    const values: Value[] = [];
    const own: Available = new Map(available);
    for (const load of loads) this.#value(load, own, values);
    const id = this.#block();
    this.#leaving.push({ id, values, end: { kind: 'jump', to: exit } });
    return id;
  }

  /** Tests in a row, from the block `at` on; gives the block behind them. */
  #guard(
    conditions: readonly Condition[],
    at: BlockId,
    fail: BlockId,
    available: Available,
  ): BlockId {
    for (const condition of conditions) {
      const behind = this.#block();
      const values: Value[] = [];
      const { op, left, number, holds } = this.#test(condition, available, values);
      const right = this.#constant(number, values);
      const [yes, no] = holds ? [behind, fail] : [fail, behind];
      this.#push(at, values, { kind: 'branch', test: { op, left, right }, yes, no });
      at = behind;
    }
    return at;
  }

  /** A condition as one comparison, which it is that holds or fails. */
  #test(
    condition: Condition,
    available: Available,
    values: Value[],
  ): { op: TestOp; left: ValueId; number: number; holds: boolean } {
    const { field, mask, number } = condition;
    const atLeast = /^(\d+)>=(\d+)$/.exec(field);
    if (atLeast !== null) {
      const left = this.#value(Number(atLeast[1]), available, values);
      return { op: '>=', left, number: Number(atLeast[2]), holds: number === 1 };
    }
    if (number === 0 && !this.#isWhole(condition)) {
      // No bit of the mask, as filters ask for the fragment offset: tests of fields are merged so.
      const left = this.#value(Number(field), available, values);
      return { op: '&', left, number: mask, holds: false };
    }
    return { op: '==', left: this.#masked(condition, available, values), number, holds: true };
  }

  #isWhole({ field, mask }: Omit<Condition, 'number'>): boolean {
    const { most } = this.#expressions.all[Number(field)]!;
    return (onesUpTo(most) & ~mask) === 0;
  }

  /** What asks whether values are in a group's list, and what makes these values. */
  #question(
    { fields, list }: Group,
    available: Available,
  ): Pick<MemberEnd, 'kind' | 'list'> & { made: readonly Value[]; values: readonly ValueId[] } {
    const made: Value[] = [];
    const values = fields.map((field) =>
      // Intervals are of whole numbers, rows of what is left under masks.
      'rows' in list!
        ? this.#masked(field, available, made)
        : this.#value(Number(field.field), available, made),
    );
    return { kind: 'member', values, list: list!, made };
  }

  #masked(condition: Omit<Condition, 'number'>, available: Available, values: Value[]): ValueId {
    const number = Number(condition.field);
    const whole = this.#isWhole(condition);
    return this.#value(
      whole ? number : this.#expressions.masked(number, condition.mask),
      available,
      values,
    );
  }

  /** Adds what makes a value, if it is not there. */
  #value(number: number, available: Available, values: Value[]): ValueId {
    const known = this.#expressions.all[number]!.value ?? available.get(number);
    if (known !== undefined) return known;
    const { expression } = this.#expressions.all[number]!;
    const id =
      expression.kind === 'const'
        ? this.#constant(expression.value, values)
        : this.#add(this.#made(expression, available, values), values);
    available.set(number, id);
    return id;
  }

  #made(
    expression: Exclude<Expression, { kind: 'const' }>,
    available: Available,
    values: Value[],
  ): Value {
    const at = (number: number): ValueId => this.#value(number, available, values);
    if (expression.kind === 'given') return expression.value;
    const id = 0 as ValueId;
    if (expression.kind === 'arith') {
      const { op, left, right } = expression;
      return { kind: 'arith', id, op, left: at(left), right: at(right) };
    }
    const { size, offset, index } = expression;
    return { kind: 'load', id, size, offset, ...(index === undefined ? {} : { index: at(index) }) };
  }

  #add(value: Value, values: Value[]): ValueId {
    const own = { ...value, id: this.#nextValue++ as ValueId };
    this.byId.set(own.id, own);
    values.push(own);
    return own.id;
  }

  #constant(value: number, values: Value[]): ValueId {
    const id = this.#add({ kind: 'const', id: 0 as ValueId, value }, values);
    this.constants.set(id, value);
    return id;
  }

  #block(): BlockId {
    return this.#nextBlock++ as BlockId;
  }

  #push(id: BlockId, values: readonly Value[], end: PreparedBlock['end']): void {
    this.#blocks.push({ id, values, end });
  }
}

/** Of loads from one index, the one that ends last: if it succeeds, the others do. */
function furthest(loads: ReadonlySet<number>, { all }: Expressions): readonly number[] {
  const byIndex = new Map<number | undefined, { readonly load: number; readonly end: number }>();
  for (const load of loads) {
    const { expression } = all[load]!;
    if (expression.kind !== 'load') continue;
    const end = expression.offset + expression.size;
    const known = byIndex.get(expression.index);
    if (known === undefined || known.end < end) byIndex.set(expression.index, { load, end });
  }
  return [...byIndex.values()].map(({ load }) => load);
}

const isSame = (a: Condition, b: Condition): boolean =>
  a.field === b.field && a.mask === b.mask && a.number === b.number;

/** What every group asks for. */
function commonGuards(groups: readonly Group[]): readonly Condition[] {
  const [first, ...others] = groups as [Group, ...Group[]];
  return first.guards.filter((guard) =>
    others.every(({ guards }) => guards.some((each) => isSame(each, guard))),
  );
}

const largest = (ids: Iterable<number>): number => {
  let most = -1;
  for (const id of ids) most = Math.max(most, id);
  return most;
};
