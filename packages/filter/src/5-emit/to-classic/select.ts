import { findDominators } from '../../ir/dominators.ts';
import type { BlockId, Program, Terminator, Test, TestOp } from '../../ir/types.ts';
import { testCodes } from '../instruction-set.ts';
import * as op from '../opcodes.ts';
import { TooManyValues } from '../too-many-values.ts';
import type { Choices } from './choices.ts';
import type { Code, End } from './code.ts';
import { type Expression, Kind, none } from './expression-table.ts';
import type { Expressions } from './expressions.ts';
import { Machine } from './machine.ts';
import { meet, type Registers, unknown, wordName } from './registers.ts';
import type { Request, Requests } from './requests.ts';

/** A test with its sides exchanged, and whether that is the contrary: `l > r` is not `r >= l`. */
const exchanged: Readonly<Record<TestOp, readonly [op: TestOp, isContrary: boolean]>> = {
  '==': ['==', false],
  '&': ['&', false],
  '>': ['>=', true],
  '>=': ['>', true],
};

/** Computing again what is used often can take exponentially long: this ends it. */
const mostPerValue = 64;

/**
 * Chooses instructions, block after block, following what A and X hold: what is still there on all
 * ways into a block is not computed again, and what is wanted is computed where it is wanted.
 *
 * @throws TooManyValues where computing them again takes too long
 */
export function select(program: Program, requests: Requests, choices: Choices): Code {
  const { expressions } = requests;
  const machine = new Machine(expressions, findDominators(program), choices);
  const limit = mostPerValue * (expressions.count + program.blocks.length + 100);
  const planned = new Int32Array(expressions.count).fill(none);
  const arriving: (Registers | undefined)[] = [unknown];
  const starts: number[] = [];
  const ends = program.blocks.map(({ id, end }): End => {
    starts.push(machine.code.length);
    if (machine.code.length > limit) throw new TooManyValues();
    machine.enter(id, arriving[id]!);
    arriving[id] = undefined;
    plan(requests, id, end, planned);
    for (const request of requests.blocks[id]!)
      fulfil(request, requests, choices, machine, planned[request.value] === id);
    const selected = selectEnd(end, expressions, machine);
    if (end.kind === 'branch') {
      const leaving = machine.registers;
      for (const to of [end.yes, end.no]) {
        const others = arriving[to];
        arriving[to] = others === undefined ? leaving : meet(others, leaving);
      }
    }
    return selected;
  });
  starts.push(machine.code.length);
  return { code: machine.code, k: machine.k, starts, ends, copies: machine.copies };
}

/** Marks with the block's number what is computed in it anyhow, for something else. */
function plan(
  { blocks, expressions }: Requests,
  block: BlockId,
  end: Terminator,
  planned: Int32Array,
): void {
  if (blocks[block]!.length === 0) return;
  const mark = (value: Expression): void => {
    if (value === none || planned[value] === block || expressions.costs.isLeaf[value]!) return;
    planned[value] = block;
    markOperands(value);
  };
  const markOperands = (value: Expression): void => {
    const kind = expressions.kind(value);
    if (kind !== Kind.arith && kind !== Kind.load) return;
    mark(expressions.left(value));
    mark(expressions.right(value));
  };
  for (const { kind, value } of blocks[block]!) {
    if (kind === 'store') mark(value);
    else markOperands(value);
  }
  if (end.kind === 'return-value') mark(expressions.of(end.value));
  if (end.kind === 'branch' && end.yes !== end.no) {
    mark(expressions.of(end.test.left));
    mark(expressions.of(end.test.right));
  }
}

/** @param isPlanned is the value computed for something else in this block? */
function fulfil(
  request: Request,
  { expressions, wordExpression }: Requests,
  { throughA }: Choices,
  machine: Machine,
  isPlanned: boolean,
): void {
  const { value } = request;
  if (request.kind === 'store') {
    const recalled = wordExpression[request.word]!;
    const isIndex = recalled !== none && expressions.indexUses[recalled]! > 0;
    const name = recalled === none ? wordName(request.word) : recalled;
    machine.store(value, request.word, name, isIndex && !throughA.has(request.word));
  } else if (expressions.kind(value) === Kind.moment) machine.recall(value);
  else if ((!isPlanned || expressions.costs.isLeaf[value]) && !machine.has(value)) {
    if (expressions.indexUses[value]! > 0) machine.intoX(value);
    else machine.intoA(value);
  }
}

function selectEnd(end: Terminator, expressions: Expressions, machine: Machine): End {
  switch (end.kind) {
    case 'return':
      return { kind: 'return', code: op.RET | op.K, k: end.value };
    case 'return-value':
      machine.intoA(expressions.of(end.value));
      return { kind: 'return', code: op.RET | op.A, k: 0 };
    case 'branch':
      if (end.yes === end.no) return { kind: 'jump', to: end.yes };
      return selectTest(end.test, end.yes, end.no, expressions, machine);
    default:
      return end satisfies never;
  }
}

function selectTest(
  test: Test,
  yes: BlockId,
  no: BlockId,
  expressions: Expressions,
  machine: Machine,
): End {
  const left = expressions.of(test.left);
  const right = expressions.of(test.right);
  const compare = (isExchanged: boolean, source: number, k: number): End => {
    const [operation, isContrary] = isExchanged ? exchanged[test.op] : [test.op, false];
    const code = op.JMP | testCodes[operation] | source;
    return { kind: 'test', code, k, yes: isContrary ? no : yes, no: isContrary ? yes : no };
  };
  if (expressions.isConstant(right)) {
    machine.intoA(left);
    return compare(false, op.K, expressions.number(right));
  }
  if (expressions.isConstant(left)) {
    machine.intoA(right);
    return compare(true, op.K, expressions.number(left));
  }
  return compare(machine.intoBoth(left, right, true), op.X, 0);
}
