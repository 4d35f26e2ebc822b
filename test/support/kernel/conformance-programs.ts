import type { LinkType } from '@hookdump/codegen';
import { compile, type Program, printAssembly, toClassic } from '@hookdump/filter';
import { optionsOf, readCases } from '../../filter/conformance/cases.ts';
import { resolveNames } from '../names.ts';

/** A distinct program of libpcap's own tests. */
export interface ConformanceProgram {
  /** One of the expressions that it comes of. */
  readonly expression: string;
  readonly linkType: string;
  readonly program: Program;
}

/**
 * Every distinct program of what libpcap's tests accept. Those of link types that hooks have mean
 * something there; any other is bytes, tests and arithmetic all the same, for the verifier to take.
 *
 * @param ofHooks whether those that hooks have, EN10MB and RAW, or all others
 */
export function conformancePrograms(ofHooks: boolean): ConformanceProgram[] {
  const distinct = new Map<string, ConformanceProgram>();
  for (const each of readCases().accept) {
    if (isOfHooks(each.linkType) !== ofHooks) continue;
    for (const expression of each.expressions) {
      const compiled = compile(expression, { ...optionsOf(each), names: resolveNames(expression) });
      if (!compiled.ok) continue;
      const { program } = compiled;
      const key = `${each.linkType}: ${printAssembly(toClassic(program))}`;
      if (!distinct.has(key)) distinct.set(key, { expression, linkType: each.linkType, program });
    }
  }
  return [...distinct.values()];
}

const hookLinks: readonly string[] = ['EN10MB', 'RAW'] satisfies LinkType[];

/** Whether packets at a hook can have this link type. */
export const isOfHooks = (linkType: string): boolean => hookLinks.includes(linkType);
