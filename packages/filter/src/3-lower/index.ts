import type { Diagnostic } from '../diagnostic.ts';
import type { Program } from '../ir/types.ts';
import type { Predicate } from '../predicate/types.ts';
import type { LinkTypeName } from '../tables/link-types.ts';
import { Builder } from './builder.ts';
import { startOf, withPrologue } from './links/index.ts';
import type { Condition } from './primitives/condition.ts';
import { Walk } from './walk.ts';

interface LowerOptions {
  /** What an accepting program returns: the bytes to keep. */
  readonly snapLen: number;
  /** A live capture on Linux: direction, interface and the VLAN tag are in ancillary data. */
  readonly linux?: boolean;
  /**
   * What becomes of a test that the link type can't have: a diagnostic (default), or no match, for
   * who compiles one filter for several link types at once.
   */
  readonly unsupported?: 'error' | 'no-match';
}

export interface Lowered {
  /** Absent if there is any diagnostic. */
  readonly program?: Program;
  /** What the link type can't have, all of it, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Phase 3: predicate to IR, for one link type. Tests stand in the order in which they were written
 * and, within a primitive, in libpcap's: a load beyond a truncated packet's end rejects it at once,
 * so that the order of tests is part of a filter's meaning.
 */
export function lower(
  predicate: Predicate,
  linkType: LinkTypeName,
  { snapLen, linux = false, unsupported = 'error' }: LowerOptions,
): Lowered {
  const walk = new Walk(startOf(linkType, { linux }), unsupported);
  const condition = walk.predicate(predicate);
  if (walk.diagnostics.length > 0) return { diagnostics: walk.diagnostics };
  return { program: makeProgram(condition, predicate, linkType, snapLen), diagnostics: [] };
}

function makeProgram(
  condition: Condition,
  predicate: Predicate,
  linkType: LinkTypeName,
  snapLen: number,
): Program {
  const build = new Builder();
  const to = { yes: build.return(snapLen), no: build.return(0) };
  let entry = to.no;
  if (condition !== false) {
    const first = condition === true ? to.yes : condition(build, to);
    entry = predicate.kind === 'always' ? first : withPrologue(build, linkType, first, to.no);
  }
  return { linkType, snapLen, blocks: build.blocksFrom(entry) };
}
