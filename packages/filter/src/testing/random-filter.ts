import type { Block, BlockId, LoadSize, Program, TestOp, Value, ValueId } from '../ir/types.ts';
import { numberBlocks } from '../ir/visit.ts';
import type { Random } from './random-graph.ts';

/** A condition on fields of a header, as filters make them. */
type Formula =
  | { readonly kind: 'and' | 'or'; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'not'; readonly operand: Formula }
  | {
      readonly kind: 'atom';
      readonly field: number;
      readonly size: LoadSize;
      readonly mask: number | undefined;
      readonly op: TestOp;
      readonly value: number;
    };

/** Where a header begins: at an offset, or behind another one whose length a byte tells. */
interface Base {
  readonly offset: number;
  readonly lengthAt: number | undefined;
  /** Fields from this one on stand so many bytes further back, as in ARP beside IPv4. */
  readonly gapFrom: number;
  readonly gap: number;
}

const fields: readonly { readonly offset: number; readonly size: LoadSize }[] = [
  { offset: 2, size: 1 },
  { offset: 4, size: 2 },
  { offset: 6, size: 2 },
  { offset: 8, size: 4 },
];
const masks = [undefined, undefined, undefined, 0xf0, 0x0f, 0xc, 1, 0xff00];
const values = [0, 1, 2, 3, 4, 5, 0x10, 0x20, 0x30, 0xf0, 0xff];

/**
 * A program as phase 3 makes them of `or`s of alternatives: each looks at a selector, such as an
 * EtherType, and then asks the same of another header.
 */
export function randomFilter(random: Random): Program {
  const { below, pick } = random;
  const builder = new Builder();
  const accept = builder.end(below(8) === 0 ? 7 : 262144);
  const reject = builder.end(0);
  const formula = randomFormula(random, 1 + below(4));
  let otherwise = below(6) === 0 ? accept : reject;
  for (let alternatives = 1 + below(3); alternatives > 0; alternatives--) {
    const asked = below(4) === 0 ? randomFormula(random, 1 + below(3)) : formula;
    const base: Base = {
      offset: pick([14, 14, 16, 20, 40]),
      lengthAt: below(3) === 0 ? 14 : undefined,
      gapFrom: 2 + below(4),
      gap: 6,
    };
    const target = below(5) === 0 ? reject : accept;
    const inside = builder.formula(asked, base, target, below(3) === 0 ? reject : otherwise);
    const selector: Formula = {
      kind: 'atom',
      field: below(2) - 1,
      size: 1,
      mask: undefined,
      op: '==',
      value: below(6),
    };
    otherwise = builder.formula(selector, noBase, inside, otherwise);
  }
  return builder.program(otherwise);
}

const noBase: Base = { offset: 0, lengthAt: undefined, gapFrom: 9, gap: 0 };

function randomFormula(random: Random, depth: number): Formula {
  const { below, pick } = random;
  if (depth > 0 && below(5) > 0) {
    if (below(8) === 0) return { kind: 'not', operand: randomFormula(random, depth - 1) };
    const left = randomFormula(random, depth - 1);
    return { kind: pick(['and', 'or']), left, right: randomFormula(random, depth - 1) };
  }
  const field = below(fields.length);
  return {
    kind: 'atom',
    field,
    size: fields[field]!.size,
    mask: pick(masks),
    op: pick<TestOp>(['==', '==', '==', '>', '>=', '&']),
    value: pick(values),
  };
}

class Builder {
  readonly #blocks = new Map<BlockId, Block>();
  #next = 0;

  end(value: number): BlockId {
    return this.#add([], { kind: 'return', value });
  }

  formula(formula: Formula, base: Base, yes: BlockId, no: BlockId): BlockId {
    switch (formula.kind) {
      case 'and':
        return this.formula(formula.left, base, this.formula(formula.right, base, yes, no), no);
      case 'or':
        return this.formula(formula.left, base, yes, this.formula(formula.right, base, yes, no));
      case 'not':
        return this.formula(formula.operand, base, no, yes);
      case 'atom':
        return this.#atom(formula, base, yes, no);
      default:
        return formula satisfies never;
    }
  }

  #atom(atom: Extract<Formula, { kind: 'atom' }>, base: Base, yes: BlockId, no: BlockId): BlockId {
    const values: Value[] = [];
    const add = (value: Value): ValueId => {
      values.push(value);
      return value.id;
    };
    const constant = (value: number): ValueId => add({ kind: 'const', id: this.#id(), value });
    const gap = atom.field >= base.gapFrom ? base.gap : 0;
    const offset = base.offset + gap + (fields[atom.field]?.offset ?? 0);
    let index: ValueId | undefined;
    if (base.lengthAt !== undefined) {
      const byte = add({ kind: 'load', id: this.#id(), size: 1, offset: base.lengthAt });
      const low = add({ kind: 'arith', id: this.#id(), op: '&', left: byte, right: constant(0xf) });
      index = add({ kind: 'arith', id: this.#id(), op: '*', left: low, right: constant(4) });
    }
    const where = index === undefined ? {} : { index };
    let left = add({ kind: 'load', id: this.#id(), size: atom.size, offset, ...where });
    if (atom.mask !== undefined) {
      left = add({ kind: 'arith', id: this.#id(), op: '&', left, right: constant(atom.mask) });
    }
    const test = { op: atom.op, left, right: constant(atom.value) };
    return this.#add(values, { kind: 'branch', test, yes, no });
  }

  program(entry: BlockId): Program {
    return { linkType: 'EN10MB', snapLen: 262144, blocks: numberBlocks(this.#blocks, entry) };
  }

  #add(values: readonly Value[], end: Block['end']): BlockId {
    const id = this.#blocks.size as BlockId;
    this.#blocks.set(id, { id, values, end });
    return id;
  }

  #id(): ValueId {
    return this.#next++ as ValueId;
  }
}
