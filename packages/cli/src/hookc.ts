import { deviceLayer, FilterError, UserError } from '@hookdump/capture';
import { resolveNames } from '@hookdump/capture/names';
import { buildObject, type Hook, type LinkType, parseHook, renderSource } from '@hookdump/codegen';
import {
  type CompileOptions,
  compile,
  isLinkType,
  linkTypes,
  type Phase,
  type Program,
  printAst,
  printPredicate,
  printProgram,
  renderDiagnostic,
} from '@hookdump/filter';
import { type FilterText, filterText, parseCommandLine, snapLength } from './arguments.ts';
import { openOutput, requireNoTerminal } from './output.ts';
import { printClassic } from './print-classic.ts';
import { exitStatus, report } from './report.ts';
import { version } from './version.ts';

const usage = `usage: hookc [options] FILTER

Compiles a filter in the language of pcap-filter(7). Needs no root and no kernel.

  -d, -dd, -ddd    classic BPF: assembly (the default), C, decimal numbers
  --emit FORM      ast, predicate, ir, cbpf, c or object
  --hook HOOK      for c and object: where it is to run, such as tp_btf:netif_receive_skb or xdp;
                   repeatable; default: both hooks of the device layer
  -y LINKTYPE      what packets begin with: ${Object.keys(linkTypes).join(' or ')}
  -s SNAPLEN       bytes of a packet to keep (262144)
  -O               do not optimize
  -F FILE          read the filter from a file
  -o FILE          write to a file
  -h, --help       this text
  --version        versions
`;

const options = {
  d: { type: 'boolean', short: 'd', multiple: true },
  emit: { type: 'string' },
  hook: { type: 'string', multiple: true },
  linktype: { type: 'string', short: 'y' },
  snaplen: { type: 'string', short: 's' },
  'no-optimize': { type: 'boolean', short: 'O' },
  file: { type: 'string', short: 'F' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const captures = 'hookc only compiles; hookdump captures';
const refused = { i: captures, w: captures, c: captures, r: captures, D: captures };

const forms = ['ast', 'predicate', 'ir', 'cbpf', 'c', 'object'] as const;
type Form = (typeof forms)[number];

/** Everything that the command line says. */
interface Job {
  readonly filter: FilterText;
  readonly form: Form;
  readonly detail: number;
  readonly linkType: string | undefined;
  readonly hooks: readonly string[];
  readonly optimize: boolean;
  readonly snapLen: number;
  readonly output: string | undefined;
}

function readJob(args: readonly string[]): Job | 'done' {
  const { values, words } = parseCommandLine(args, options, refused);
  if (values.help === true) return print(usage);
  if (values.version === true) return print(`hookc ${version()}\n`);
  const form = (values.emit ?? 'cbpf') as Form;
  if (!forms.includes(form)) {
    throw new UserError(`--emit ${form} is not known`, `it takes ${forms.join(', ')}`);
  }
  return {
    filter: filterText(words, values.file),
    form,
    detail: values.d?.length ?? 1,
    linkType: values.linktype,
    hooks: values.hook ?? deviceLayer,
    optimize: values['no-optimize'] !== true,
    snapLen: snapLength(values.snaplen),
    output: values.output,
  };
}

function print(text: string): 'done' {
  process.stdout.write(text);
  return 'done';
}

/** A filter for one link type; its warnings are told. */
function compileFor(
  { filter, optimize, snapLen }: Job,
  linkType: string,
  names: NonNullable<CompileOptions['names']>,
): { program: Program; phases: Phase[] } {
  const phases: Phase[] = [];
  const onPhase = (phase: Phase): void => void phases.push(phase);
  const compiled = compile(filter.text, { linkType, optimize, snapLen, names, onPhase });
  if (!compiled.ok) throw new FilterError(compiled.diagnostics);
  for (const warning of compiled.warnings) {
    process.stderr.write(renderDiagnostic(warning, filter.text, filter.name));
  }
  return { program: compiled.program, phases };
}

async function run(job: Job): Promise<string | Uint8Array> {
  const names = await resolveNames(job.filter.text);
  if (job.form === 'c' || job.form === 'object') return emitForHooks(job, names);
  const { program, phases } = compileFor(job, job.linkType ?? 'EN10MB', names);
  const phase = <N extends Phase['name']>(name: N): Extract<Phase, { name: N }> =>
    phases.find((each) => each.name === name) as Extract<Phase, { name: N }>;
  switch (job.form) {
    case 'ast':
      return printAst(phase('ast').ast);
    case 'predicate':
      return printPredicate(phase('predicate').predicate);
    case 'ir':
      return printProgram(program);
    case 'cbpf':
      return printClassic(program, job.detail);
    default:
      return job.form satisfies never;
  }
}

async function emitForHooks(
  job: Job,
  names: NonNullable<CompileOptions['names']>,
): Promise<string | Uint8Array> {
  const hooks = [...new Set(job.hooks)].map(readHook);
  const kind = hooks[0]!.kind;
  if (hooks.some((hook) => hook.kind !== kind)) {
    throw new UserError('hooks of several kinds do not fit in one object', 'compile one at a time');
  }
  if (job.linkType !== undefined && !isLinkType(job.linkType)) {
    compileFor(job, job.linkType, names);
  }
  const wanted: readonly LinkType[] =
    job.linkType !== undefined
      ? [job.linkType as LinkType]
      : kind.mixesLinkTypes
        ? kind.linkTypes
        : ['EN10MB'];
  const programs: { [link in LinkType]?: Program } = {};
  for (const linkType of wanted) programs[linkType] = compileFor(job, linkType, names).program;
  const source = { filter: job.filter.text, hooks, programs };
  return job.form === 'c' ? renderSource(source) : (await buildObject(source)).bytes;
}

function readHook(text: string): Hook {
  const parsed = parseHook(text);
  if (!parsed.ok) throw new UserError(parsed.message, parsed.hint);
  return parsed.hook;
}

function write(result: string | Uint8Array, path: string | undefined): void {
  if (typeof result === 'string' && (path === undefined || path === '-')) {
    process.stdout.write(result);
    return;
  }
  if (path === undefined || path === '-') {
    requireNoTerminal(1);
    process.stdout.write(result);
    return;
  }
  const output = openOutput(path);
  output.write(typeof result === 'string' ? new TextEncoder().encode(result) : result);
  output.close();
}

async function main(): Promise<number> {
  let job: Job | 'done' | undefined;
  try {
    job = readJob(process.argv.slice(2));
    if (job !== 'done') write(await run(job), job.output);
    return 0;
  } catch (error) {
    const filter = typeof job === 'object' ? { filter: job.filter } : {};
    return report(error, { command: 'hookc', ...filter });
  }
}

process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`hookc: standard output can't be written: ${error.message}\n`);
  process.exit(exitStatus.error);
});
process.exitCode = await main();
