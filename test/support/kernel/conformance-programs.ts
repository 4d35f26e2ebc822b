import type { LinkType } from '@hookdump/codegen';
import { compile, type Program, printAssembly, toClassic } from '@hookdump/filter';
import { type AcceptCase, optionsOf, readCases } from '../../filter/conformance/cases.ts';
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
 * @param spellings `false`: a case's other expressions, which hardly ever come to another program,
 *   are not compiled; what there is then comes first in the list of all
 */
export function conformancePrograms(ofHooks: boolean, spellings: boolean): ConformanceProgram[] {
  const distinct = new Map<string, ConformanceProgram>();
  const cases = readCases().accept.filter(({ linkType }) => isOfHooks(linkType) === ofHooks);
  const all = [...expressionsOf(cases, 0, 1), ...(spellings ? expressionsOf(cases, 1) : [])];
  for (const [each, expression] of all) {
    const compiled = compile(expression, { ...optionsOf(each), names: resolveNames(expression) });
    if (!compiled.ok) continue;
    const { program } = compiled;
    const key = `${each.linkType}: ${printAssembly(toClassic(program))}`;
    if (!distinct.has(key)) distinct.set(key, { expression, linkType: each.linkType, program });
  }
  return [...distinct.values()];
}

const expressionsOf = (cases: readonly AcceptCase[], from: number, to?: number) =>
  cases.flatMap((each) => each.expressions.slice(from, to).map((one) => [each, one] as const));

const hookLinks: readonly string[] = ['EN10MB', 'RAW'] satisfies LinkType[];

/** Whether packets at a hook can have this link type. */
export const isOfHooks = (linkType: string): boolean => hookLinks.includes(linkType);
