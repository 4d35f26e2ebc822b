import type { Mistake } from './types.ts';

/** What phase 3 refuses: what a link type cannot have. A case is one line more and `vitest -u`. */
export const lowerMistakes: readonly Mistake[] = [
  ['ip', { linkType: 'NOPE' }],
  ['arp', { linkType: 'RAW' }],
];
