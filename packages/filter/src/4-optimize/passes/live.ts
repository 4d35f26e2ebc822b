import type { Expr, Expressions } from '../graph/expressions.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { noWords, union, type Words, withoutWord } from '../graph/live-words.ts';

/** The words that an expression looks at; remembered, as expressions share their parts. */
export function wordsOf(table: Expressions): (expr: Expr) => Words {
  const found: Words[] = [];
  const compute = (expr: Expr): Words => {
    const expression = table.get(expr);
    switch (expression.kind) {
      case 'word':
        return new Set([expression.word]);
      case 'load':
        return expression.index === undefined ? noWords : found[expression.index]!;
      case 'arith':
        return union(found[expression.left]!, found[expression.right]!);
      default:
        return noWords;
    }
  };
  return (expr) => {
    // Parts have lower numbers than what is made of them.
    while (found.length <= expr) found.push(compute(found.length as Expr));
    return found[expr]!;
  };
}

/** The words that are looked at after each node's beginning, whichever way is taken. */
export function liveAtStart({ nodes, table, words }: Graph): readonly Words[] {
  if (words === 0) return new Array<Words>(nodes.length).fill(noWords);
  const of = wordsOf(table);
  const live: Words[] = [];
  for (let at = nodes.length - 1; at >= 0; at--) live[at] = throughNode(nodes[at]!, live, of);
  return live;
}

function throughNode(
  { checks, stores, end }: Node,
  live: readonly Words[],
  of: (expr: Expr) => Words,
): Words {
  let words = noWords;
  if (end.kind === 'jump') words = live[end.to]!;
  if (end.kind === 'return-value') words = of(end.value);
  if (end.kind === 'branch') {
    words = union(live[end.yes]!, live[end.no]!);
    words = union(union(words, of(end.test.left)), of(end.test.right));
  }
  for (let index = stores.length - 1; index >= 0; index--) {
    const { word, value } = stores[index]!;
    if (!words.has(word)) continue;
    words = union(withoutWord(words, word), of(value));
  }
  for (const check of checks) words = union(words, of(check));
  return words;
}
