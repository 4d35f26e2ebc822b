import type { Expression } from '../../ast/types.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { looksInside } from './encapsulation.ts';
import { missesIpv6 } from './ipv6.ts';
import { bindsFromLeft } from './left-to-right.ts';
import type { Source } from './source.ts';

/**
 * What of a filter without errors means what few people mean, as far as it shows in how tests are
 * put together. What a single test shows is told where the test is made.
 */
export const warnAboutWhole = (ast: Expression, source: Source): Diagnostic[] => [
  ...bindsFromLeft(ast, source),
  ...looksInside(ast, source),
  ...missesIpv6(ast),
];
