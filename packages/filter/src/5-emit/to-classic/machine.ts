import { arithCodes } from '../instruction-set.ts';
import * as op from '../opcodes.ts';
import type { Copy } from './code.ts';
import { type Expression, Kind, none } from './expression-table.ts';
import { Holdings, impossible, isEncodable } from './holdings.ts';
import { wordName } from './registers.ts';

const commutative: ReadonlySet<number> = new Set(
  (['+', '*', '&', '|', '^'] as const).map((name) => arithCodes[name]),
);

/**
 * No packet reaches as far as an offset beyond this, so that it rejects; as an instruction it would
 * be a negative one, which has a meaning of its own to the kernel.
 */
const farthestOffset = 0x7fffffff;

/** A way to bring one value into A and another into X. */
interface Plan {
  readonly how: 'x-first' | 'a-first' | 'through-memory' | 'a-through-memory';
  /** Instructions that it takes. */
  readonly cost: number;
  /** Words of memory that it takes. */
  readonly temporaries: number;
}

/**
 * Writes instructions that leave values in A and X. Where a value can be had in several ways, the
 * shortest from the present state is taken.
 */
export class Machine extends Holdings {
  readonly code: number[] = [];
  readonly k: number[] = [];
  readonly copies: Copy[] = [];
  /** The one register must be left as it is while the other is filled. */
  #isTaken: 'a' | 'x' | undefined;

  emit(code: number, k: number): void {
    this.code.push(code);
    this.k.push(k);
  }

  /** Puts a value into a word, through the register from which it will be wanted. */
  store(value: Expression, word: number, name: number, asIndex: boolean): void {
    if (asIndex) this.intoX(value);
    else this.intoA(value);
    this.emit(asIndex ? op.STX : op.ST, wordName(word));
    const isOther = (each: number): boolean => each !== name;
    this.a = this.a.filter(isOther);
    this.x = this.x.filter(isOther);
    if (asIndex) this.x = [...this.x, name];
    else this.a = [...this.a, name];
  }

  /** Makes a value of what a word holds now. */
  recall(moment: Expression): void {
    const name = wordName(this.of.number(moment));
    if (!this.a.includes(name) && this.x.includes(name)) {
      this.x = [...this.x, moment];
      this.#keep(moment, op.STX);
      return;
    }
    if (!this.a.includes(name)) {
      this.emit(op.LD | op.MEM, name);
      this.a = [name];
    }
    this.a = [...this.a, moment];
    this.#keep(moment, op.ST);
  }

  /** Leaves a value in A; X may be lost. */
  intoA(value: Expression): void {
    if (this.a.includes(value)) return;
    if (this.x.includes(value)) {
      this.emit(op.MISC | op.TXA, 0);
      this.a = this.x;
      return;
    }
    const copy = this.copy(value);
    if (copy !== undefined && this.#isWorthLoading(copy, this.costOfComputing(value))) {
      this.#load(copy, op.LD);
      this.a = [value];
      return;
    }
    this.#compute(value);
    this.a = [value];
    if (this.#isWorthKeeping(value)) this.#keep(value, op.ST);
  }

  /** Leaves a value in X; A may be lost, unless `costAlone` says at what cost it is not. */
  intoX(value: Expression): void {
    if (this.x.includes(value)) return;
    const kind = this.of.kind(value);
    if (this.a.includes(value)) {
      this.emit(op.MISC | op.TAX, 0);
      this.x = this.a;
      return;
    }
    const copy = this.copy(value);
    if (kind === Kind.constant) this.emit(op.LDX | op.IMM, this.of.number(value));
    else if (kind === Kind.word) this.emit(op.LDX | op.MEM, wordName(this.of.number(value)));
    else if (this.of.costs.header[value] !== none) {
      this.emit(op.LDX | op.B | op.MSH, this.of.costs.header[value]!);
    } else if (copy !== undefined && this.#isWorthLoading(copy, this.costOfComputing(value) + 1)) {
      this.#load(copy, op.LDX);
    } else {
      this.intoA(value);
      this.emit(op.MISC | op.TAX, 0);
      this.x = this.a;
      return;
    }
    this.x = [value];
  }

  /**
   * Leaves one value in A and another in X.
   *
   * @param mayExchange may it be the other way round?
   * @returns whether it is
   */
  intoBoth(left: Expression, right: Expression, mayExchange: boolean): boolean {
    if (left === right) {
      this.intoA(left);
      this.intoX(left);
      return false;
    }
    const straight = this.#plan(left, right);
    const exchanged = mayExchange ? this.#plan(right, left) : undefined;
    const exchange = exchanged !== undefined && this.#isBetter(exchanged, straight);
    if (exchange) this.#follow(exchanged, right, left);
    else this.#follow(straight, left, right);
    return exchange;
  }

  #plan(inA: Expression, inX: Expression): Plan {
    const { temporaries } = this.of.costs;
    const [inANeeds, inXNeeds] = [temporaries[inA]!, temporaries[inX]!];
    const alone = this.costAlone(inX);
    const memory: Plan = {
      how: 'through-memory',
      cost: this.costInA(inX) + 1 + this.costOfComputing(inA) + 1,
      temporaries: Math.max(inXNeeds, inANeeds + 1),
    };
    const plans: Plan[] = [
      memory,
      {
        how: 'a-through-memory',
        cost: this.costInA(inA) + 1 + this.costOfComputing(inX) + 2,
        temporaries: Math.max(inANeeds, inXNeeds + 1),
      },
    ];
    const registers = Math.max(inANeeds, inXNeeds);
    // Bringing a value into X through A loses what A holds.
    const loses = alone === impossible;
    if (this.keepsX(inA, loses ? [] : this.a, [inX])) {
      const then = loses ? this.costOfComputing(inA) : this.costInA(inA);
      const cost = this.costInX(inX) + then;
      plans.push({ how: 'x-first', cost, temporaries: registers });
    }
    const later = this.costLater(inX);
    if (later !== impossible) {
      const cost = this.costInA(inA) + later;
      plans.push({ how: 'a-first', cost, temporaries: registers });
    }
    return plans.reduce((best, plan) => (this.#isBetter(best, plan) ? best : plan));
  }

  /** Where memory is short, it counts more than instructions. */
  #isBetter(one: Plan, other: Plan): boolean {
    const isShort = this.choices.recomputed.size > 0;
    if (isShort && one.temporaries !== other.temporaries)
      return one.temporaries < other.temporaries;
    return one.cost < other.cost;
  }

  #follow({ how }: Plan, inA: Expression, inX: Expression): void {
    if (how === 'x-first') {
      this.intoX(inX);
      this.#isTaken = 'x';
      this.intoA(inA);
      this.#isTaken = undefined;
    } else if (how === 'a-first') {
      this.intoA(inA);
      this.#isTaken = 'a';
      this.intoX(inX);
      this.#isTaken = undefined;
    } else if (how === 'through-memory') {
      this.intoA(inX);
      const copy = this.#keep(inX, op.ST);
      this.intoA(inA);
      this.#load(copy, op.LDX);
      this.x = [inX];
    } else {
      this.intoA(inA);
      const copy = this.#keep(inA, op.ST);
      this.intoX(inX);
      this.#load(copy, op.LD);
      this.a = [inA];
    }
  }

  /** Computes a value into A; the caller notes that it is there. */
  #compute(value: Expression): void {
    const of = this.of;
    switch (of.kind(value)) {
      case Kind.constant:
        this.emit(op.LD | op.IMM, of.number(value));
        break;
      case Kind.length:
        this.emit(op.LD | op.W | op.LEN, 0);
        break;
      case Kind.ancillary:
        this.emit(op.LD | op.ABS | of.code(value), of.number(value));
        break;
      case Kind.word:
        this.emit(op.LD | op.MEM, wordName(of.number(value)));
        break;
      case Kind.load: {
        const index = of.left(value);
        if (of.number(value) > farthestOffset) {
          this.emit(op.RET | op.K, 0);
          break;
        }
        if (index !== none) this.intoX(index);
        this.emit(op.LD | (index === none ? op.ABS : op.IND) | of.code(value), of.number(value));
        break;
      }
      case Kind.arith:
        if (of.costs.header[value] !== none && this.#isTaken !== 'x') {
          this.intoX(value);
          this.emit(op.MISC | op.TXA, 0);
        } else this.#computeArith(of.code(value), of.left(value), of.right(value));
        break;
      default:
        throw new Error('a value is gone that cannot be computed again');
    }
  }

  #computeArith(operation: number, left: Expression, right: Expression): void {
    const of = this.of;
    const isCommutative = commutative.has(operation);
    if (of.isConstant(right) && isEncodable(operation, of.number(right))) {
      const isIndex = this.choices.keepsIndexes && of.indexUses[left]! > 0;
      if (isIndex && this.#isTaken !== 'x') this.intoX(left);
      this.intoA(left);
      this.emit(op.ALU | op.K | operation, of.number(right));
    } else if (of.isConstant(left) && isCommutative) {
      this.intoA(right);
      this.emit(op.ALU | op.K | operation, of.number(left));
    } else if (of.isConstant(left) && operation === op.SUB && !this.x.includes(right)) {
      this.intoA(right);
      this.emit(op.ALU | op.NEG, 0);
      if (of.number(left) !== 0) this.emit(op.ALU | op.K | op.ADD, of.number(left));
    } else {
      this.intoBoth(left, right, isCommutative);
      this.emit(op.ALU | op.X | operation, 0);
    }
  }

  /** @param cost instructions that computing it again takes */
  #isWorthLoading(copy: Copy, cost: number): boolean {
    if (this.of.costs.isLeaf[copy.value]! || this.#isTaken !== undefined) return true;
    return cost > (copy.lastLoad === none ? 2 : 1);
  }

  #isWorthKeeping(value: Expression): boolean {
    if (this.of.costs.isLeaf[value]!) return true;
    return this.of.uses[value]! > 1 && this.of.costs.inA[value]! > 1;
  }

  #keep(value: Expression, store: number): Copy {
    const copy: Copy = {
      value,
      index: this.copies.length,
      block: this.block,
      at: this.code.length,
      lastLoad: none,
      before: this.lastCopy[value],
    };
    this.emit(store, copy.index);
    this.copies.push(copy);
    this.lastCopy[value] = copy;
    return copy;
  }

  #load(copy: Copy, load: number): void {
    copy.lastLoad = this.code.length;
    this.emit(load | op.MEM, copy.index);
  }
}
