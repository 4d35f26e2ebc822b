import type { Block, BlockId, Program, TestOp, Value, ValueId } from '../ir/types.ts';
import { numberBlocks, operands, testOperands, valuesById } from '../ir/visit.ts';

/**
 * Something that a path has found out: a test and how it came out, after what it knew before. Paths
 * that part share what they knew until then.
 */
interface Fact {
  readonly left: string;
  readonly op: TestOp;
  readonly right: string;
  readonly holds: boolean;
  readonly before: Fact | undefined;
  readonly depth: number;
}

/** How far back a path remembers: a filter with thousands of terms must not take its square. */
const memory = 64;

/**
 * Leads a path past a test whose outcome it has seen already: `tcp or udp` looks at the EtherType
 * once. What a skipped block would have loaded was loaded by the test that decided it, so that a
 * packet which is too short is still rejected at the same place.
 */
export function skipKnownTests(program: Program): Program {
  const describe = describeTests(program);
  const arriving = new Map<BlockId, Fact | undefined>([[0 as BlockId, undefined]]);
  const blocks = new Map<BlockId, Block>();
  let changed = false;
  // In order, every block comes after all that lead to it.
  for (const block of program.blocks) {
    if (!arriving.has(block.id)) continue;
    const own = describe(block);
    const { end } = block;
    if (end.kind !== 'branch') {
      blocks.set(block.id, block);
      continue;
    }
    const known = arriving.get(block.id);
    const lead = (holds: boolean): BlockId => {
      const depth = (known?.depth ?? 0) + 1;
      const fact: Fact | undefined = own && { ...own, holds, before: known, depth };
      return arrive(holds ? end.yes : end.no, fact ?? known);
    };
    const threaded = { ...end, yes: lead(true), no: lead(false) };
    changed ||= threaded.yes !== end.yes || threaded.no !== end.no;
    blocks.set(block.id, { ...block, end: threaded });
  }
  return changed ? { ...program, blocks: numberBlocks(blocks, 0 as BlockId) } : program;

  /** Where a path with this knowledge really goes; leaves word there of what it knows. */
  function arrive(id: BlockId, known: Fact | undefined): BlockId {
    let to = id;
    for (;;) {
      const block = program.blocks[to]!;
      const outcome = block.end.kind === 'branch' ? recall(describe(block), known) : undefined;
      if (block.end.kind !== 'branch' || outcome === undefined) break;
      to = outcome ? block.end.yes : block.end.no;
    }
    arriving.set(to, arriving.has(to) ? common(arriving.get(to), known) : known);
    return to;
  }
}

type Question = Pick<Fact, 'left' | 'op' | 'right'>;

/** The outcome of a test, if a path knows it. */
function recall(test: Question | undefined, known: Fact | undefined): boolean | undefined {
  if (test === undefined) return undefined;
  let fact = known;
  for (let steps = 0; fact !== undefined && steps < memory; steps++, fact = fact.before) {
    if (fact.left !== test.left) continue;
    if (fact.op === test.op && fact.right === test.right) return fact.holds;
    // What is one constant is no other.
    const equal = fact.op === '==' && fact.holds && test.op === '==';
    if (equal && isConstant(fact.right) && isConstant(test.right)) return false;
  }
  return undefined;
}

const isConstant = (description: string): boolean => /^[0-9]+$/.test(description);

/** What two paths both know, because they knew it before they parted. */
function common(a: Fact | undefined, b: Fact | undefined): Fact | undefined {
  let [left, right] = [a, b];
  while (left !== right) {
    if ((left?.depth ?? 0) >= (right?.depth ?? 0)) left = left?.before;
    else right = right?.before;
  }
  return left;
}

/**
 * Tests as text, so that equal ones are equal; `undefined` for a block that does more than test,
 * and so cannot be skipped.
 */
function describeTests(program: Program): (block: Block) => Question | undefined {
  const values = valuesById(program);
  const elsewhere = usedElsewhere(program);
  const questions = program.blocks.map((block): Question | undefined => {
    if (block.end.kind !== 'branch') return undefined;
    const { op, left, right } = block.end.test;
    const used = new Set<ValueId>();
    const question = { op, left: text(left, values, used), right: text(right, values, used) };
    const whole = block.values.every(({ id }) => used.has(id) && !elsewhere.has(id));
    return whole ? question : undefined;
  });
  return (block) => questions[block.id];
}

function text(id: ValueId, values: ReadonlyMap<ValueId, Value>, used: Set<ValueId>): string {
  used.add(id);
  const value = values.get(id)!;
  const part = (each: ValueId): string => text(each, values, used);
  switch (value.kind) {
    case 'const':
      return String(value.value);
    case 'length':
      return 'length';
    case 'load': {
      const index = value.index === undefined ? '' : ` + ${part(value.index)}`;
      return `[${value.offset}${index}:${value.size}]`;
    }
    case 'arith':
      return `(${part(value.left)} ${value.op} ${part(value.right)})`;
    default:
      return value satisfies never;
  }
}

/** Values that a block other than their own looks at. */
function usedElsewhere(program: Program): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  for (const { values, end } of program.blocks) {
    const own = new Set(values.map(({ id }) => id));
    for (const id of [...values.flatMap(operands), ...testOperands(end)]) {
      if (!own.has(id)) found.add(id);
    }
  }
  return found;
}
