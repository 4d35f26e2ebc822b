import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/classic.ts';
import type { Span } from '../../source.ts';
import { fitsField } from '../../tables/ranges.ts';
import {
  ancillaryBase,
  ancillaryName,
  fieldAt,
  linkBase,
  networkBase,
  xorOffset,
} from '../ancillary.ts';
import { operations } from '../instruction-set.ts';
import { type Instruction, largestInField, memoryWords } from '../opcodes.ts';

/**
 * A packet is no longer than this: what is farther behind SKF_NET_OFF is no offset in a header,
 * but a large number that happens to be there, and out of bounds like any other.
 */
const longestPacket = 0x10000;

/**
 * Everything for which a program cannot be taken over into the IR: numbers that a field cannot
 * hold (none, negative, with a fraction, too large), unknown instructions, jumps
 * that lead back or out of it, an end that is no `ret`, memory that is not there, loads of what
 * only the kernel has. Unreachable instructions count too, as with the kernel.
 *
 * What only fails for some packets is no fault: a load out of bounds or a division by zero (also
 * by a constant one) rejects the packet. A shift by 32 or more gives 0, as in `bpf_filter()`; the
 * kernel takes the count modulo 32 there, and refuses it as a constant.
 *
 * @param spans where the instructions stand, as the readers tell; without them, a span holds the
 *   instruction's index
 */
export function checkClassic(
  instructions: readonly Instruction[],
  spans: readonly Span[] = [],
): readonly Diagnostic[] {
  const last = instructions.length - 1;
  const spanOf = (index: number): Span => spans[index] ?? { start: index, end: index + 1 };
  if (last < 0) return [messages.noProgram({ start: 0, end: 0 })];
  const found: Diagnostic[] = [];
  instructions.forEach((instruction, index) => {
    found.push(...checkInstruction(instruction, index, last, spanOf(index)));
  });
  if (operations.get(instructions[last]!.code)?.kind !== 'return') {
    found.push(messages.noReturn(spanOf(last), last));
  }
  return found;
}

const fields = ['code', 'jt', 'jf', 'k'] as const;

function checkInstruction(
  instruction: Instruction,
  index: number,
  last: number,
  span: Span,
): Diagnostic[] {
  const impossible = fields.filter((name) => !fitsField(instruction[name], largestInField[name]));
  if (impossible.length > 0) {
    return impossible.map((name) =>
      messages.noField(span, index, name, instruction[name], largestInField[name]),
    );
  }
  const { code, jt, jf, k } = instruction;
  const operation = operations.get(code);
  switch (operation?.kind) {
    case undefined:
      return [messages.unknownOpcode(span, index, code)];
    case 'jump':
      return checkJump(index, (k | 0) < 0 ? k - 2 ** 32 : k, last, span);
    case 'test':
      return [jt, jf].flatMap((by) => checkJump(index, by, last, span));
    case 'recall':
    case 'store':
      return k < memoryWords ? [] : [messages.noSuchWord(span, index, k, memoryWords)];
    case 'load':
      return checkOffset(index, k, span, !operation.indexed);
    case 'header-length':
      return checkOffset(index, k, span, false);
    default:
      return [];
  }
}

function checkJump(index: number, by: number, last: number, span: Span): Diagnostic[] {
  const to = index + 1 + by;
  if (by < 0) return [messages.jumpsBackward(span, index, to)];
  return to > last ? [messages.jumpsTooFar(span, index, to, last + 1)] : [];
}

/** @param ancillary can this load take ancillary data? */
function checkOffset(index: number, k: number, span: Span, ancillary: boolean): Diagnostic[] {
  if (k >= ancillaryBase) {
    if (!ancillary || k === xorOffset || fieldAt(k) !== undefined) return [];
    return [messages.unknownAncillary(span, index, ancillaryName(k))];
  }
  for (const [base, name] of [
    [networkBase, 'SKF_NET_OFF'],
    [linkBase, 'SKF_LL_OFF'],
  ] as const) {
    if (k >= base && k < base + longestPacket) return [messages.headerRelative(span, index, name)];
  }
  return [];
}
