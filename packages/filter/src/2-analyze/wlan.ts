import type { Expression, NameOperand, NumberOperand } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import { nearest } from '../nearest.ts';
import type { PredicateTest } from '../predicate/types.ts';
import { subtypeMask, typeMask, wlanDirections, wlanSubtypes, wlanTypes } from '../tables/wlan.ts';
import type { Context } from './context.ts';
import { own } from './own.ts';

type Operand = NumberOperand | NameOperand;
type Node<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** `type mgt`, `type mgt subtype beacon`, `subtype beacon`. */
export function wlanTypeTest(
  { type, subtype, span }: Node<'wlan-type'>,
  context: Context,
): PredicateTest | undefined {
  if (type === undefined) {
    const value = subtype && anySubtype(subtype, context);
    return value === undefined
      ? undefined
      : { kind: 'wlan-type', word: 'subtype', mask: typeMask | subtypeMask, value, span };
  }
  const typeBits = readType(type, context);
  if (subtype === undefined) {
    return typeBits === undefined
      ? undefined
      : { kind: 'wlan-type', word: 'type', mask: typeMask, value: typeBits, span };
  }
  const subtypeBits = readSubtype(subtype, typeBits, context);
  if (typeBits === undefined || subtypeBits === undefined) return undefined;
  const value = typeBits | subtypeBits;
  return { kind: 'wlan-type', word: 'type', mask: typeMask | subtypeMask, value, span };
}

function readType(operand: Operand, { diagnostics }: Context): number | undefined {
  if (operand.kind === 'number') {
    if ((operand.value & ~typeMask) === 0) return operand.value;
    diagnostics.push(
      messages.notTheseBits(
        operand.span,
        'an 802.11 type',
        ['0', '4', '8', '12'],
        operand.value > 0xff && operand.value <= 0xffff
          ? `for an EtherType write 'ether proto ${operand.text}'`
          : undefined,
      ),
    );
    return undefined;
  }
  const found = own(wlanTypes, operand.text.toLowerCase());
  if (found === undefined) unknown(operand, '802.11 type', Object.keys(wlanTypes), diagnostics);
  return found;
}

/** @param type whose subtypes the names are; `undefined` where it is wrong itself */
function readSubtype(
  operand: Operand,
  type: number | undefined,
  { diagnostics }: Context,
): number | undefined {
  if (operand.kind === 'number') {
    if ((operand.value & ~subtypeMask) === 0) return operand.value;
    const values = ['0', '0x10', '0x20', '…', '0xf0'];
    diagnostics.push(messages.notTheseBits(operand.span, 'an 802.11 subtype', values));
    return undefined;
  }
  if (type === undefined) return undefined;
  const table = wlanSubtypes.find((each) => each.type === type);
  const found = table && own(table.subtypes, operand.text.toLowerCase());
  if (found === undefined) {
    const kind = `subtype of 802.11 type ${table === undefined ? type : `'${table.name}'`}`;
    unknown(operand, kind, Object.keys(table?.subtypes ?? {}), diagnostics);
  }
  return found;
}

/** A subtype alone: its name tells the type as well. */
function anySubtype(operand: Operand, { diagnostics }: Context): number | undefined {
  if (operand.kind === 'name') {
    for (const { type, subtypes } of wlanSubtypes) {
      const found = own(subtypes, operand.text.toLowerCase());
      if (found !== undefined) return type | found;
    }
  }
  const known = wlanSubtypes.flatMap(({ subtypes }) => Object.keys(subtypes));
  unknown(operand, '802.11 subtype', known, diagnostics);
  return undefined;
}

/** `dir tods`, `direction 3`. */
export function wlanDirectionTest(
  { value, span }: Node<'wlan-direction'>,
  { diagnostics }: Context,
): PredicateTest | undefined {
  if (value.kind === 'number') {
    if (value.value <= 3) return { kind: 'wlan-direction', direction: value.value, span };
    diagnostics.push(messages.outOfRange(value.span, 'an 802.11 direction', 3));
    return undefined;
  }
  const direction = own(wlanDirections, value.text.toLowerCase());
  if (direction !== undefined) return { kind: 'wlan-direction', direction, span };
  unknown(value, '802.11 direction', Object.keys(wlanDirections), diagnostics);
  return undefined;
}

function unknown(
  { span, text }: Operand,
  kind: string,
  known: readonly string[],
  diagnostics: Context['diagnostics'],
): void {
  const list = known.length > 8 ? undefined : known;
  diagnostics.push(messages.unknownName(span, kind, text, nearest(text, known), list));
}
