import { FilterError, UserError } from '@hookdump/capture/errors';
import { resolveNames } from '@hookdump/capture/names';
import { deviceLayer } from '@hookdump/capture/programs';
import {
  type CompileOptions,
  compile,
  explain,
  type Phase,
  type Program,
  printAst,
  printPredicate,
  printProgram,
} from '@hookdump/filter';
import { type FilterText, filterText, netmask, parseCommandLine, snapLength } from './arguments.ts';
import { listLinkTypes } from './link-types.ts';
import { openOutput, requireNoTerminal } from './output.ts';
import { printClassic } from './print-classic.ts';
import { exitStatus, report, sayDiagnostics } from './report.ts';
import { version } from './version.ts';

const usage = `usage: hookc [options] FILTER

Compiles a filter in the language of pcap-filter(7). Needs no root and no kernel.

  -d, -dd, -ddd    classic BPF: assembly (the default), C, decimal numbers
  --emit FORM      ast, predicate, ir, cbpf, c or object
  --explain        what the filter means, in English
  --hook HOOK      for c and object: where it is to run, such as tp_btf:netif_receive_skb or xdp;
                   repeatable; default: both hooks of the device layer
  -y LINKTYPE      what packets begin with (EN10MB), by libpcap's name; -L lists them
  --linux          compile as for a live capture: VLAN tags, directions and interfaces are asked of
                   the kernel; with --emit c and object it is so in any case
  --netmask MASK   of the network, for 'ip broadcast': 255.255.255.0 or /24
  -s SNAPLEN       bytes of a packet to keep (262144)
  -O               do not optimize
  -F FILE          read the filter from a file
  --from-classic FILE  no filter: a program as 'tcpdump -ddd' prints it, to be emitted in another form
  -o FILE          write to a file
  -L               list the link types
  -h, --help       this text
  --version        versions
`;

const options = {
  d: { type: 'boolean', short: 'd', multiple: true },
  emit: { type: 'string' },
  explain: { type: 'boolean' },
  hook: { type: 'string', multiple: true },
  linktype: { type: 'string', short: 'y' },
  'list-data-link-types': { type: 'boolean', short: 'L' },
  linux: { type: 'boolean' },
  netmask: { type: 'string' },
  snaplen: { type: 'string', short: 's' },
  'no-optimize': { type: 'boolean', short: 'O' },
  file: { type: 'string', short: 'F' },
  'from-classic': { type: 'string' },
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
  /** What is compiled; with `isClassic`, a program in place of a filter. */
  readonly filter: FilterText;
  readonly isClassic: boolean;
  readonly form: Form | 'explanation';
  readonly detail: number;
  readonly linkType: string | undefined;
  readonly hooks: readonly string[];
  readonly linux: boolean;
  readonly options: Pick<CompileOptions, 'optimize' | 'snapLen' | 'netmask'>;
  readonly output: string | undefined;
}

function readJob(args: readonly string[]): Job | 'done' {
  const { values, words } = parseCommandLine(args, options, refused);
  if (values.help === true) return print(usage);
  if (values.version === true) return print(`hookc ${version()}\n`);
  if (values['list-data-link-types'] === true) return print(listLinkTypes());
  const form = (values.emit ?? 'cbpf') as Form;
  if (!forms.includes(form)) {
    throw new UserError(`--emit ${form} is not known`, `it takes ${forms.join(', ')}`);
  }
  const classic = values['from-classic'];
  if (classic !== undefined && values.file !== undefined) {
    throw new UserError('-F and --from-classic name a file each', 'there is one thing to compile');
  }
  return {
    filter: filterText(words, classic ?? values.file),
    isClassic: classic !== undefined,
    form: values.explain === true ? 'explanation' : form,
    detail: values.d?.length ?? 1,
    linkType: values.linktype,
    hooks: values.hook ?? deviceLayer,
    linux: values.linux === true,
    options: {
      optimize: values['no-optimize'] !== true,
      snapLen: snapLength(values.snaplen),
      ...(values.netmask !== undefined && { netmask: netmask('--netmask', values.netmask) }),
    },
    output: values.output,
  };
}

function print(text: string): 'done' {
  process.stdout.write(text);
  return 'done';
}

async function run(job: Job): Promise<string | Uint8Array> {
  if (job.isClassic) return runClassic(job);
  const { filter, form, detail } = job;
  const options = { ...job.options, names: await resolveNames(filter.text) };
  if (form === 'c' || form === 'object') {
    const { emitForHooks } = await import('./hookc-hooks.ts');
    return emitForHooks({ ...job, form, options });
  }
  const linkType = job.linkType ?? 'EN10MB';
  const { program, phases } = compileFor(filter, { ...options, linkType, linux: job.linux });
  const phase = <N extends Phase['name']>(name: N): Extract<Phase, { name: N }> =>
    phases.find((each) => each.name === name) as Extract<Phase, { name: N }>;
  switch (form) {
    case 'explanation':
      return explain(phase('ast').ast);
    case 'ast':
      return printAst(phase('ast').ast);
    case 'predicate':
      return printPredicate(phase('predicate').predicate);
    case 'ir':
      return printProgram(program);
    case 'cbpf':
      return printClassic(program, detail);
    default:
      return form satisfies never;
  }
}

/** `--from-classic`: a program that somebody else has compiled. */
async function runClassic(job: Job): Promise<string | Uint8Array> {
  const { filter, form, detail, options } = job;
  const linkType = job.linkType ?? 'EN10MB';
  const { programOf } = await import('./from-classic.ts');
  const program = programOf(filter.text, { ...options, linkType });
  switch (form) {
    case 'ir':
      return printProgram(program);
    case 'cbpf':
      return printClassic(program, detail);
    case 'c':
    case 'object': {
      const { emitForHooks } = await import('./hookc-hooks.ts');
      return emitForHooks({ ...job, form, linkType, options, program });
    }
    default:
      throw new UserError(
        `--from-classic: there is no ${form} of a program without a filter`,
        '--emit takes ir, cbpf, c or object then',
      );
  }
}

/** Compiles, and says the warnings. */
function compileFor(
  filter: FilterText,
  options: CompileOptions,
): { program: Program; phases: Phase[] } {
  const phases: Phase[] = [];
  const onPhase = (phase: Phase): void => void phases.push(phase);
  const compiled = compile(filter.text, { ...options, onPhase });
  if (!compiled.ok) throw new FilterError(compiled.diagnostics);
  sayDiagnostics(compiled.warnings, filter);
  return { program: compiled.program, phases };
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
// No await: the bundle is CommonJS, which has none outside of functions.
void main().then((status) => {
  process.exitCode = status;
});
