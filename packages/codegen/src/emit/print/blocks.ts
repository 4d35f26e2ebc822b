import type { BlockId, Value, ValueId } from '@hookdump/filter';
import { type Shape, shapeOf } from '../facts/dominators.ts';
import { planViews, type Step, type View, type Views } from '../facts/views.ts';
import { GO_ON, KEPT, type PartNames } from '../parts/names.ts';
import { type Choice, mayReject, type Prepared, type PreparedBlock } from '../prepared.ts';
import { Expressions, printNumber, wordName } from './expression.ts';
import { fieldNames } from './fields.ts';
import { isInChain, likelyWay } from './likely.ts';
import { dropNeedlessGotos, type Line, printLines } from './lines.ts';

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
 * Where the packet is not surely long enough, the first place that finds out asks `careful`, and
 * the others go there: in front of what comes after, so that the way to a match falls through.
 *
 * @param large CAREFUL is the only way: each load has a view of its own, which is quickly compiled
 * @param part these blocks are a part of a large program: what it gets from others
 * @param careful the function to ask; if not given the result is UNSURE then
 */
export function emitBlocks(
  prepared: Prepared,
  linkType: string,
  large: boolean,
  part?: PartNames,
  careful?: string,
): string[] {
  const shape = shapeOf(prepared.blocks);
  const views = planViews(prepared, shape, linkType);
  const emitter = new Emitter(prepared, shape, views, linkType, large, part, careful);
  const lines = printLines(dropNeedlessGotos(emitter.run()));
  if (part !== undefined) return lines;
  const words = [...prepared.words].sort((a, b) => a - b).map((word) => `${wordName(word)} = 0`);
  const declarations = [
    ...(large || views.all.length === 0
      ? []
      : [`\tstruct view ${views.all.map((view) => viewName(view, views)).join(', ')};`]),
    ...(words.length === 0 ? [] : [`\t__u32 ${words.join(', ')};`]),
  ];
  return declarations.length === 0 ? lines : [...declarations, '', ...lines];
}

/** Bytes from where IP headers end are the transport's: mostly there is one such view. */
function viewName(view: View, { all }: Views): string {
  if (view.index === undefined) return 'frame';
  const kind = view.usual === undefined ? 'at' : 'transport';
  const alike = all.filter(
    ({ index, usual }) => index !== undefined && (usual === undefined) === (kind === 'at'),
  );
  return kind === 'transport' && alike.length === 1 ? kind : `${kind}_v${view.index}`;
}

/** Blocks that are not indented because something else is likely. */
const LONG = 50;

class Emitter {
  readonly #prepared: Prepared;
  readonly #expressions: Expressions;
  readonly #shape: Shape;
  readonly #views: Views;
  readonly #fields: ReadonlyMap<ValueId, string>;
  readonly #large: boolean;
  readonly #isPart: boolean;
  readonly #careful: string | undefined;
  /** What all packets that match give, where that is one number: it then is said in one place. */
  readonly #match: number | undefined;
  #hasAsked = false;
  readonly #lines: Line[] = [];
  /** A stack of its own: a filter of thousands of hosts is a chain of thousands of blocks. */
  readonly #work: Work[] = [{ kind: 'block', block: 0 as BlockId, indent: 1 }];

  constructor(
    prepared: Prepared,
    shape: Shape,
    views: Views,
    linkType: string,
    large: boolean,
    part: PartNames | undefined,
    careful: string | undefined,
  ) {
    this.#careful = careful;
    this.#match = careful === undefined ? undefined : onlyMatch(prepared);
    this.#large = large;
    this.#isPart = part !== undefined;
    this.#prepared = prepared;
    this.#expressions = new Expressions(prepared, part, part === undefined ? '' : KEPT);
    this.#shape = shape;
    this.#views = views;
    this.#fields = fieldNames(prepared, shape, views, linkType);
    if (!large) this.#expressions.readAsNeeded(this.#fields);
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
    if (this.#match !== undefined) {
      this.#lines.push({ kind: 'label', indent: 1, block: 'match' });
      this.#text(1, `return ${verdict(this.#match)};`);
      if (this.#hasAsked) this.#askCarefully();
    }
    return this.#lines;
  }

  /** Ends the function here. */
  #return(value: number, indent: number): void {
    if (value === this.#match) this.#lines.push({ kind: 'goto', indent, to: 'match' });
    else this.#text(indent, `return ${verdict(value)};`);
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
    if (end.kind === 'return') this.#return(end.value, indent);
    else if (end.kind === 'return-value') {
      this.#text(indent, `return ${this.#expressions.print(end.value)};`);
    } else if (end.kind === 'jump') this.#follow(end.to, indent);
    else this.#branch({ ...block, end }, indent);
  }

  #condition(end: Choice, wanted: boolean): string {
    if (end.kind === 'branch') {
      const test = this.#expressions.condition(end.test, wanted);
      if (!('early' in end)) return test;
      // The list that follows has it too: the order matters only where a later load may fail.
      return wanted ? `way == CAREFUL && ${test}` : `way != CAREFUL || ${test}`;
    }
    if (end.kind === 'way') {
      // A part of a large program knows no other way.
      return this.#isPart ? `${wanted}` : `way ${wanted ? '==' : '!='} CAREFUL`;
    }
    if (end.kind === 'walk') return `${wanted ? '' : '!'}${FOUND}`;
    const call =
      end.kind === 'member'
        ? `in_${end.list.name}(${end.values.map((id) => this.#expressions.print(id)).join(', ')})`
        : `${this.#verb('equal64')}(${this.#place(end.loads[0])}, ${end.numbers.map(printNumber).join(', ')})`;
    return wanted ? call : `!${call}`;
  }

  /** The condition for `yes`, and for `no`. */
  #conditions(
    { id, end }: PreparedBlock & { end: Choice },
    likely: 'yes' | 'no' | undefined,
  ): readonly [string, string] {
    const conditions = [this.#condition(end, true), this.#condition(end, false)] as const;
    const above = this.#prepared.blocks.get(this.#shape.dominator.get(id) as BlockId)?.end;
    if (likely === undefined || !isInChain(end, above, this.#prepared)) return conditions;
    const words = likely === 'yes' ? ['likely', 'unlikely'] : ['unlikely', 'likely'];
    return [`${words[0]}(${conditions[0]})`, `${words[1]}(${conditions[1]})`];
  }

  #branch(block: PreparedBlock & { end: Choice }, indent: number): void {
    const { end } = block;
    if (end.kind === 'walk') {
      const given = end.values.map((id) => this.#expressions.print(id));
      this.#text(
        indent,
        `const int ${FOUND} = walk_${end.walk.name}(${['packet', ...given].join(', ')});`,
      );
      this.#text(indent, `if (${FOUND} < 0)`);
      this.#text(indent + 1, 'return 0;');
    }
    const likely = likelyWay(end, this.#prepared, this.#fields);
    const [condition, opposite] = this.#conditions(block, likely);
    const [accept, reject] = [this.#returns(end.yes), this.#returns(end.no)];
    if (accept && reject && this.#match !== undefined) {
      // The match is written last, so that the way to it may fall through.
      const [test, first, second] =
        accept.value === this.#match ? [opposite, reject, accept] : [condition, accept, reject];
      this.#text(indent, `if (${test})`);
      this.#return(first.value, indent + 1);
      this.#return(second.value, indent);
    } else if (accept && reject) {
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
      // What is likely comes last: the way to a match falls through there. Otherwise the smaller
      // part is indented: no filter gets deeper than a compiler takes.
      const weight = (id: BlockId): number => this.#shape.weight.get(id)!;
      const [likelier, other] = likely === 'yes' ? [end.yes, end.no] : [end.no, end.yes];
      const otherInside =
        likely !== undefined && weight(other) <= LONG ? true : weight(other) <= weight(likelier);
      const yesInside = otherInside === (other === end.yes);
      const [inside, after] = yesInside ? [end.yes, end.no] : [end.no, end.yes];
      this.#text(indent, `if (${yesInside ? condition : opposite}) {`);
      this.#work.push({ kind: 'follow', block: after, indent });
      this.#work.push({ kind: 'close', indent });
      this.#work.push({ kind: 'block', block: inside, indent: indent + 1 });
    }
  }

  #returnIf(condition: string, value: number, otherwise: BlockId, indent: number): void {
    this.#text(indent, `if (${condition})`);
    this.#return(value, indent + 1);
    this.#follow(otherwise, indent);
  }

  /** Goes on with a block: there if it is its only way in. */
  #follow(block: BlockId, indent: number): void {
    const end = this.#returns(block);
    if (end) this.#return(end.value, indent);
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
        const text = this.#expressions.printAnew(value.id);
        const name = this.#expressions.name(value, this.#wantedName(value));
        this.#text(indent, `__u32 ${name} = ${text};`);
      }
      if (value.kind === 'store' && stores.has(value.id)) {
        const text = this.#expressions.print(value.value);
        this.#text(indent, `${this.#expressions.word(value.word)} = ${text};`);
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
      this.#text(
        indent,
        `if (${this.#verb('lacks')}(${this.#view(view)}, ${offset + value.size}))`,
      );
      this.#text(indent + 1, 'return 0;');
      return;
    }
    const call = `${this.#verb(this.#expressions.loadVerb(value))}(${this.#place(value.id)})`;
    const name = this.#expressions.name(value, this.#wantedName(value));
    this.#text(indent, `__u32 ${name} = ${call};`);
  }

  /** The field's name, else where it stands; or what the value is for. */
  #wantedName(value: Value): string | undefined {
    if (value.kind !== 'load') {
      const isLength = this.#views.all.some((view) => view.index === value.id && view.usual);
      const masked = value.kind === 'arith' && value.op === '&' && this.#fields.get(value.left);
      if (masked === 'ip_fragment_ttl_protocol') return 'ip_fragment_and_protocol';
      return isLength ? 'ip_header_length' : undefined;
    }
    const { view, offset } = this.#views.places.get(value.id)!;
    const field = this.#fields.get(value.id);
    if (field !== undefined || view.index !== undefined) return field;
    return `u${value.size * 8}_${offset}`;
  }

  #step(step: Step, indent: number): void {
    this.#hasAsked = true;
    this.#text(indent, `if (!${this.#opening(step)})`);
    if (this.#match === undefined) this.#text(indent + 1, 'return UNSURE;');
    else this.#lines.push({ kind: 'goto', indent: indent + 1, to: 'unsure' });
  }

  /**
   * What to do where it is not known. Last of all: compilers for BPF leave blocks in the order in which
   * they stand, and a jump over these is one for every packet.
   */
  #askCarefully(): void {
    this.#lines.push({ kind: 'label', indent: 1, block: 'unsure' });
    this.#text(1, `if (in_memory(${this.#careful}, packet) == 0)`);
    this.#text(2, 'return 0;');
    this.#lines.push({ kind: 'goto', indent: 1, to: 'match' });
  }

  #opening(step: Step): string {
    const { index, most, header } = step.view;
    const name = viewName(step.view, this.#views);
    const at = index === undefined ? '0' : this.#expressions.print(index);
    switch (step.kind) {
      case 'reach':
        return `reach(packet, way, ${at}, ${most}, ${step.first}, ${step.end}, &${name})`;
      case 'further':
        return `further(&${name}, ${step.first}, ${step.end})`;
      case 'covers':
        return `covers(${name}, ${step.first}, ${step.end})`;
      case 'part':
        return `behind_header(frame, ${this.#expressions.print(header!)}, ${at}, &${name})`;
      default:
        return step satisfies never;
    }
  }

  /** A load's first two arguments. */
  #place(load: ValueId): string {
    const { view, offset } = this.#views.places.get(load)!;
    return `${this.#view(view)}, ${offset}`;
  }

  #view(view: View): string {
    if (!this.#large) return viewName(view, this.#views);
    const index = view.index === undefined ? '0' : this.#expressions.print(view.index);
    return this.#isPart ? index : `carefully(packet, ${index})`;
  }

  /** parts.h has what parts call in place of functions of access.h. */
  #verb(name: string): string {
    return this.#isPart ? `part_${name}` : name;
  }
}

/** What a walk through tests gives: negative where a load failed. */
const FOUND = 'found';

/** The number that all packets give that match, if there are such and it is one. */
function onlyMatch({ blocks }: Prepared): number | undefined {
  const values = new Set<number>();
  for (const { end } of blocks.values()) {
    if (end.kind === 'return-value') return undefined;
    if (end.kind === 'return' && end.value !== 0) values.add(end.value);
  }
  const [value, ...others] = values;
  return others.length === 0 ? value : undefined;
}

/** What a way through the filter ends with. */
function verdict(bytes: number): string {
  if (bytes >= GO_ON) return `go_on(${bytes - GO_ON})`;
  return bytes === 0 ? '0' : `accept(${bytes})`;
}
