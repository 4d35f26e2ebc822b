import type { Arithmetic } from '../ast/types.ts';
import { arith } from '../ir/arith.ts';
import type { LoadSize } from '../ir/types.ts';
import * as messages from '../messages/analyze.ts';
import type { LoadBase, Term } from '../predicate/types.ts';
import { words } from '../tables/words.ts';
import type { Context } from './context.ts';

/** One side of a comparison, checked; `undefined` beside a diagnostic. */
export function buildTerm(written: Arithmetic, context: Context): Term | undefined {
  switch (written.kind) {
    case 'number':
      return { kind: 'number', value: written.value };
    case 'length':
      return { kind: 'length' };
    case 'negate': {
      const operand = buildTerm(written.operand, context);
      return operand && { kind: 'negate', operand };
    }
    case 'binary': {
      const left = buildTerm(written.left, context);
      const right = buildTerm(written.right, context);
      if (left === undefined || right === undefined) return undefined;
      return checkRight(written, right, context)
        ? { kind: 'binary', op: written.op, left, right }
        : undefined;
    }
    case 'load': {
      const base = loadBase(written, context);
      const offset = buildTerm(written.offset, context);
      if (![1, 2, 4].includes(written.size)) {
        context.diagnostics.push(messages.badSize(written.sizeSpan));
        return undefined;
      }
      if (base === undefined || offset === undefined) return undefined;
      return { kind: 'load', base, offset, size: written.size as LoadSize };
    }
    default:
      return written satisfies never;
  }
}

function loadBase(
  { protocol, span }: Extract<Arithmetic, { kind: 'load' }>,
  context: Context,
): LoadBase | undefined {
  if ((words.links as readonly string[]).includes(protocol)) return 'link';
  // libpcap has no start for these two: the size of what they wrap is not in a fixed place.
  if (protocol === 'ah' || protocol === 'esp') {
    context.diagnostics.push(messages.notAnIndex(span, protocol));
    return undefined;
  }
  return protocol as LoadBase;
}

/** What can be told before any packet: a divisor that is 0, a shift that moves all bits out. */
function checkRight(
  { op, right }: Extract<Arithmetic, { kind: 'binary' }>,
  term: Term,
  { diagnostics }: Context,
): boolean {
  const value = constantValue(term);
  if (value === undefined) return true;
  if ((op === '/' || op === '%') && value === 0) {
    diagnostics.push(messages.divisionByZero(right.span));
    return false;
  }
  if ((op === '<<' || op === '>>') && value > 31) {
    diagnostics.push(messages.shiftTooFar(right.span));
    return false;
  }
  return true;
}

function constantValue(term: Term): number | undefined {
  if (term.kind === 'number') return term.value;
  if (term.kind === 'negate') {
    const operand = constantValue(term.operand);
    return operand === undefined ? undefined : arith('-', 0, operand);
  }
  if (term.kind !== 'binary') return undefined;
  const left = constantValue(term.left);
  const right = constantValue(term.right);
  return left === undefined || right === undefined ? undefined : arith(term.op, left, right);
}
