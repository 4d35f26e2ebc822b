import type { Graph, Node } from '../graph/graph.ts';
import { noWords, union, type Words, withoutWord } from '../graph/live-words.ts';
import { liveAtStart, wordsOf } from './live.ts';

/** Stores nothing that nobody looks at. */
export function removeDeadStores(graph: Graph): Graph {
  const { nodes, table } = graph;
  if (!nodes.some(({ stores }) => stores.length > 0)) return graph;
  const live = liveAtStart(graph);
  const wordsIn = wordsOf(table);
  let changed = false;
  const after = nodes.map((node) => {
    if (node.stores.length === 0) return node;
    let words = atEnd(node);
    const kept = node.stores
      .slice()
      .reverse()
      .filter(({ word, value }) => {
        const wanted = words.has(word) && table.word(word) !== value;
        if (wanted) words = union(withoutWord(words, word), wordsIn(value));
        return wanted;
      });
    if (kept.length === node.stores.length) return node;
    changed = true;
    return { ...node, stores: kept.reverse() };
  });
  return changed ? { ...graph, nodes: after } : graph;

  function atEnd({ end }: Node): Words {
    if (end.kind === 'jump') return live[end.to]!;
    if (end.kind === 'return-value') return wordsIn(end.value);
    if (end.kind !== 'branch') return noWords;
    const { left, right } = end.test;
    return union(union(live[end.yes]!, live[end.no]!), union(wordsIn(left), wordsIn(right)));
  }
}
