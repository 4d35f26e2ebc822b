import { type BlockId, upperBound, type Value, type ValueId } from '@hookdump/filter';
import type { Interval } from '../../lists/index.ts';
import { followedValues } from '../facts/bounds.ts';
import { type Choice, isChoice, type Prepared } from '../prepared.ts';
import { Expressions, printNumber } from '../print/expression.ts';
import { anyOf, type Condition, type Literal, sizeOf, textOf } from './conditions.ts';
import type { Networks } from './networks.ts';
import type { Index, Place, Start, Stretch } from './places.ts';
import { questionOf, type Reach } from './reach.ts';
import type { Unified } from './unify.ts';

/** What straight code is made of. */
export interface Straight {
  readonly unified: Unified;
  readonly places: ReadonlyMap<ValueId, Place>;
  readonly reach: Reach;
  /** Of fields, by load. */
  readonly names: ReadonlyMap<ValueId, string>;
}

/** The statements, each value in front of what needs it. They call what branch_free.h has. */
export function printStraight(straight: Straight): string[] {
  const printer = new Printer(straight);
  return print(printer, [`return ${printer.verdict()};`]);
}

/** The same after a jump on the network protocol, a part for each. */
export function printNetworks(
  { load, cases, rest }: Networks,
  whole: Straight,
  straighten: (part: Prepared) => Straight,
): string[] {
  const printer = new Printer(whole);
  printer.need(load.id);
  const tests = cases.map(({ ends }) => ends.map((end) => printer.asked(end)).join(' || '));
  const parts = cases.flatMap(({ program }, at) => {
    const lines = printStraight(straighten(program));
    const inside = lines.map((line) => (line === '' ? '' : `\t${line}`));
    return lines.length === 1
      ? [`\tif (${tests[at]})`, ...inside]
      : [`\tif (${tests[at]}) {`, ...inside, '\t}'];
  });
  return [...print(printer, []), ...parts, `\treturn ${rest};`];
}

function print({ stretches, lines }: Printer, end: readonly string[]): string[] {
  return [
    ...(stretches.length === 0 ? [] : [`\tstruct view ${stretches.join(', ')};`, '']),
    ...[...lines, ...end].map((line) => `\t${line}`),
  ];
}

class Printer {
  readonly lines: string[] = [];
  readonly #straight: Straight;
  readonly #expressions: Expressions;
  readonly #followed: ReadonlySet<ValueId>;
  readonly #done = new Set<ValueId>();
  readonly #named = new Set<ValueId>();
  readonly #opened = new Set<string>();
  readonly #facts = new Map<string, string>();
  readonly #ends = new Map<string, Choice>();

  constructor(straight: Straight) {
    const { prepared } = straight.unified;
    this.#straight = straight;
    this.#expressions = new Expressions(prepared);
    this.#followed = followedValues(prepared);
    for (const { end } of prepared.blocks.values()) {
      if (isChoice(end)) this.#ends.set(questionOf(end, prepared).key, end);
    }
  }

  get stretches(): readonly string[] {
    return [...this.#opened];
  }

  /** An end's question in plain C. */
  asked(end: Choice): string {
    if (end.kind === 'member') {
      return `in_${end.list.name}(${end.values.map((value) => this.#operand(value)).join(', ')})`;
    }
    if (end.kind !== 'branch') throw new Error(`${end.kind}: no such ends here`);
    this.need(end.test.left);
    this.need(end.test.right);
    return this.#expressions.condition(end.test, true);
  }

  /** The bytes to keep, 0 for none. */
  verdict(): string {
    const { unified, places, reach } = this.#straight;
    // A stretch of which nobody needs the numbers still says whether the program would have failed.
    const stretches = new Set([...places.values()].map(({ stretch }) => stretch));
    for (const stretch of stretches) this.#open(stretch);

    const verdicts = new Map<number, Condition[]>();
    for (const { id, end } of unified.prepared.blocks.values()) {
      const here = reach.blocks.get(id);
      if (end.kind !== 'return' || here === undefined) continue;
      verdicts.set(end.value, [...(verdicts.get(end.value) ?? []), here]);
    }
    const accepts = [...verdicts].filter(([bytes]) => bytes !== 0);
    const rejects = anyOf(verdicts.get(0) ?? []);
    if (accepts.length === 1) {
      const [bytes, conditions] = accepts[0]!;
      const accept = anyOf(conditions)!;
      if (rejects === undefined || rejects.length === 0) return this.#ifSo(accept, String(bytes));
      if (sizeOf(accept) <= sizeOf(rejects)) return this.#ifSo(accept, String(bytes));
      return `if_so(~${this.#condition(rejects)}, ${bytes})`;
    }
    const parts = accepts.map(([bytes, each]) => this.#ifSo(anyOf(each)!, String(bytes)));
    return parts.join(' | ') || '0';
  }

  #ifSo(condition: Condition, value: string): string {
    return condition.length === 0 ? value : `if_so(${this.#condition(condition)}, ${value})`;
  }

  /** As a number whose highest bit says whether it holds. */
  #condition(condition: Condition): string {
    if (condition.length === 0) return '~0ULL';
    const zeros: string[] = [];
    const others: string[] = [];
    for (const literal of condition) {
      const zero = literal.kind === 'test' ? this.#zero(literal) : undefined;
      if (zero !== undefined) zeros.push(zero);
      else others.push(this.#literal(literal));
    }
    // Several numbers are 0 if all their bits are.
    const joined = zeros.length > 1 ? zeros.map((zero) => `(${zero})`) : zeros;
    const parts = [...(zeros.length === 0 ? [] : [`zero(${joined.join(' | ')})`]), ...others];
    return condition.length === 1
      ? parts[0]!
      : this.#fact(textOf(condition), 'all', parts.join(' & '));
  }

  /** Of "is equal" or "has no such bit": the number that is 0 then. */
  #zero({ question, holds }: Literal & { kind: 'test' }): string | undefined {
    const end = this.#ends.get(question.key)!;
    if (end.kind !== 'branch' || (end.test.op !== '==') !== !holds) return undefined;
    return this.#difference(end);
  }

  #difference(end: Choice & { kind: 'branch' }): string | undefined {
    const { op } = end.test;
    if (op !== '==' && op !== '&') return undefined;
    this.need(end.test.left);
    this.need(end.test.right);
    return this.#expressions.operands(end.test).join(op === '==' ? ' ^ ' : ' & ');
  }

  #literal(literal: Literal): string {
    if (literal.kind === 'test') return this.#test(literal);
    const halves = literal.of.map((each) => this.#half(each));
    if (halves.length === 2 && halves.every((half) => half !== undefined)) {
      // Of two numbers of 16 bits one is 0 if their product is.
      return this.#fact(literal.key, 'either', `zero((__u64)(${halves[0]}) * (${halves[1]}))`);
    }
    const parts = literal.of.map((each) => this.#condition(each));
    return this.#fact(literal.key, 'either', parts.join(' | '));
  }

  /** Of a test for a number of 16 bits: the number that is 0 then. */
  #half(condition: Condition): string | undefined {
    const [literal] = condition;
    if (condition.length !== 1 || literal?.kind !== 'test' || !literal.holds) return undefined;
    const end = this.#ends.get(literal.question.key)!;
    const { byId, constants } = this.#straight.unified.prepared;
    if (end.kind !== 'branch' || end.test.op !== '==') return undefined;
    const isHalf = (id: ValueId): boolean => {
      const value = byId.get(id)!;
      const constant = constants.get(id);
      return constant === undefined ? value.kind === 'load' && value.size < 4 : constant <= 0xffff;
    };
    return isHalf(end.test.left) && isHalf(end.test.right) ? this.#zero(literal) : undefined;
  }

  /** A name for what may be asked again. */
  #fact(key: string, kind: string, text: string): string {
    const known = this.#facts.get(key);
    if (known !== undefined) return known;
    const name = `${kind}_${this.#facts.size + 1}`;
    this.#facts.set(key, name);
    this.lines.push(`__u64 ${name} = ${text};`);
    return name;
  }

  #test({ question, holds }: Literal & { kind: 'test' }): string {
    const end = this.#ends.get(question.key)!;
    if (end.kind === 'member') return this.#member(end, holds);
    if (end.kind !== 'branch') throw new Error(`${end.kind}: no such ends here`);
    const difference = this.#difference(end);
    if (difference !== undefined) {
      return `${holds === (end.test.op === '==') ? 'zero' : 'nonzero'}(${difference})`;
    }
    const { op, left, right } = end.test;
    this.need(left);
    this.need(right);
    const [a, b] = this.#expressions.operands(end.test);
    const text = op === '>' ? `below(${b}, ${a})` : `below(${a}, ${b})`;
    return holds ? text : `~${text}`;
  }

  #member({ list, values }: Choice & { kind: 'member' }, holds: boolean): string {
    const numbers = values.map((value) => this.#operand(value));
    const not = holds ? '' : '~';
    if (!('intervals' in list)) throw new Error('longer lists are no question here');
    const tests = list.intervals.map((interval) => isBetween(numbers[0]!, interval));
    return tests.length === 1 ? not + tests[0]! : `${not}(${tests.join(' | ')})`;
  }

  #operand(id: ValueId): string {
    this.need(id);
    return this.#expressions.printOperand(id);
  }

  /** Prints what must stand in front of an expression with the value. */
  need(id: ValueId): void {
    const { prepared, phis } = this.#straight.unified;
    if (this.#done.has(id) || prepared.constants.has(id)) return;
    this.#done.add(id);
    const value = prepared.byId.get(id)!;
    const phi = phis.get(id);
    if (phi !== undefined) {
      const ways = phi.ways.map((way) => this.#way(way.value, way.from, phi.block));
      this.#name(value, this.#choice([ways]));
    } else if (value.kind === 'load') this.#load(value);
    else if (value.kind === 'arith') {
      this.need(value.left);
      this.need(value.right);
      if (this.#expressions.needsName(value)) this.#name(value, this.#expressions.print(id));
    }
  }

  #name(value: Value, text: string): void {
    const { names, places } = this.#straight;
    const place = places.get(value.id);
    const at = place?.stretch.starts.length === 0 ? '' : `${place?.stretch.name}_`;
    const wanted =
      place && value.kind === 'load' ? `u${value.size * 8}_${at}${place.offset}` : undefined;
    const name = this.#expressions.name(value, names.get(value.id) ?? wanted);
    this.#named.add(value.id);
    this.lines.push(`__u32 ${name} = ${text};`);
  }

  #load(value: Value & { kind: 'load' }): void {
    const { stretch, offset } = this.#straight.places.get(value.id)!;
    this.#open(stretch);
    const verb = this.#expressions.isRaw(value.id) ? 'raw' : 'get';
    this.#name(value, `${verb}${value.size * 8}(${stretch.name}, ${offset})`);
  }

  #open(stretch: Stretch): void {
    const { name, starts, first, end } = stretch;
    if (this.#opened.has(name)) return;
    this.#opened.add(name);
    const ways = starts.flatMap((start) => this.#waysTo(start));
    const at = ways.length === 0 ? '0' : `start_of_${name}`;
    const most = ways.reduce((all, way) => eitherMost(all, this.#most(way.index)), 0);
    if (ways.length > 0) {
      // Other tests ask for the same: it is not put together in another way.
      const facts = starts.map((start) => this.#waysTo(start));
      const choice = this.#choice(facts);
      const isJoined = choice.split('if_so(').length > 2;
      this.lines.push(`__u64 ${at} = ${isJoined ? `within(${choice}, ${most})` : choice};`);
    }
    this.lines.push(
      `if (!reach(packet, way, ${at}, ${most}, ${first}, ${end}, &${name}))`,
      '\treturn UNSURE;',
    );
  }

  #way(value: ValueId, from: BlockId, to: BlockId): Way {
    return { index: { value }, condition: this.#straight.reach.between(from, to) };
  }

  #waysTo({ index, block }: Start): readonly Way[] {
    const { reach, unified } = this.#straight;
    const here = reach.blocks.get(block);
    if ('bytes' in index) return [{ index, condition: here }];
    const value = unified.same(index.value);
    const phi = unified.phis.get(value);
    if (phi === undefined) return [{ index: { value }, condition: here }];
    return phi.ways.map((way) => this.#way(way.value, way.from, phi.block));
  }

  /** The number of the way that the packet takes, 0 if none. */
  #choice(choices: readonly (readonly Way[])[]): string {
    const numbers = new Map<string, string[]>();
    for (const ways of choices) {
      const conditions = new Map<string, Condition[]>();
      for (const { index, condition } of ways) {
        if (condition === undefined) continue;
        const number = 'bytes' in index ? printNumber(index.bytes) : this.#start(index.value);
        if (number !== '0') conditions.set(number, [...(conditions.get(number) ?? []), condition]);
      }
      for (const [number, each] of conditions) {
        const fact = this.#condition(anyOf(each)!);
        numbers.set(number, [...(numbers.get(number) ?? []), fact]);
      }
    }
    const parts = [...numbers].map(([number, facts]) => `if_so(${facts.join(' | ')}, ${number})`);
    return parts.join(' | ') || '0';
  }

  /** Under a name, if it is computed: it is what the reader looks for. */
  #start(id: ValueId): string {
    const { prepared } = this.#straight.unified;
    const value = prepared.byId.get(id)!;
    this.need(id);
    if (value.kind === 'arith' && !prepared.constants.has(id) && !this.#named.has(id)) {
      this.#name(value, this.#expressions.print(id));
    }
    return this.#expressions.printOperand(id);
  }

  /** An upper bound that the verifier knows, too. */
  #most(index: Index): number {
    if ('bytes' in index) return index.bytes;
    const { prepared, phis } = this.#straight.unified;
    const phi = phis.get(index.value);
    if (phi !== undefined) {
      return phi.ways.reduce((all, { value }) => eitherMost(all, this.#most({ value })), 0);
    }
    return this.#followed.has(index.value) ? upperBound(index.value, prepared.byId) : UNBOUNDED;
  }
}

function isBetween(number: string, [first, last]: Interval): string {
  if (first === last) return `zero(${number} ^ ${printNumber(first)})`;
  const from = first === 0 ? number : `(__u32)(${number} - ${printNumber(first)})`;
  // As many as there are numbers of 32 bits: of 64 bits.
  return `below(${from}, ${printNumber(last - first + 1)}ULL)`;
}

/** A bound that says nothing. */
const UNBOUNDED = 0xffffffff;

/** What `a | b` is at most. */
const eitherMost = (a: number, b: number): number =>
  a === 0 || b === 0 ? a + b : 2 ** Math.ceil(Math.log2(Math.max(a, b) + 1)) - 1;

/** A number that an index has, for packets that take one way. */
interface Way {
  readonly index: Index;
  /** None: no packet takes it. */
  readonly condition: Condition | undefined;
}
