import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { error, quoted } from './diagnostics.ts';

/** What is wrong with a foreign program in classic BPF, or too much for the kernel. */

const at = (index: number): string => `instruction ${index}`;

export const noProgram = (span: Span): Diagnostic =>
  error(
    'classic-empty',
    span,
    'there is no instruction',
    "expected is the number of instructions, then 'code jt jf k' for each, as tcpdump -ddd prints them",
  );

export const notFourNumbers = (span: Span, found: string): Diagnostic =>
  error(
    'classic-syntax',
    span,
    `expected 'code jt jf k', four decimal numbers, found ${quoted(found)}`,
  );

export const notACount = (span: Span, found: string): Diagnostic =>
  error(
    'classic-syntax',
    span,
    `expected the number of instructions, found ${quoted(found)}`,
    'tcpdump -ddd prints it before the first instruction',
  );

export const wrongCount = (span: Span, said: number, found: number): Diagnostic =>
  error('classic-count', span, `${said} instructions are announced, ${found} follow`);

export const noField = (
  span: Span,
  index: number,
  field: string,
  value: number,
  most: number,
): Diagnostic =>
  error(
    'classic-number',
    span,
    `${at(index)}: ${field} is ${value}, expected a whole number from 0 to ${most}`,
  );

export const notWhole = (span: Span, bytes: number): Diagnostic =>
  error(
    'classic-bytes',
    span,
    `${bytes} bytes are no whole number of instructions of 8 bytes`,
    'expected is an array of struct sock_filter',
  );

export const unknownOpcode = (span: Span, index: number, code: number): Diagnostic =>
  error('classic-opcode', span, `${at(index)}: no instruction has the code 0x${code.toString(16)}`);

export const jumpsBackward = (span: Span, index: number, to: number): Diagnostic =>
  error(
    'classic-loop',
    span,
    `${at(index)} jumps back to ${to}: a program must not loop`,
    "libpcap makes loops for 'protochain'; compile the filter itself instead",
  );

export const jumpsTooFar = (span: Span, index: number, to: number, count: number): Diagnostic =>
  error(
    'classic-jump',
    span,
    `${at(index)} jumps to ${to}, behind the last instruction, ${count - 1}`,
  );

export const noReturn = (span: Span, index: number): Diagnostic =>
  error('classic-no-return', span, `${at(index)} is the last one and no 'ret'`);

export const noSuchWord = (span: Span, index: number, word: number, words: number): Diagnostic =>
  error(
    'classic-memory',
    span,
    `${at(index)}: there is no M[${word}], the last word of memory is M[${words - 1}]`,
  );

export const headerRelative = (span: Span, index: number, name: string): Diagnostic =>
  error(
    'classic-load',
    span,
    `${at(index)} loads from an offset in ${name}, where the kernel says the header is`,
    'only offsets from the first byte of the packet are supported',
  );

export const unknownAncillary = (span: Span, index: number, name: string): Diagnostic =>
  error('classic-load', span, `${at(index)} loads ancillary data that is not supported: ${name}`);

/** What the kernel refuses, beside what libpcap does: of the instruction, or of all (-1). */

export const tooLong = (span: Span, count: number, most: number): Diagnostic =>
  error(
    'kernel-too-long',
    span,
    `the program has ${count} instructions; ${most} is the limit`,
    'a filter attached as eBPF (hookdump) or applied in user space has no such limit',
  );

export const dividesByZero = (span: Span, index: number): Diagnostic =>
  error('kernel-division', span, `${at(index)}: the kernel refuses a division by a constant 0`);

export const shiftsTooFar = (span: Span, index: number, by: number): Diagnostic =>
  error('kernel-shift', span, `${at(index)}: the kernel refuses a shift by ${by}, more than 31`);

export const loadsUnstored = (span: Span, index: number, word: number): Diagnostic =>
  error(
    'kernel-memory',
    span,
    `${at(index)} loads M[${word}], which not every way there has stored`,
  );
