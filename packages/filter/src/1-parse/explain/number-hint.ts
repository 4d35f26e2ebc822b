import type { IToken } from 'chevrotain';
import { oneWord } from '../../messages/word-hint.ts';
import { nearest } from '../../nearest.ts';
import { namedConstants } from '../../tables/constants.ts';
import * as t from '../tokens.ts';
import { isIdentifier } from './hints.ts';
import { isKind } from './situation.ts';

/**
 * What to do about something that stands where a number should.
 *
 * @param next what follows it
 */
export function numberHint(found: IToken, next: IToken | undefined): string | undefined {
  if (isKind(found, t.Name)) {
    const constant = nearestConstant(found.image);
    return constant === undefined ? oneWord(found.image) : `did you mean '${constant}'?`;
  }
  if (isKind(found, t.Ipv4)) {
    const value = addressValue(found.image);
    return value && `an address is a number here: '${value}'; or is 'host ${found.image}' meant?`;
  }
  if (/^[0-9]{12}$/.test(found.image)) {
    return found.image.startsWith('0')
      ? `twelve digits are a hardware address: write '0${found.image}'`
      : 'twelve digits are a hardware address, and too many for a number';
  }
  return found.image === '+' && isIdentifier(next) ? `write '${next!.image}'` : undefined;
}

/** The constant that a word is the end of, or nearly is: `syn` for `tcp-syn`. */
function nearestConstant(word: string): string | undefined {
  const constants = Object.keys(namedConstants);
  const lower = word.toLowerCase();
  return constants.find((each) => each === `tcp-${lower}`) ?? nearest(lower, constants);
}

function addressValue(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]+$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return `0x${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
}
