import type { Block, Program, Value, ValueId } from '../ir/types.ts';
import { operands, testOperands, valuesById } from '../ir/visit.ts';
import type { Question } from './knowledge.ts';

/** Each block's test; `undefined` for a block that does more than test, and so cannot be skipped. */
export function describeTests(program: Program): (block: Block) => Question | undefined {
  const values = valuesById(program);
  const elsewhere = usedElsewhere(program);
  const numbers = new Map<string, number>();
  const number = (expression: string): number => {
    const known = numbers.get(expression) ?? numbers.size;
    numbers.set(expression, known);
    return known;
  };
  const questions = program.blocks.map((block): Question | undefined => {
    if (block.end.kind !== 'branch') return undefined;
    const { op, left, right } = block.end.test;
    const used = new Set<ValueId>();
    const question: Question = {
      op,
      left: number(text(left, values, used)),
      right: number(text(right, values, used)),
      constant: values.get(right)!.kind === 'const',
    };
    const whole = block.values.every(({ id }) => used.has(id) && !elsewhere.has(id));
    return whole ? question : undefined;
  });
  return (block) => questions[block.id];
}

/** A value as text, so that equal ones are equal; what it is computed from goes into `used`. */
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
