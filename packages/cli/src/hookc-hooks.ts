import { UserError } from '@hookdump/capture/errors';
import { compileForLinks, type FilterOptions, type LinkPrograms } from '@hookdump/capture/programs';
import { buildObject, type Hook, type LinkType, parseHook, renderSource } from '@hookdump/codegen';
import { findLinkType, type Program } from '@hookdump/filter';
import type { FilterText } from './arguments.ts';
import { sayDiagnostics } from './report.ts';

/** What `hookc --emit c` and `--emit object` make. */
export interface HookJob {
  readonly filter: FilterText;
  readonly form: 'c' | 'object';
  readonly hooks: readonly string[];
  /** What packets begin with; `undefined`: all that they can begin with at these hooks. */
  readonly linkType: string | undefined;
  readonly options: FilterOptions;
  /** A program that is there already, in place of what the filter's text compiles to. */
  readonly program?: Program;
}

/**
 * A filter in its hooks' template, as C or built. Apart from the rest of hookc, which starts sooner
 * without it.
 *
 * @throws UserError, FilterError, ClangError
 */
export async function emitForHooks(job: HookJob): Promise<string | Uint8Array> {
  const hooks = [...new Set(job.hooks)].map(readHook);
  const { kind } = hooks[0]!;
  if (hooks.some((hook) => hook.kind !== kind)) {
    throw new UserError('hooks of several kinds do not fit in one object', 'compile one at a time');
  }
  const all = kind.mixesLinkTypes ? kind.linkTypes : kind.linkTypes.slice(0, 1);
  const wanted = job.linkType === undefined ? all : [requireLinkType(job.linkType, kind.linkTypes)];
  const programs = programsFor(job, wanted);
  const filter = job.program === undefined ? job.filter.text : `classic BPF of ${job.filter.name}`;
  const source = { filter, hooks, programs };
  return job.form === 'c' ? renderSource(source) : (await buildObject(source)).bytes;
}

function programsFor(job: HookJob, linkTypes: readonly LinkType[]): LinkPrograms['programs'] {
  if (job.program !== undefined) return { [linkTypes[0]!]: job.program };
  const { programs, warnings } = compileForLinks(job.filter.text, linkTypes, job.options);
  sayDiagnostics(warnings, job.filter);
  return programs;
}

/** Capitals don't matter, and the `DLT_` of C may stand before, as everywhere. */
function requireLinkType(name: string, known: readonly LinkType[]): LinkType {
  const found = known.find((each) => each === findLinkType(name));
  if (found !== undefined) return found;
  throw new UserError(`no packet has link type '${name}' there`, `it can be ${known.join(' or ')}`);
}

function readHook(text: string): Hook {
  const parsed = parseHook(text);
  if (!parsed.ok) throw new UserError(parsed.message, parsed.hint);
  return parsed.hook;
}
