import type { Arithmetic } from '../ast/types.ts';
import { arith } from '../ir/arith.ts';
import type { LoadSize } from '../ir/types.ts';
import * as messages from '../messages/analyze.ts';
import type { LoadBase, Term } from '../predicate/types.ts';
import type { Context } from './context.ts';
import { isLink } from './rules.ts';

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
      const { span } = written;
      const base = loadBase(written, context);
      const offset = buildTerm(written.offset, context);
      if (![1, 2, 4].includes(written.size)) {
        context.diagnostics.push(messages.badSize(written.sizeSpan));
        return undefined;
      }
      if (base === undefined || offset === undefined) return undefined;
      return { kind: 'load', base, offset, size: written.size as LoadSize, span };
    }
    default:
      return written satisfies never;
  }
}

/** Protocols whose header begins in a place that can be told (libpcap, gen_load()). */
const bases: ReadonlySet<string> = new Set<LoadBase>([
  ...(['radio', 'ip', 'ip6', 'arp', 'rarp', 'atalk', 'decnet', 'lat', 'sca'] as const),
  ...(['moprc', 'mopdl', 'tcp', 'udp', 'sctp', 'icmp', 'icmp6', 'igmp', 'igrp'] as const),
  ...(['pim', 'vrrp', 'carp'] as const),
]);

function loadBase(
  { protocol, span }: Extract<Arithmetic, { kind: 'load' }>,
  { diagnostics }: Context,
): LoadBase | undefined {
  if (isLink(protocol)) return 'link';
  if (bases.has(protocol)) return protocol as LoadBase;
  diagnostics.push(messages.notAnIndex(span, protocol));
  return undefined;
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
