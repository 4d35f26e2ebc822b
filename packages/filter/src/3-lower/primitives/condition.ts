import type { RelationOp } from '../../ast/types.ts';
import type { BlockId, TestOp } from '../../ir/types.ts';
import type { Builder, Targets } from '../builder.ts';
import type { FieldTest, Place } from '../headers.ts';
import { fieldIs } from '../links/index.ts';
import type { Tree } from '../tree.ts';

/** Makes the blocks that decide something, in front of what they lead to. */
export type Blocks = (build: Builder, to: Targets) => BlockId;

/**
 * Something that holds of a packet or not: known before any packet is there, or to be decided by
 * blocks. It is known before blocks are made because what is combined with a known condition
 * vanishes, and its loads with it: those could have rejected a truncated packet. libpcap 1.11 does
 * the same (gencode.c: gen_and(), gen_or()).
 */
export type Condition = boolean | Blocks;

/** One after the other, as long as they hold. */
export function allOf(...conditions: readonly Condition[]): Condition {
  return conditions.reduceRight(both, true);
}

/** One after the other, until one holds. */
export function anyOf(...conditions: readonly Condition[]): Condition {
  return conditions.reduceRight(either, false);
}

function both(second: Condition, first: Condition): Condition {
  if (first === false || second === true) return first;
  if (second === false || first === true) return second;
  return (build, to) => first(build, { yes: second(build, to), no: to.no });
}

function either(second: Condition, first: Condition): Condition {
  if (first === true || second === false) return first;
  if (second === true || first === false) return second;
  return (build, to) => first(build, { yes: to.yes, no: second(build, to) });
}

export function negate(condition: Condition): Condition {
  if (typeof condition === 'boolean') return !condition;
  return (build, to) => condition(build, { yes: to.no, no: to.yes });
}

/** One condition or the other, after a test that decides which. */
export function choose(test: Blocks, ifSo: Condition, ifNot: Condition): Blocks;
export function choose(test: Condition, ifSo: Condition, ifNot: Condition): Condition;
export function choose(test: Condition, ifSo: Condition, ifNot: Condition): Condition {
  if (typeof test === 'boolean') return test ? ifSo : ifNot;
  const yes = toBlocks(ifSo);
  const no = toBlocks(ifNot);
  return (build, to) => test(build, { yes: yes(build, to), no: no(build, to) });
}

/** Blocks for any condition: none for one that is known. */
export const toBlocks = (condition: Condition): Blocks =>
  typeof condition === 'boolean' ? (_build, to) => (condition ? to.yes : to.no) : condition;

/** Puts a value into a scratch word; holds always. */
export function store(word: number, value: Tree): Blocks {
  return (build, to) => build.store(word, value, to.yes);
}

/** Ends the program: the packet is rejected, whatever stands around this in the filter. */
export const reject: Blocks = (build) => build.return(0);

/** A comparison of a field with a number, under a mask. An empty mask asks nothing, and loads nothing. */
export function field(place: Place, test: FieldTest): Condition {
  if (test.mask === 0) return (test.value === 0) !== (test.negated === true);
  return (build, to) => fieldIs(build, place, test, to);
}

/** Do the two have a bit in common? */
export function bitsIn(value: Tree, mask: Tree): Blocks {
  return (build, to) => build.test('&', value, mask, to);
}

/** IR tests for the relational operators; the others of a pair are the same with the ways swapped. */
const tests: Readonly<Record<RelationOp, { readonly op: TestOp; readonly negated: boolean }>> = {
  '=': { op: '==', negated: false },
  '!=': { op: '==', negated: true },
  '>': { op: '>', negated: false },
  '>=': { op: '>=', negated: false },
  '<': { op: '>=', negated: true },
  '<=': { op: '>', negated: true },
};

export function compare(relation: RelationOp, left: Tree, right: Tree): Blocks {
  const { op, negated } = tests[relation];
  return (build, to) => build.test(op, left, right, negated ? { yes: to.no, no: to.yes } : to);
}
