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
import { findLinkType, linkTypes } from './tables/link-types.ts';
import { fitsField, largestUint32 } from './tables/ranges.ts';

/** What a filter is compiled for, and with. */
export interface CompileOptions {
  /** libpcap's name of the link type that packets begin with, such as `EN10MB`; in any case. */
  readonly linkType: string;
  /** What an accepting program returns: the bytes to keep, 1 to 2³² − 1. Default 262144, as tcpdump. */
  readonly snapLen?: number;
  /**
   * The netmask of the network that is captured on, as an unsigned 32-bit number with the first
   * byte highest (255.255.255.0 is 0xffffff00), for `ip broadcast`; left out or 0xffffffff where it
   * is not known.
   */
  readonly netmask?: number;
  /**
   * For a live capture on Linux: the VLAN tag, the direction and the interface are read from
   * ancillary data, where the kernel keeps them. Default false, as for a savefile.
   */
  readonly linux?: boolean;
  /** Run phase 4. Default true. */
  readonly optimize?: boolean;
  /** What `collectNames` asked for, looked up. */
  readonly names?: ResolvedNames;
  /**
   * What becomes of a test that the link type cannot have, such as `vlan` in raw IP, and of a
   * filter that no packet can match: an error (default), or no match and a warning at most, for who
   * compiles one filter for several link types.
   */
  readonly unsupported?: 'error' | 'no-match';
  /** Called with each phase's result as it is made; for dumps and tests. */
  readonly onPhase?: (phase: Phase) => void;
}

/** What one phase made; forms come in the order of the phases. A mistake ends them early. */
export type Phase =
  | { readonly name: 'ast'; readonly ast: Expression | undefined }
  | { readonly name: 'predicate'; readonly predicate: Predicate }
  | { readonly name: 'lowered'; readonly program: Program }
  | { readonly name: 'optimized'; readonly program: Program };

/** A program with what may not be meant as it is written, or else the errors, at least one. */
export type Compiled =
  | { readonly ok: true; readonly program: Program; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** tcpdump's default snapshot length, in bytes. */
export const defaultSnapLen = 262144;

/**
 * Compiles a filter in the language of pcap-filter(7): phases 1 to 4, in order. Mistakes in the text
 * and in `linkType`, `snapLen` and `netmask` are told in the result; nothing is thrown for them.
 */
export function compile(text: string, options: CompileOptions): Compiled {
  const { snapLen = defaultSnapLen, names, netmask, linux = false, unsupported } = options;
  const { onPhase = () => {} } = options;
  const linkType = findLinkType(options.linkType);
  const failed = (diagnostics: readonly Diagnostic[]): Compiled => ({ ok: false, diagnostics });
  if (linkType === undefined) {
    return failed([messages.unknownLinkType(options.linkType, Object.keys(linkTypes))]);
  }
  if (snapLen === 0) return failed([messages.snapLenZero()]);
  if (!fitsField(snapLen, largestUint32)) return failed([messages.badSnapLen(snapLen)]);
  if (netmask !== undefined && !fitsField(netmask, largestUint32)) {
    return failed([messages.badNetmask(netmask)]);
  }
  const parsed = parse(text, { linux });
  if (parsed.diagnostics.length > 0) return failed(parsed.diagnostics);
  onPhase({ name: 'ast', ast: parsed.ast });
  const analyzed = analyze(parsed.ast, { names, netmask, text, linux });
  const { predicate, understood } = analyzed;
  const lowered =
    understood &&
    lower(understood, linkType, { snapLen, linux, ...(unsupported && { unsupported }) });
  if (predicate === undefined || lowered?.program === undefined) {
    const errors = analyzed.diagnostics.filter(({ severity }) => severity === 'error');
    return failed(inTextOrder([...errors, ...(lowered?.diagnostics ?? [])]));
  }
  onPhase({ name: 'predicate', predicate });
  onPhase({ name: 'lowered', program: lowered.program });
  const program = options.optimize === false ? lowered.program : optimize(lowered.program);
  onPhase({ name: 'optimized', program });
  if (!rejectsAll(program)) return { ok: true, program, warnings: analyzed.diagnostics };
  const empty = messages.rejectsAll({ start: 0, end: text.length }, linkType);
  // libpcap refuses what its optimizer finds empty. Ours finds more (`len % 3 = 4`), so that the
  // rule here is: an error is what even lowering finds. Warnings may tell why.
  const refused = rejectsAll(lowered.program) && options.optimize !== false;
  if (refused && unsupported !== 'no-match') return failed([empty, ...analyzed.diagnostics]);
  // What can never be true has been told, and that nothing matches is the same once more.
  const told = analyzed.diagnostics.some(({ code }) => code === 'never-true');
  const warning = { ...empty, severity: 'warning' } as const;
  return { ok: true, program, warnings: [...analyzed.diagnostics, ...(told ? [] : [warning])] };
}

const inTextOrder = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  [...diagnostics].sort((a, b) => a.span.start - b.span.start);

/** Is it plain that nothing matches? */
function rejectsAll({ blocks: [entry] }: Program): boolean {
  return entry!.end.kind === 'return' && entry!.end.value === 0;
}

/** The names that must be looked up before this text compiles; none for text that does not parse. */
export function collectNames(text: string): NeededNames {
  return collectAstNames(parse(text).ast);
}
