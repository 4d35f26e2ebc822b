import type { Expression } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import { nearest } from '../nearest.ts';
import type { PredicateTest } from '../predicate/types.ts';
import { pfActions, pfNameSize, pfReasons } from '../tables/pf.ts';
import type { Context } from './context.ts';
import { own } from './own.ts';

/** Words about what OpenBSD's packet filter logs. */
export function pfTest(
  { field, value, span }: Extract<Expression, { kind: 'pf' }>,
  { diagnostics, text = '' }: Context,
): PredicateTest | undefined {
  const word = /^\w+/.exec(text.slice(span.start, span.end))?.[0] ?? field;
  switch (field) {
    case 'ifname':
    case 'rset': {
      const longest = pfNameSize - 1;
      if (bytesOf(value.text) <= longest) {
        return { kind: 'pf-name', field, word, name: value.text, span };
      }
      diagnostics.push(messages.nameTooLong(value.span, value.text, longest));
      return undefined;
    }
    case 'rnr':
    case 'srnr':
    case 'reason':
    case 'action': {
      // An action is told by its name only, as libpcap has it; the numbers differ by system.
      if (value.kind === 'number' && field !== 'action') {
        return { kind: 'pf-number', field, word, value: value.value, span };
      }
      const table = field === 'reason' ? pfReasons : field === 'action' ? pfActions : {};
      const number = own<number>(table, value.text.toLowerCase());
      if (number !== undefined) return { kind: 'pf-number', field, word, value: number, span };
      const known = Object.keys(table);
      diagnostics.push(
        messages.unknownName(
          value.span,
          `PF ${field}`,
          value.text,
          nearest(value.text, known),
          known,
        ),
      );
      return undefined;
    }
    default:
      return field satisfies never;
  }
}

/** The length of a text in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
