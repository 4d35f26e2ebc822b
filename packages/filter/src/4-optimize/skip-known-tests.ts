import type { Block, BlockId, Program } from '../ir/types.ts';
import { numberBlocks } from '../ir/visit.ts';
import { describeTests } from './describe-tests.ts';
import { both, type Knowledge, learn, nothing, recall } from './knowledge.ts';

/**
 * So many tests in a row are skipped at a time. A path that could skip the rest of a list of
 * thousands, from every term of it, would take the square of the list's length.
 */
const farthest = 100;

/**
 * Leads a path past a test whose outcome it has seen already: `tcp or udp` looks at the EtherType
 * once. What a skipped block would have loaded was loaded by the test that decided it, so that a
 * packet which is too short is still rejected at the same place.
 */
export function skipKnownTests(program: Program): Program {
  const describe = describeTests(program);
  const arriving = new Map<BlockId, Knowledge>([[0 as BlockId, nothing]]);
  const blocks = new Map<BlockId, Block>();
  let changed = false;
  // In order, every block comes after all that lead to it.
  for (const block of program.blocks) {
    const known = arriving.get(block.id);
    if (known === undefined) continue;
    const { end } = block;
    if (end.kind !== 'branch') {
      blocks.set(block.id, block);
      continue;
    }
    const test = describe(block);
    const lead = (to: BlockId, holds: boolean): BlockId =>
      arrive(to, test === undefined ? known : learn(known, { ...test, holds }));
    const threaded = { ...end, yes: lead(end.yes, true), no: lead(end.no, false) };
    changed ||= threaded.yes !== end.yes || threaded.no !== end.no;
    blocks.set(block.id, { ...block, end: threaded });
  }
  return changed ? { ...program, blocks: numberBlocks(blocks, 0 as BlockId) } : program;

  /** Where a path with this knowledge really goes; leaves word there of what it knows. */
  function arrive(id: BlockId, known: Knowledge): BlockId {
    let to = id;
    for (let steps = 0; steps < farthest; steps++) {
      const block = program.blocks[to]!;
      const test = describe(block);
      const outcome = test && recall(known, test);
      if (outcome === undefined || block.end.kind !== 'branch') break;
      to = outcome ? block.end.yes : block.end.no;
    }
    const others = arriving.get(to);
    arriving.set(to, others === undefined ? known : both(others, known));
    return to;
  }
}
