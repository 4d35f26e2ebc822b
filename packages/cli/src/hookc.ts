import { FilterError, UserError } from '@hookdump/capture/errors';
import { resolveNames } from '@hookdump/capture/names';
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
import type { FilterText } from './arguments.ts';
import { type Job, type Question, readJob, usage } from './hookc-job.ts';
import { listLinkTypes } from './link-types.ts';
import { openOutput, requireNoTerminal } from './output.ts';
import { printClassic } from './print-classic.ts';
import { exitStatus, report, sayDiagnostics } from './report.ts';
import { version } from './version.ts';

function answer({ asks }: Question): string {
  switch (asks) {
    case 'help':
      return usage;
    case 'version':
      return `hookc ${version()}\n`;
    case 'link types':
      return listLinkTypes();
    default:
      return asks satisfies never;
  }
}

async function run(job: Job): Promise<string | Uint8Array> {
  const { form, isClassic } = job;
  if (form === 'c' || form === 'asm' || form === 'object') {
    const { emitForHooks } = await import('./hookc-hooks.ts');
    return emitForHooks({ ...job, form });
  }
  return isClassic ? runClassic(job) : runFilter(job);
}

async function runFilter(job: Job): Promise<string> {
  const { form, detail } = job;
  const filter = job.filters[0]!;
  const options = { ...job.options, names: await resolveNames(filter.text) };
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
      throw new Error(`${form} is made elsewhere`);
  }
}

/** `--from-classic`: a program that somebody else has compiled. */
async function runClassic({ filters, form, detail, options, linkType }: Job): Promise<string> {
  const { programOf } = await import('./from-classic.ts');
  const program = programOf(filters[0]!.text, { ...options, linkType: linkType ?? 'EN10MB' });
  switch (form) {
    case 'ir':
      return printProgram(program);
    case 'cbpf':
      return printClassic(program, detail);
    default:
      throw new UserError(
        `--from-classic: there is no ${form} of a program without a filter`,
        '--emit takes ir, cbpf, c, asm or object then',
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
  if (path === undefined || path === '-') {
    if (typeof result !== 'string') requireNoTerminal(1);
    process.stdout.write(result);
    return;
  }
  const output = openOutput(path);
  output.write(typeof result === 'string' ? new TextEncoder().encode(result) : result);
  output.close();
}

/** `--test`: as grep has it, the exit status says whether there was a match. */
async function test(job: Job, packets: string): Promise<number> {
  const { testPackets } = await import('./hookc-test.ts');
  const say = (lines: string): void => void process.stdout.write(lines);
  return (await testPackets({ ...job, packets }, say)) ? 0 : exitStatus.noMatch;
}

async function main(args: readonly string[]): Promise<number> {
  let job: Job | Question | undefined;
  try {
    if (args[0] === 'inspect') {
      const files = args.slice(1);
      const { inspect } = await import('./hookc-inspect.ts');
      const asksForHelp = files.some((file) => file === '-h' || file === '--help');
      write(asksForHelp ? usage : inspect(files), undefined);
      return 0;
    }
    job = await readJob(args);
    if ('asks' in job) write(answer(job), undefined);
    else if (job.packets !== undefined) return await test(job, job.packets);
    else write(await run(job), job.output);
    return 0;
  } catch (error) {
    const filter = job !== undefined && 'filters' in job ? { filter: job.filters[0]! } : {};
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
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
