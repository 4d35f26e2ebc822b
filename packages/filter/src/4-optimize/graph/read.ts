import type { Block, Program, Value, ValueId } from '../../ir/types.ts';
import { successors } from '../../ir/visit.ts';
import { type Expr, Expressions } from './expressions.ts';
import { type Fact, join } from './fact.ts';
import { arrange, type End, type Graph, type Node, type Store } from './graph.ts';
import { noWords, union, type Words, withoutWord, withWord } from './live-words.ts';
import { makeArith, makeLoad } from './simplify.ts';

/** What a word of the program holds somewhere, and where it got it. */
interface Version {
  readonly value: Expr;
  readonly block: number;
  /** Words of the graph that take this value where it meets others. */
  readonly feeds: number[];
}

/** What each word of the program holds; a hole where nothing has been stored. */
type Versions = readonly (Version | undefined)[];

const nothingStored: Versions = [];
const rejecting: End = { kind: 'return', value: 0 };

/**
 * A program as a graph: equal computations become one expression, simplified; a `recall` becomes
 * the value that was stored, or, where paths meet that stored different values, a word of its own
 * that all of them store into.
 */
export function read(program: Program): Graph {
  return new Reader(program).graph();
}

class Reader {
  readonly #program: Program;
  readonly #table: Expressions;
  readonly #exprs: Expr[] = [];
  readonly #reached: boolean[] = [true];
  readonly #versions: Version[] = [];
  /** What the words hold along each edge into a block. */
  readonly #arriving: Versions[][] = [];
  #live: readonly Words[] | undefined;
  #words = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#table = new Expressions(program.blocks.length);
  }

  graph(): Graph {
    const { blocks, linkType, snapLen } = this.#program;
    const hasWords = blocks.some(({ values }) => values.some(({ kind }) => kind === 'recall'));
    if (hasWords) this.#live = liveWords(blocks);
    const nodes = blocks.map((block) => this.#node(block));
    const stores: Store[][] = [];
    for (const { value, block, feeds } of this.#versions) {
      for (const word of feeds) {
        stores[block] = (stores[block] ?? []).filter((store) => store.word !== word);
        stores[block]!.push({ word, value });
      }
    }
    const stored = nodes.map((node, at) =>
      stores[at] === undefined ? node : { ...node, stores: stores[at] },
    );
    return {
      linkType,
      snapLen,
      table: this.#table,
      nodes: arrange(stored),
      words: this.#words,
    };
  }

  #node(block: Block): Node {
    const checks: Expr[] = [];
    // What only a block that always rejects leads to has no values to speak of.
    if (this.#reached[block.id] !== true) return { checks, stores: [], end: rejecting };
    let held = this.#meet(block.id);
    for (const value of block.values) {
      const made = this.#value(value, held, checks);
      if (made === undefined) return { checks, stores: [], end: rejecting };
      this.#exprs[value.id] = made;
      if (value.kind === 'store' && this.#live !== undefined) {
        const after = [...held];
        after[value.word] = this.#version(made, block.id);
        held = after;
      }
    }
    for (const to of successors(block.end)) {
      this.#reached[to] = true;
      if (this.#live !== undefined) this.#leave(to, held);
    }
    return { checks, stores: [], end: this.#end(block) };
  }

  /** @returns `undefined` for a division by the constant 0: the program ends here */
  #value(value: Value, held: Versions, checks: Expr[]): Expr | undefined {
    const table = this.#table;
    switch (value.kind) {
      case 'const':
        return table.const(value.value);
      case 'length':
        return table.length();
      case 'ancillary':
        return table.ancillary(value.field);
      case 'load': {
        const index = value.index === undefined ? undefined : this.#expr(value.index);
        const made = makeLoad(table, value.size, value.offset, index);
        check(checks, made);
        return made;
      }
      case 'arith': {
        const left = this.#expr(value.left);
        const right = this.#expr(value.right);
        if (value.op === '/' || value.op === '%') {
          const divisor = table.fact(right);
          if (divisor.hi === 0) return undefined;
          if (divisor.lo === 0) check(checks, table.arith(value.op, left, right));
        }
        return makeArith(table, value.op, left, right);
      }
      case 'store':
        return this.#expr(value.value);
      case 'recall':
        return held[value.word]?.value ?? table.const(0);
      default:
        return value satisfies never;
    }
  }

  #end({ end }: Block): End {
    switch (end.kind) {
      case 'return':
        return end;
      case 'return-value': {
        const value = this.#expr(end.value);
        const constant = this.#table.constant(value);
        return constant === undefined
          ? { kind: 'return-value', value }
          : { kind: 'return', value: constant };
      }
      case 'branch': {
        const { test, yes, no } = end;
        if (yes === no) return { kind: 'jump', to: yes };
        const [left, right] = [this.#expr(test.left), this.#expr(test.right)];
        return { kind: 'branch', test: { op: test.op, left, right }, yes, no };
      }
      default:
        return end satisfies never;
    }
  }

  #leave(to: number, held: Versions): void {
    const ways = this.#arriving[to];
    if (ways === undefined) this.#arriving[to] = [held];
    else ways.push(held);
  }

  #expr(id: ValueId): Expr {
    return this.#exprs[id]!;
  }

  #version(value: Expr, block: number): Version {
    const version: Version = { value, block, feeds: [] };
    this.#versions.push(version);
    return version;
  }

  /** What the words hold at a block's beginning, whichever way was taken. */
  #meet(block: number): Versions {
    const [first, ...others] = this.#arriving[block] ?? [];
    if (first === undefined) return nothingStored;
    if (others.every((other) => other === first)) return first;
    const met: (Version | undefined)[] = [];
    const words = others.reduce((most, { length }) => Math.max(most, length), first.length);
    for (let word = 0; word < words; word++) {
      if (!this.#live![block]!.has(word)) continue;
      if (others.every((other) => other[word] === first[word])) met[word] = first[word];
      else
        met[word] = this.#join(
          [first, ...others].map((each) => each[word]),
          block,
        );
    }
    return met;
  }

  #join(versions: readonly (Version | undefined)[], block: number): Version {
    const each = versions.map((version) => version ?? this.#unset());
    const { value } = each[0]!;
    if (each.every((version) => version.value === value)) return this.#version(value, block);
    const facts = each.map((version): Fact => this.#table.fact(version.value));
    const word = this.#words++;
    for (const { feeds } of each) if (!feeds.includes(word)) feeds.push(word);
    return this.#version(this.#table.word(word, facts.reduce(join)), block);
  }

  #zero: Version | undefined;

  /** What a word holds before anything is stored: 0, from the entry on. */
  #unset(): Version {
    if (this.#zero === undefined) {
      this.#zero = { value: this.#table.const(0), block: 0, feeds: [] };
      this.#versions.unshift(this.#zero);
    }
    return this.#zero;
  }
}

/** So far back is looked for the same check in a block; a second one does no harm. */
const nearby = 16;

function check(checks: Expr[], expr: Expr): void {
  if (checks.lastIndexOf(expr) < Math.max(0, checks.length - nearby)) checks.push(expr);
}

/** The words that are recalled after each block's beginning before they are stored into again. */
function liveWords(blocks: readonly Block[]): readonly Words[] {
  const live: Words[] = [];
  for (let at = blocks.length - 1; at >= 0; at--) {
    const { values, end } = blocks[at]!;
    let words = noWords;
    for (const to of successors(end)) words = union(words, live[to]!);
    for (let index = values.length - 1; index >= 0; index--) {
      const value = values[index]!;
      if (value.kind === 'store') words = withoutWord(words, value.word);
      if (value.kind === 'recall') words = withWord(words, value.word);
    }
    live[at] = words;
  }
  return live;
}
