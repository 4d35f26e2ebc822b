import type { BlockId, Terminator, Value } from '@hookdump/filter';
import { type Shape, shapeOf } from './dominators.ts';
import { Expressions, wordName } from './expression.ts';
import { mayReject, type Prepared, type PreparedBlock } from './prepare.ts';

type Line =
  | { readonly kind: 'text'; readonly indent: number; readonly text: string }
  /** `if (condition) goto to;`, or the other way round with `opposite`. */
  | {
      readonly kind: 'branch';
      readonly indent: number;
      readonly condition: string;
      readonly opposite: string;
      readonly to: BlockId;
    }
  | { readonly kind: 'goto'; readonly indent: number; readonly to: BlockId }
  | { readonly kind: 'label'; readonly indent: number; readonly block: BlockId };

type Work =
  | {
      readonly kind: 'block' | 'merge' | 'follow';
      readonly block: BlockId;
      readonly indent: number;
    }
  | { readonly kind: 'close'; readonly indent: number };

/**
 * The body of the function, a line each. A block that one other block leads to stands where it is
 * led to; one that several lead to stands, under a label, behind the last block that all ways to it
 * pass. So what a value's name is needed in lies in the scope of that name, and gotos lead forward.
 */
export function emitBlocks(prepared: Prepared): string[] {
  const lines = printLines(dropNeedlessGotos(new Emitter(prepared).run()));
  const words = [...prepared.words].sort((a, b) => a - b).map((word) => `${wordName(word)} = 0`);
  return words.length === 0 ? lines : [`\t__u32 ${words.join(', ')};`, ...lines];
}

class Emitter {
  readonly #prepared: Prepared;
  readonly #expressions: Expressions;
  readonly #shape: Shape;
  readonly #lines: Line[] = [];
  /** A stack of its own: a filter of thousands of hosts is a chain of thousands of blocks. */
  readonly #work: Work[] = [{ kind: 'block', block: 0 as BlockId, indent: 1 }];

  constructor(prepared: Prepared) {
    this.#prepared = prepared;
    this.#expressions = new Expressions(prepared);
    this.#shape = shapeOf(prepared.blocks);
  }

  run(): readonly Line[] {
    for (let work = this.#work.pop(); work !== undefined; work = this.#work.pop()) {
      if (work.kind === 'close') this.#text(work.indent, '}');
      else if (work.kind === 'follow') this.#follow(work.block, work.indent);
      else {
        if (work.kind === 'merge') {
          this.#lines.push({ kind: 'label', indent: work.indent, block: work.block });
        }
        this.#block(this.#prepared.blocks.get(work.block)!, work.indent);
      }
    }
    return this.#lines;
  }

  #text(indent: number, text: string): void {
    this.#lines.push({ kind: 'text', indent, text });
  }

  #block(block: PreparedBlock, indent: number): void {
    const merges = [...(this.#shape.mergesUnder.get(block.id) ?? [])].reverse();
    for (const merge of merges) {
      if (!this.#returns(merge)) this.#work.push({ kind: 'merge', block: merge, indent });
    }
    this.#values(block, indent);
    const end = block.end;
    if (end.kind === 'return') this.#text(indent, `return ${end.value};`);
    else if (end.kind === 'return-value') {
      this.#text(indent, `return ${this.#expressions.print(end.value)};`);
    } else if (end.kind === 'jump') this.#follow(end.to, indent);
    else this.#branch(end, indent);
  }

  #branch(end: Terminator & { kind: 'branch' }, indent: number): void {
    const condition = this.#expressions.condition(end.test, true);
    const opposite = this.#expressions.condition(end.test, false);
    const [accept, reject] = [this.#returns(end.yes), this.#returns(end.no)];
    if (accept && reject) {
      const [test, first, second] =
        accept.value === 0 ? [opposite, reject, accept] : [condition, accept, reject];
      this.#text(indent, `return ${test} ? ${first.value} : ${second.value};`);
    } else if (reject) {
      this.#returnIf(opposite, reject.value, end.yes, indent);
    } else if (accept) {
      this.#returnIf(condition, accept.value, end.no, indent);
    } else if (this.#shape.merges.has(end.yes)) {
      this.#lines.push({ kind: 'branch', indent, condition, opposite, to: end.yes });
      this.#follow(end.no, indent);
    } else if (this.#shape.merges.has(end.no)) {
      const swapped = { condition: opposite, opposite: condition };
      this.#lines.push({ kind: 'branch', indent, ...swapped, to: end.no });
      this.#follow(end.yes, indent);
    } else {
      // The smaller part is indented: no filter gets deeper than a compiler takes.
      const weight = (id: BlockId): number => this.#shape.weight.get(id)!;
      const yesInside = weight(end.yes) <= weight(end.no);
      const [inside, after] = yesInside ? [end.yes, end.no] : [end.no, end.yes];
      this.#text(indent, `if (${yesInside ? condition : opposite}) {`);
      this.#work.push({ kind: 'follow', block: after, indent });
      this.#work.push({ kind: 'close', indent });
      this.#work.push({ kind: 'block', block: inside, indent: indent + 1 });
    }
  }

  #returnIf(condition: string, value: number, otherwise: BlockId, indent: number): void {
    this.#text(indent, `if (${condition})`);
    this.#text(indent + 1, `return ${value};`);
    this.#follow(otherwise, indent);
  }

  /** Goes on with a block: there if it is its only way in. */
  #follow(block: BlockId, indent: number): void {
    const end = this.#returns(block);
    if (end) this.#text(indent, `return ${end.value};`);
    else if (this.#shape.merges.has(block)) this.#lines.push({ kind: 'goto', indent, to: block });
    else this.#work.push({ kind: 'block', block, indent });
  }

  /** The end of a block that does nothing but return: written wherever it is led to. */
  #returns(id: BlockId): { readonly value: number } | undefined {
    const { blocks, constants } = this.#prepared;
    const block = blocks.get(id)!;
    const acts = block.values.some((value) => value.kind === 'load' || mayReject(value, constants));
    return block.end.kind === 'return' && !acts ? block.end : undefined;
  }

  #values(block: PreparedBlock, indent: number): void {
    const { constants, uses, stores } = this.#prepared;
    const loads = block.values.filter((value) => value.kind === 'load' && uses.has(value.id));
    if (loads.length > 0) {
      const names = loads.map((value) => this.#expressions.name(value));
      this.#text(indent, `__u32 ${names.join(', ')};`);
    }
    for (const value of block.values) {
      if (value.kind === 'load') this.#load(value, indent);
      if (mayReject(value, constants)) {
        this.#text(indent, `if (${this.#expressions.printOperand(value.right)} == 0)`);
        this.#text(indent + 1, 'return 0;');
      }
      if (this.#expressions.needsName(value)) {
        const text = this.#expressions.print(value.id);
        this.#text(indent, `__u32 ${this.#expressions.name(value)} = ${text};`);
      }
      if (value.kind === 'store' && stores.has(value.id)) {
        const text = this.#expressions.print(value.value);
        this.#text(indent, `${wordName(value.word)} = ${text};`);
      }
    }
  }

  #load(value: Value & { kind: 'load' }, indent: number): void {
    const index = value.index === undefined ? undefined : this.#expressions.print(value.index);
    const end = value.offset + value.size;
    let call: string;
    if (!this.#prepared.uses.has(value.id)) {
      call =
        index === undefined ? `has(packet, ${end})` : `has(packet, (__u64)(${index}) + ${end})`;
    } else {
      const bits = value.size * 8;
      const name = this.#expressions.print(value.id);
      call =
        index === undefined
          ? `load${bits}(packet, ${value.offset}, &${name})`
          : `load${bits}x(packet, ${index}, ${value.offset}, &${name})`;
    }
    this.#text(indent, `if (!${call})`);
    this.#text(indent + 1, 'return 0;');
  }
}

/** A goto to what comes next is nothing; a branch over a goto is the opposite branch. */
function dropNeedlessGotos(lines: readonly Line[]): readonly Line[] {
  const kept: Line[] = [];
  lines.forEach((line, at) => {
    const next = lines[at + 1];
    const later = lines[at + 2];
    if (line.kind === 'goto' && next?.kind === 'label' && next.block === line.to) return;
    if (line.kind === 'branch' && next?.kind === 'goto' && later?.kind === 'label') {
      if (line.to === later.block) {
        const { indent, condition, opposite } = line;
        kept.push({
          kind: 'branch',
          indent,
          condition: opposite,
          opposite: condition,
          to: next.to,
        });
        return;
      }
    }
    const previous = lines[at - 1];
    if (line.kind === 'goto' && previous?.kind === 'branch' && next?.kind === 'label') {
      if (previous.to === next.block) return;
    }
    kept.push(line);
  });
  return kept;
}

function printLines(lines: readonly Line[]): string[] {
  const wanted = new Set(
    lines.flatMap((line) => (line.kind === 'goto' || line.kind === 'branch' ? [line.to] : [])),
  );
  return lines.flatMap((line, at) => {
    const tabs = '\t'.repeat(line.indent);
    switch (line.kind) {
      case 'text':
        return [tabs + line.text];
      case 'goto':
        return [`${tabs}goto b${line.to};`];
      case 'branch':
        return [`${tabs}if (${line.condition})`, `${tabs}\tgoto b${line.to};`];
      case 'label': {
        if (!wanted.has(line.block)) return [];
        // Before C23 a label must stand before a statement, and a declaration is none.
        const next = lines[at + 1];
        const declares = next?.kind === 'text' && next.text.startsWith('__u32');
        return ['', `${'\t'.repeat(line.indent - 1)}b${line.block}:${declares ? ';' : ''}`];
      }
      default:
        return line satisfies never;
    }
  });
}
