import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { error } from './diagnostics.ts';

/** What phase 2 has to say, one function per diagnostic code; `docs/diagnostics.md` shows each. */

export const bareIdentifier = (span: Span, text: string): Diagnostic =>
  error(
    'bare-identifier',
    span,
    `'${text}' stands alone: a word must say what it is`,
    `write 'host ${text}', 'net ${text}' or 'port ${text}'`,
  );

export const badAddress = (span: Span, text: string, why: string): Diagnostic =>
  error('bad-address', span, `'${text}' is not an address: ${why}`);

export const badSize = (span: Span): Diagnostic =>
  error('bad-size', span, 'a load takes 1, 2 or 4 bytes');

export const divisionByZero = (span: Span): Diagnostic =>
  error('division-by-zero', span, 'division by zero');

export const hostBitsSet = (span: Span, text: string, suggestion: string): Diagnostic =>
  error(
    'host-bits-set',
    span,
    `'${text}' has bits set beyond its prefix`,
    `the network is ${suggestion}`,
  );

export const hostTakesNoPrefix = (span: Span): Diagnostic =>
  error('host-takes-no-prefix', span, "'host' takes one address", "for a prefix write 'net'");

export const notAnIndex = (span: Span, protocol: string): Diagnostic =>
  error('not-an-index', span, `'${protocol}' has no header that '[…]' could count from`);

export const notSupported = (span: Span, what: string): Diagnostic =>
  error('not-supported', span, `${what} is not supported yet`);

export const outOfRange = (span: Span, what: string, low: number, high: number): Diagnostic =>
  error('out-of-range', span, `${what} is a number from ${low} to ${high}`);

export const qualifierMismatch = (
  span: Span,
  what: string,
  why: string,
  hint?: string,
): Diagnostic => error('qualifier-mismatch', span, `${what}: ${why}`, hint);

export const shiftTooFar = (span: Span): Diagnostic =>
  error('shift-too-far', span, 'a shift by more than 31 bits');

export const unknownName = (span: Span, kind: string, text: string): Diagnostic =>
  error('unknown-name', span, `'${text}' is not a known ${kind}`);
