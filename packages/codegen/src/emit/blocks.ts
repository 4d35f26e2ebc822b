import type { BlockId, Value, ValueId } from '@hookdump/filter';
import { type Shape, shapeOf } from './dominators.ts';
import { Expressions, printNumber, wordName } from './expression.ts';
import { fieldNames } from './fields.ts';
import { type Choice, mayReject, type Prepared, type PreparedBlock } from './prepared.ts';
import { planViews, type Step, type View, type Views } from './views.ts';

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
 *
 * @param large CAREFUL is the only way: each load has a view of its own, which is quickly compiled
 */
export function emitBlocks(prepared: Prepared, linkType: string, large: boolean): string[] {
  const shape = shapeOf(prepared.blocks);
  const views = planViews(prepared, shape, linkType);
  const emitter = new Emitter(prepared, shape, views, linkType, large);
  const lines = printLines(dropNeedlessGotos(emitter.run()));
  const words = [...prepared.words].sort((a, b) => a - b).map((word) => `${wordName(word)} = 0`);
  const declarations = [
    ...(large || views.all.length === 0
      ? []
      : [`\tstruct view ${views.all.map(viewName).join(', ')};`]),
    ...(words.length === 0 ? [] : [`\t__u32 ${words.join(', ')};`]),
  ];
  return declarations.length === 0 ? lines : [...declarations, '', ...lines];
}

/** Bytes from where IP headers end are the transport's. */
const viewName = ({ index, usual }: View): string =>
  index === undefined ? 'frame' : `${usual === undefined ? 'at' : 'transport'}_v${index}`;

class Emitter {
  readonly #prepared: Prepared;
  readonly #expressions: Expressions;
  readonly #shape: Shape;
  readonly #views: Views;
  readonly #fields: ReadonlyMap<ValueId, string>;
  readonly #large: boolean;
  readonly #lines: Line[] = [];
  /** A stack of its own: a filter of thousands of hosts is a chain of thousands of blocks. */
  readonly #work: Work[] = [{ kind: 'block', block: 0 as BlockId, indent: 1 }];

  constructor(prepared: Prepared, shape: Shape, views: Views, linkType: string, large: boolean) {
    this.#large = large;
    this.#prepared = prepared;
    this.#expressions = new Expressions(prepared);
    this.#shape = shape;
    this.#views = views;
    this.#fields = fieldNames(prepared, shape, views, linkType);
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
    if (end.kind === 'return') this.#text(indent, `return ${verdict(end.value)};`);
    else if (end.kind === 'return-value') {
      this.#text(indent, `return ${this.#expressions.print(end.value)};`);
    } else if (end.kind === 'jump') this.#follow(end.to, indent);
    else this.#branch(end, indent);
  }

  #condition(end: Choice, wanted: boolean): string {
    if (end.kind === 'branch') {
      const test = this.#expressions.condition(end.test, wanted);
      if (!('early' in end)) return test;
      // The list that follows has it too: the order matters only where a later load may fail.
      return wanted ? `way == CAREFUL && ${test}` : `way != CAREFUL || ${test}`;
    }
    const call =
      end.kind === 'member'
        ? `in_${end.list.name}(${this.#expressions.print(end.value)})`
        : `equal64(${this.#place(end.loads[0])}, ${end.numbers.map(printNumber).join(', ')})`;
    return wanted ? call : `!${call}`;
  }

  #branch(end: Choice, indent: number): void {
    const condition = this.#condition(end, true);
    const opposite = this.#condition(end, false);
    const [accept, reject] = [this.#returns(end.yes), this.#returns(end.no)];
    if (accept && reject) {
      const [test, first, second] =
        accept.value === 0 ? [opposite, reject, accept] : [condition, accept, reject];
      this.#text(indent, `return ${test} ? ${verdict(first.value)} : ${verdict(second.value)};`);
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
    this.#text(indent + 1, `return ${verdict(value)};`);
    this.#follow(otherwise, indent);
  }

  /** Goes on with a block: there if it is its only way in. */
  #follow(block: BlockId, indent: number): void {
    const end = this.#returns(block);
    if (end) this.#text(indent, `return ${verdict(end.value)};`);
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
    const { constants, stores } = this.#prepared;
    const inTest: readonly ValueId[] = block.end.kind === 'wide' ? block.end.loads : [];
    for (const value of block.values) {
      if (value.kind === 'load') this.#load(value, inTest.includes(value.id), indent);
      if (mayReject(value, constants)) {
        this.#text(indent, `if (${this.#expressions.printOperand(value.right)} == 0)`);
        this.#text(indent + 1, 'return 0;');
      }
      if (this.#expressions.needsName(value)) {
        const text = this.#expressions.print(value.id);
        const name = this.#expressions.name(value, this.#wantedName(value));
        this.#text(indent, `__u32 ${name} = ${text};`);
      }
      if (value.kind === 'store' && stores.has(value.id)) {
        const text = this.#expressions.print(value.value);
        this.#text(indent, `${wordName(value.word)} = ${text};`);
      }
    }
  }

  /** Nothing but the guard for a load that the test at the block's end makes. */
  #load(value: Value & { kind: 'load' }, inTest: boolean, indent: number): void {
    const steps = this.#large ? [] : this.#views.steps.get(value.id);
    for (const step of steps ?? []) this.#step(step, indent);
    if (inTest) return;
    if (!this.#prepared.uses.has(value.id)) {
      const { view, offset } = this.#views.places.get(value.id)!;
      this.#text(indent, `if (lacks(${this.#view(view)}, ${offset + value.size}))`);
      this.#text(indent + 1, 'return 0;');
      return;
    }
    const verb = this.#expressions.isRaw(value.id) ? 'raw' : 'get';
    const call = `${verb}${value.size * 8}(${this.#place(value.id)})`;
    const name = this.#expressions.name(value, this.#wantedName(value));
    this.#text(indent, `__u32 ${name} = ${call};`);
  }

  /** The field's name, else where it stands; or what the value is for. */
  #wantedName(value: Value): string | undefined {
    if (value.kind !== 'load') {
      const isLength = this.#views.all.some((view) => view.index === value.id && view.usual);
      return isLength ? 'ip_header_length' : undefined;
    }
    const { view, offset } = this.#views.places.get(value.id)!;
    const field = this.#fields.get(value.id);
    if (field !== undefined || view.index !== undefined) return field;
    return `u${value.size * 8}_${offset}`;
  }

  #step(step: Step, indent: number): void {
    const { index, most, usual } = step.view;
    const name = viewName(step.view);
    const at = index === undefined ? '0' : this.#expressions.print(index);
    const call =
      step.kind === 'part'
        ? `part(frame, ${at}, ${usual}, &${name})`
        : `reach(packet, way, ${at}, ${most}, ${step.first}, ${step.end}, &${name})`;
    this.#text(indent, `if (!${call})`);
    this.#text(indent + 1, 'return UNSURE;');
  }

  /** A load's first two arguments. */
  #place(load: ValueId): string {
    const { view, offset } = this.#views.places.get(load)!;
    return `${this.#view(view)}, ${offset}`;
  }

  #view(view: View): string {
    if (!this.#large) return viewName(view);
    const index = view.index === undefined ? '0' : this.#expressions.print(view.index);
    return `carefully(packet, ${index})`;
  }
}

/** What a way through the filter ends with. */
const verdict = (bytes: number): string => (bytes === 0 ? '0' : `accept(${bytes})`);

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
