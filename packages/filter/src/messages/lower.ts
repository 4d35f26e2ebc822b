import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { error, warning } from './diagnostics.ts';

/** What phase 3 and the end have to say: what a link type cannot have, what can match nothing. */

export const rejectsAll = (span: Span, linkType: string): Diagnostic =>
  warning('rejects-all', span, `no packet of link type ${linkType} can match`);

export const unknownLinkType = (name: string, known: readonly string[]): Diagnostic =>
  error(
    'unknown-link-type',
    { start: 0, end: 0 },
    `no filter can be compiled for link type '${name}'`,
    `known are ${known.join(', ')}`,
  );
