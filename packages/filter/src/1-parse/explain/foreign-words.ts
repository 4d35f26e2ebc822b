import type { IToken } from 'chevrotain';
import {
  displayFlags,
  displayNumbers,
  displayOperands,
  displaySigns,
} from '../../tables/display-filters.ts';
import * as t from '../tokens.ts';
import { portsThat } from './hints.ts';
import { isKind } from './situation.ts';

/**
 * What `name sign value` means if it is of a display filter: `ip.src == 10.0.0.1`.
 *
 * @param rest what follows the name: a sign, a value, perhaps a prefix length
 */
export function foreignMeaning(name: string, rest: readonly IToken[]): string | undefined {
  const [sign, value, slash, prefix] = rest;
  const op = isKind(sign, t.RelationSign)
    ? (sign!.payload as string)
    : displaySigns[sign?.image.toLowerCase() ?? ''];
  if (op === undefined || !isKind(value, t.NumberToken, t.Name, t.Ipv4, t.Ipv6, t.Mac)) {
    return undefined;
  }
  const lower = name.toLowerCase();
  const flag = own(displayFlags, lower);
  if (flag !== undefined) {
    const isSet = (value!.payload === 0) === (op === '!=');
    return op === '=' || op === '!=' ? `${flag} ${isSet ? '!=' : '='} 0` : undefined;
  }
  const number = own(displayNumbers, lower);
  if (number !== undefined) {
    return isKind(value, t.NumberToken) ? `${number} ${op} ${value!.image}` : undefined;
  }
  const operand = own(displayOperands, lower);
  if (operand === undefined) return undefined;
  if (op !== '=' && op !== '!=') return portsThat(operand, op, value!);
  const network = slash?.image === '/' && isKind(prefix, t.NumberToken) && operand.endsWith('host');
  const plain = network
    ? `${operand.replace(/host$/, 'net')} ${value!.image}/${prefix!.image}`
    : `${operand} ${value!.image}`;
  return op === '!=' ? `not ${plain}` : plain;
}

const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
