import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '@hookdump/capture/errors';
import { resolveNames } from '@hookdump/capture/names';
import { compileForLinks, type FilterOptions } from '@hookdump/capture/programs';
import {
  asksForSnippets,
  assembleSource,
  buildSource,
  describeFilter,
  type Hook,
  type HookKind,
  hookKinds,
  insertSnippets,
  type LinkType,
  parseHook,
  pruneDeclarations,
  renderSnippets,
  renderSources,
  SNIPPET_HEADER,
  type SourceOptions,
  type Target,
  takesSnippets,
  version,
} from '@hookdump/codegen';
import { findLinkType, type Program, valuesById } from '@hookdump/filter';
import type { FilterText } from './arguments.ts';
import { programOf } from './from-classic.ts';
import { compilingOf, sayDiagnostics } from './report.ts';
import { requireProgram } from './template-programs.ts';
import { warnOfUntold } from './untold.ts';

/** What `hookc --emit c`, `asm` and `object` make. */
export interface HookJob {
  /** Each with a name, unless there is but one; with `isClassic`, one program in place of a filter. */
  readonly filters: readonly FilterText[];
  readonly isClassic: boolean;
  readonly form: 'c' | 'asm' | 'object';
  readonly hooks: readonly string[];
  /** The path of C that somebody else wrote. */
  readonly template: string | undefined;
  /** What is built for; `undefined`: this machine. */
  readonly target: Target | undefined;
  /** Filters decide by arithmetic in place of jumps. */
  readonly branchFree: boolean;
  /** What packets begin with; `undefined`: all that they can begin with at these hooks. */
  readonly linkType: string | undefined;
  readonly options: FilterOptions;
}

/**
 * Filters in their hooks' template, or in that of somebody else, as C or built. Apart from the rest of
 * hookc, which starts sooner without it.
 *
 * @throws UserError, FilterError, ClangError
 */
export async function emitForHooks(job: HookJob): Promise<string | Uint8Array> {
  const hooks = readHooks(job.hooks);
  const template = job.template === undefined ? undefined : readTemplate(job.template, hooks);
  const { kind } = hooks[0]!;
  if (hooks.some((hook) => hook.kind.template !== kind.template)) {
    throw new UserError('hooks of several kinds do not fit in one object', 'compile one at a time');
  }
  requireSeparatePrograms(hooks);
  requireProcessor(kind, job.target);
  const linkTypes = wantedLinkTypes(job, kind);
  const sources: SourceOptions[] = [];
  for (const filter of job.filters) {
    sources.push({
      filter: job.isClassic ? `classic BPF of ${filter.name}` : filter.text,
      hooks,
      programs: await programsFor(filter, job, hooks, linkTypes),
      ...(filter.isNamed && { name: filter.name }),
      ...(job.target !== undefined && { target: job.target }),
      branchFree: job.branchFree,
    });
  }
  if (template !== undefined) requireNoDeviceName(sources);
  return template === undefined ? emitOwn(sources, job) : emitForeign(sources, template, job);
}

function emitOwn(
  sources: readonly SourceOptions[],
  { form, target }: HookJob,
): Promise<string | Uint8Array> | string {
  const source = renderSources(sources);
  const options = target === undefined ? {} : { target };
  // What people read; the object is made of the whole, since looking for what is not needed takes longer
  // than finding the object in the cache.
  if (form === 'c') return pruneDeclarations(source);
  if (form === 'asm') return assembleSource(pruneDeclarations(source), options);
  const description = describe(sources);
  return buildSource(source, { ...options, description }).then(({ bytes }) => bytes);
}

/** C that somebody else wrote. */
interface Template {
  readonly path: string;
  readonly text: string;
}

async function emitForeign(
  sources: readonly SourceOptions[],
  { path, text }: Template,
  { form, target }: HookJob,
): Promise<string | Uint8Array> {
  const snippets = renderSnippets(sources);
  if (form === 'c') return insertSnippets(text, snippets);
  const name = basename(path);
  const options = {
    files: { [SNIPPET_HEADER]: snippets },
    foreign: { name, folder: resolve(dirname(path)) },
    ...(target !== undefined && { target }),
  };
  if (form === 'asm') return assembleSource(text, options);
  const description = { ...describe(sources), template: name };
  const { bytes, warnings } = await buildSource(text, { ...options, description });
  requireProgram(bytes, sources[0]!.hooks[0]!, name);
  process.stderr.write(warnings);
  return bytes;
}

const describe = (sources: readonly SourceOptions[]) => ({
  hookdump: version(),
  filters: sources.map(describeFilter),
  hooks: sources[0]!.hooks.map(({ spec }) => spec),
});

function readTemplate(path: string, hooks: readonly Hook[]): Template {
  const kinds = hookKinds.filter(takesSnippets).map(({ kind }) => kind);
  const [hook] = hooks;
  if (hook === undefined || hooks.length > 1 || !takesSnippets(hook.kind)) {
    const given = hook === undefined ? 'none is given' : `not ${hooks.map((h) => h.spec)}`;
    throw new UserError(
      `--template needs to know the one kind of its programs: ${given}`,
      kinds.map((kind) => `--hook ${kind}`).join(' or '),
    );
  }
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`the template can't be read: ${(error as Error).message}`);
  }
  if (!asksForSnippets(text)) {
    throw new UserError(
      `${path} has no line #include "${SNIPPET_HEADER}", where the filter is to go`,
      'put it behind the other includes, and call filter(context), or each filter by its name',
    );
  }
  if (basename(path) === SNIPPET_HEADER) {
    throw new UserError(`a template can't be called ${SNIPPET_HEADER}`, 'that is what it includes');
  }
  return { path, text };
}

async function programsFor(
  filter: FilterText,
  { isClassic, options, template }: HookJob,
  hooks: readonly Hook[],
  linkTypes: readonly LinkType[],
): Promise<SourceOptions['programs']> {
  if (isClassic) {
    const linkType = linkTypes[0]!;
    return { [linkType]: programOf(filter.text, { ...options, linkType }) };
  }
  const names = await resolveNames(filter.text);
  return compilingOf(filter, () => {
    const compiled = compileForLinks(filter.text, linkTypes, { ...options, names });
    const untold = warnOfUntold(filter.text, hooks, template !== undefined);
    sayDiagnostics([...compiled.warnings, ...untold], filter);
    return compiled.programs;
  });
}

/** A program in classic BPF is for one link type, Ethernet if it is not told. */
function wantedLinkTypes(
  { linkType, isClassic, template }: HookJob,
  kind: HookKind,
): readonly LinkType[] {
  if (linkType !== undefined) return [requireLinkType(linkType, kind.linkTypes)];
  const isMixed = kind.mixesLinkTypes && !isClassic && template === undefined;
  return isMixed ? kind.linkTypes : kind.linkTypes.slice(0, 1);
}

/** At xdp and tc the name of the device is told by user space, through a global of our own programs. */
function requireNoDeviceName(sources: readonly SourceOptions[]): void {
  const asks = (program: Program): boolean =>
    [...valuesById(program).values()].some(
      (value) => value.kind === 'ancillary' && value.field.startsWith('interface-name'),
    );
  if (!sources.some(({ programs }) => Object.values(programs).some(asks))) return;
  throw new UserError(
    "'ifname' cannot be asked for in a program of somebody else: nobody tells it the device's name",
    "'ifindex' can",
  );
}

/** A program has the name of what it is attached to, and two of one name do not fit in an object. */
function requireSeparatePrograms(hooks: readonly Hook[]): void {
  for (const [index, hook] of hooks.entries()) {
    const other = hooks.slice(0, index).find(({ program }) => program === hook.program);
    if (other === undefined) continue;
    const isOfDevices = hook.kind.kind === 'xdp' || hook.kind.kind === 'tc';
    throw new UserError(
      `${other.spec} and ${hook.spec} are the same program in an object, ${hook.program}`,
      isOfDevices ? 'give one of them: the object is for any device' : 'compile one at a time',
    );
  }
}

/** Programs at these hooks read the arguments of functions from the processor's registers. */
const readsRegisters: ReadonlySet<string> = new Set(['kprobe', 'uprobe']);

function requireProcessor({ kind }: HookKind, target: Target | undefined): void {
  if (!readsRegisters.has(kind) || target === undefined || !target.startsWith('bpf')) return;
  throw new UserError(
    `${kind} reads the registers of a processor, and ${target} is only a byte order`,
    'write --target-arch x86_64 or arm64',
  );
}

/** Capitals don't matter, and the `DLT_` of C may stand before, as everywhere. */
function requireLinkType(name: string, known: readonly LinkType[]): LinkType {
  const found = known.find((each) => each === findLinkType(name));
  if (found !== undefined) return found;
  throw new UserError(`no packet has link type '${name}' there`, `it can be ${known.join(' or ')}`);
}

/** Each once. @throws UserError for what is no hook */
export const readHooks = (texts: readonly string[]): readonly Hook[] =>
  [...new Set(texts)].map(readHook);

function readHook(text: string): Hook {
  const parsed = parseHook(text);
  if (!parsed.ok) throw new UserError(parsed.message, parsed.hint);
  return parsed.hook;
}
