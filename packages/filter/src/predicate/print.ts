import type { Predicate, PredicateTest, Term } from './types.ts';

/** A predicate as an indented outline, a test to a line. For people; not parsed. */
export function printPredicate(predicate: Predicate): string {
  const lines: string[] = [];
  outline(predicate, '', lines);
  return lines.join('');
}

function outline(predicate: Predicate, indent: string, lines: string[]): void {
  const inner = `${indent}  `;
  switch (predicate.kind) {
    case 'always':
      lines.push(`${indent}always\n`);
      return;
    case 'not':
      lines.push(`${indent}not\n`);
      outline(predicate.operand, inner, lines);
      return;
    case 'chain':
      outline(predicate.first, indent, lines);
      for (const { op, operand } of predicate.rest) {
        lines.push(`${indent}${op}\n`);
        outline(operand, inner, lines);
      }
      return;
    default:
      lines.push(`${indent}${printTest(predicate)}\n`);
  }
}

const hex = (value: number, digits = 8): string => `0x${value.toString(16).padStart(digits, '0')}`;

const mac = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');

/** ` 5`, or nothing for a number that need not be there. */
const optional = (value: number | undefined): string => (value === undefined ? '' : ` ${value}`);

function printTest(test: PredicateTest): string {
  switch (test.kind) {
    case 'link-protocol':
      return `link protocol ${hex(test.protocol, 4)}`;
    case 'ip-protocol':
      return `IP protocol ${test.number} over ${test.over.join(', ')}`;
    case 'protochain':
      return `chain of headers to IP protocol ${test.number} over ${test.over.join(', ')}`;
    case 'iso-protocol':
      return `ISO protocol ${hex(test.number, 2)}`;
    case 'isis-pdu':
      return `IS-IS PDU type ${test.types.join(', ')}`;
    case 'ipv4-address':
      return `${test.direction} ${hex(test.address)} & ${hex(test.mask)} in ${test.protocols.join(', ')}`;
    case 'ipv6-address':
      return `${test.direction} ${test.address.map((word) => hex(word)).join(' ')} & ${test.mask.map((word) => hex(word)).join(' ')}`;
    case 'link-address':
      return `${test.direction} hardware address ${mac(test.address)}`;
    case 'decnet-address':
      return `${test.direction} DECnet address ${test.address >> 10}.${test.address & 1023}`;
    case 'gateway':
      return `gateway ${mac(test.hardware)}, not ${test.addresses.map((each) => hex(each)).join(', ')} in ${test.protocols.join(', ')}`;
    case 'port':
      return `${test.direction} port ${test.low} to ${test.high} of IP protocol ${test.protocols.join(', ')}`;
    case 'broadcast':
      return test.of === 'ip' ? `ip broadcast under ${hex(test.netmask)}` : 'link broadcast';
    case 'multicast':
      return `${test.of} multicast`;
    case 'packet-direction':
      return test.direction;
    case 'interface-index':
      return `interface index ${test.index}`;
    case 'vlan':
      return `inside VLAN${optional(test.id)}`;
    case 'mpls':
      return `inside MPLS label${optional(test.label)}`;
    case 'pppoe-discovery':
      return 'PPPoE discovery';
    case 'pppoe-session':
      return `inside PPPoE session${optional(test.session)}`;
    case 'geneve':
      return `inside Geneve${optional(test.vni)}`;
    case 'vxlan':
      return `inside VXLAN${optional(test.vni)}`;
    case 'lane':
      return 'inside LAN emulation';
    case 'llc':
      return test.control === undefined
        ? 'LLC'
        : `LLC control & ${hex(test.control.mask, 2)} = ${hex(test.control.value, 2)}`;
    case 'wlan-type':
      return `802.11 type & ${hex(test.mask, 2)} = ${hex(test.value, 2)}`;
    case 'wlan-direction':
      return `802.11 direction ${test.direction}`;
    case 'pf-name':
      return `PF ${test.field} begins with ${JSON.stringify(test.name)}`;
    case 'pf-number':
      return `PF ${test.field} ${test.value}`;
    case 'atm-word':
      return `ATM ${test.word}`;
    case 'mtp-word':
      return `SS7 ${test.word}`;
    case 'field':
      return `${test.field} ${test.alternatives.map(({ op, value }) => `${op} ${value}`).join(' or ')}`;
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
