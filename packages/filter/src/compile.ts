import { parse } from './1-parse/index.ts';
import { analyze, collectNames as collectAstNames } from './2-analyze/index.ts';
import type { NeededNames, ResolvedNames } from './2-analyze/names.ts';
import { lower } from './3-lower/index.ts';
import { optimize } from './4-optimize/index.ts';
import type { Expression } from './ast/types.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Program } from './ir/types.ts';
import * as messages from './messages/lower.ts';
import type { Predicate } from './predicate/types.ts';
import { isLinkType, linkTypes } from './tables/link-types.ts';

export interface CompileOptions {
  /** libpcap's name of the link type that packets begin with, such as `EN10MB`. */
  readonly linkType: string;
  /** What an accepting program returns: the bytes to keep. Default 262144, as tcpdump. */
  readonly snapLen?: number;
  /** Run phase 4. Default true. */
  readonly optimize?: boolean;
  /** What `collectNames` asked for, looked up. */
  readonly names?: ResolvedNames;
  /** Called with each phase's result as it is made; for dumps and tests. */
  readonly onPhase?: (phase: Phase) => void;
}

export type Phase =
  | { readonly name: 'ast'; readonly ast: Expression | undefined }
  | { readonly name: 'predicate'; readonly predicate: Predicate }
  | { readonly name: 'lowered'; readonly program: Program }
  | { readonly name: 'optimized'; readonly program: Program };

export type Compiled =
  | { readonly ok: true; readonly program: Program; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** tcpdump's default snapshot length, in bytes. */
export const defaultSnapLen = 262144;

/** Compiles a filter in the language of pcap-filter(7): phases 1 to 4, in order. */
export function compile(text: string, options: CompileOptions): Compiled {
  const { linkType, snapLen = defaultSnapLen, names = {}, onPhase = () => {} } = options;
  if (!isLinkType(linkType)) {
    return { ok: false, diagnostics: [messages.unknownLinkType(linkType, Object.keys(linkTypes))] };
  }
  const parsed = parse(text);
  if (parsed.diagnostics.length > 0) return { ok: false, diagnostics: parsed.diagnostics };
  onPhase({ name: 'ast', ast: parsed.ast });
  const { predicate, diagnostics } = analyze(parsed.ast, names);
  if (predicate === undefined) return { ok: false, diagnostics };
  onPhase({ name: 'predicate', predicate });
  const lowered = lower(predicate, linkType, snapLen);
  onPhase({ name: 'lowered', program: lowered });
  const program = options.optimize === false ? lowered : optimize(lowered);
  onPhase({ name: 'optimized', program });
  const warnings = rejectsAll(program)
    ? [...diagnostics, messages.rejectsAll({ start: 0, end: text.length }, linkType)]
    : diagnostics;
  return { ok: true, program, warnings };
}

/** Has the optimizer found that nothing matches? */
function rejectsAll({ blocks: [entry] }: Program): boolean {
  return entry!.end.kind === 'return' && entry!.end.value === 0;
}

/** The names that must be looked up before this text compiles; none for text that does not parse. */
export function collectNames(text: string): NeededNames {
  return collectAstNames(parse(text).ast);
}
