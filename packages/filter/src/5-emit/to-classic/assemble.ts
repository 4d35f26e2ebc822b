import * as op from '../opcodes.ts';
import type { Chains } from './chains.ts';
import { none } from './expression-table.ts';
import { type Graph, isReturn, isTest, type Node } from './nodes.ts';

/** A conditional jump reaches over so many instructions. */
const farthest = 255;

/**
 * Writes chains out, from the last to the first, so that it is known how far each jump leads. One
 * that leads too far goes to an unconditional jump, or a return, put behind the test; the tests
 * before it use the same one for as long as they reach it.
 *
 * @param copyReturns may there be more than one of the same return, where that saves a jump?
 */
export function assemble(
  graph: Graph,
  chains: Chains,
  copyReturns: boolean,
): readonly op.Instruction[] {
  return new Assembler(graph, chains, copyReturns).assemble();
}

class Assembler {
  readonly #graph: Graph;
  readonly #chains: Chains;
  readonly #copyReturns: boolean;
  /** Last instruction first. */
  readonly #written: op.Instruction[] = [];
  /** By node: how many instructions there are from it to the end, with it. */
  readonly #places: Int32Array;
  /** The same for the first instruction that is as good as the node to jump to. */
  readonly #nearest: Int32Array;

  constructor(graph: Graph, chains: Chains, copyReturns: boolean) {
    this.#graph = graph;
    this.#chains = chains;
    this.#copyReturns = copyReturns;
    this.#places = new Int32Array(graph.count);
    this.#nearest = new Int32Array(graph.count);
  }

  assemble(): readonly op.Instruction[] {
    const { order, behind } = this.#chains;
    for (let index = order.length - 1; index >= 0; index--) {
      const chain: Node[] = [];
      for (let node = order[index]!; node !== none; node = behind[node]!) chain.push(node);
      this.#writeEnd(chain[chain.length - 1]!);
      for (let at = chain.length - 1; at >= 0; at--) this.#writeNode(chain[at]!);
    }
    return this.#written.reverse();
  }

  /** What a chain needs behind it, if what follows its last instruction stands elsewhere. */
  #writeEnd(last: Node): void {
    if (isReturn(this.#graph, last) || isTest(this.#graph, last)) return;
    const next = this.#graph.next(last);
    const canCopy = isReturn(this.#graph, next)
      ? this.#copyReturns
      : isTest(this.#graph, next) && this.#reachesBoth(next);
    if (canCopy) this.#writeNode(next);
    else this.#writeJump(next);
  }

  #writeNode(node: Node): void {
    const graph = this.#graph;
    if (isTest(graph, node)) {
      const yes = graph.next(node);
      const no = graph.otherwise(node);
      while (!this.#reachesBoth(node)) this.#bringNearer(this.#reaches(yes) ? no : yes);
      this.#write(graph.code(node), graph.k(node), this.#distance(yes), this.#distance(no));
    } else this.#write(graph.code(node), graph.k(node), 0, 0);
    this.#places[node] ||= this.#written.length;
    this.#nearest[node] = this.#written.length;
  }

  #bringNearer(target: Node): void {
    const { code, k } = { code: this.#graph.code(target), k: this.#graph.k(target) };
    if (isReturn(this.#graph, target) && this.#copyReturns) this.#write(code, k, 0, 0);
    else this.#writeJump(target);
    this.#nearest[target] = this.#written.length;
  }

  #writeJump(to: Node): void {
    this.#write(op.JMP | op.JA, this.#written.length - this.#places[to]!, 0, 0);
  }

  #write(code: number, k: number, jt: number, jf: number): void {
    this.#written.push({ code, jt, jf, k });
  }

  /** Instructions between the next one that is written and a node. */
  #distance(to: Node): number {
    return this.#written.length - this.#nearest[to]!;
  }

  #reaches(to: Node): boolean {
    return this.#distance(to) <= farthest;
  }

  #reachesBoth(test: Node): boolean {
    return this.#reaches(this.#graph.next(test)) && this.#reaches(this.#graph.otherwise(test));
  }
}
