import type { Predicate, PredicateTest, Term } from './types.ts';

/** A predicate as an indented outline, a test to a line. For people; not parsed. */
export function printPredicate(predicate: Predicate): string {
  return outline(predicate, '');
}

function outline(predicate: Predicate, indent: string): string {
  const inner = `${indent}  `;
  switch (predicate.kind) {
    case 'always':
      return `${indent}always\n`;
    case 'not':
      return `${indent}not\n${outline(predicate.operand, inner)}`;
    case 'chain':
      return (
        outline(predicate.first, indent) +
        predicate.rest
          .map(({ op, operand }) => `${indent}${op}\n${outline(operand, inner)}`)
          .join('')
      );
    default:
      return `${indent}${printTest(predicate)}\n`;
  }
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

function printTest(test: PredicateTest): string {
  switch (test.kind) {
    case 'link-protocol':
      return `link protocol ${test.protocol}`;
    case 'ip-protocol':
      return `IP protocol ${test.number} over ${test.over.join(', ')}`;
    case 'ipv4-address':
      return `${test.direction} ${hex(test.address)} & ${hex(test.mask)} in ${test.protocols.join(', ')}`;
    case 'ipv6-address':
      return `${test.direction} ${test.address.map(hex).join(' ')} & ${test.mask.map(hex).join(' ')}`;
    case 'port':
      return `${test.direction} port ${test.low} to ${test.high} of IP protocol ${test.protocols.join(', ')}`;
    case 'relation':
      return `${printTerm(test.left)} ${test.op} ${printTerm(test.right)}`;
    default:
      return test satisfies never;
  }
}

function printTerm(term: Term): string {
  switch (term.kind) {
    case 'number':
      return String(term.value);
    case 'length':
      return 'length';
    case 'load':
      return `${term.base}[${printTerm(term.offset)}:${term.size}]`;
    case 'negate':
      return `-${printTerm(term.operand)}`;
    case 'binary':
      return `(${printTerm(term.left)} ${term.op} ${printTerm(term.right)})`;
    default:
      return term satisfies never;
  }
}
