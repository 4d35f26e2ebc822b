import type { Diagnostic } from '../diagnostic.ts';
import type { ResolvedNames } from './names.ts';

/** What the files of this phase share in one run. */
export interface Context {
  readonly names: ResolvedNames;
  readonly diagnostics: Diagnostic[];
}
