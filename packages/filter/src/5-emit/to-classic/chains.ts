import { none } from './expression-table.ts';
import { type Graph, isReturn, isTest, type Node } from './nodes.ts';

/** The order of a program's instructions. */
export interface Chains {
  /**
   * The first instruction of each chain, the program's entry first; jumps lead to later chains
   * only. In a chain, each instruction follows the one before it.
   */
  readonly order: readonly Node[];
  /** By node: the one that stands behind it in its chain, or `none`. */
  readonly behind: Int32Array;
}

/**
 * Cuts the graph into chains and puts them in an order. Where several instructions are followed by
 * the same one, one of them has it in its chain and the others have to jump. Where a test holds
 * comes before where it does not, which reads like the filter; returns are last.
 *
 * @param mayEnd may a chain end in a return, so that there are returns in the middle?
 */
export function findChains(graph: Graph, mayEnd: boolean): Chains {
  const behind = new Int32Array(graph.count).fill(none);
  /** By node: the first of its chain, or `none` where nothing leads. */
  const heads = new Int32Array(graph.count).fill(none);
  const follows = new Uint8Array(graph.count);
  const reached = reachedNodes(graph);
  for (const node of reached) {
    const next = graph.next(node);
    if (isReturn(graph, node) || isTest(graph, node) || follows[next] === 1) continue;
    if (!mayEnd && isReturn(graph, next)) continue;
    follows[next] = 1;
    behind[node] = next;
  }
  for (const node of reached) {
    if (follows[node] === 1) continue;
    for (let each = node; each !== none; each = behind[each]!) heads[each] = node;
  }
  const order = sort(graph, behind, heads);
  const isJustReturn = (head: Node): boolean => isReturn(graph, head);
  const returns = order.filter(isJustReturn).sort((one, other) => graph.k(other) - graph.k(one));
  return { order: [...order.filter((head) => !isJustReturn(head)), ...returns], behind };
}

function reachedNodes(graph: Graph): Node[] {
  const isReached = new Uint8Array(graph.count);
  const reached: Node[] = [];
  const reach = (node: Node): void => {
    if (node === none || isReached[node] === 1) return;
    isReached[node] = 1;
    reached.push(node);
  };
  reach(graph.entry);
  for (let at = 0; at < reached.length; at++) {
    reach(graph.next(reached[at]!));
    reach(graph.otherwise(reached[at]!));
  }
  return reached;
}

/** Heads of chains in reverse postorder, in which every edge leads forward. */
function sort(graph: Graph, behind: Int32Array, heads: Int32Array): Node[] {
  const postorder: Node[] = [];
  const state = new Uint8Array(graph.count);
  const open = 1;
  const done = 2;
  const stack: Node[] = [];
  const visit = (to: Node): void => {
    if (to !== none && state[heads[to]!] === 0) stack.push(heads[to]!);
  };
  visit(graph.entry);
  while (stack.length > 0) {
    const head = stack[stack.length - 1]!;
    if (state[head] === 0) {
      state[head] = open;
      let last = head;
      while (behind[last] !== none) last = behind[last]!;
      // What comes off the stack first is finished first, and comes later in the result.
      visit(graph.next(last));
      visit(graph.otherwise(last));
    } else {
      stack.pop();
      if (state[head] === open) {
        state[head] = done;
        postorder.push(head);
      }
    }
  }
  return postorder.reverse();
}
