import {
  Capture,
  type CaptureCounts,
  type CaptureRequest,
  describeCapture,
  filtersOf,
  kernelFacts,
  libbpfVersion,
  PcapngSink,
  type Plan,
  plan,
  ReaderGone,
  type Sink,
  StreamOutput,
  TextSink,
} from '@hookdump/capture';
import { resolveNames } from '@hookdump/capture/names';
import { linkTypes } from '@hookdump/pcapng';
import { type FilterText, filterText, integer, parseCommandLine, snapLength } from './arguments.ts';
import { type Output, openOutput, requireNoTerminal } from './output.ts';
import { printClassic } from './print-classic.ts';
import { report, sayDiagnostics } from './report.ts';
import { version } from './version.ts';

const usage = `usage: hookdump [options] [FILTER]

Captures packets of every network namespace at once, or at a hook of your choice, with the filter
language of pcap-filter(7).

  -i IFACE         a device, or any (the default): the device layer of every network namespace
  --netns NAMESPACE  only this namespace, by name or path; repeatable
  --hook HOOK      another place than the device layer, such as xdp:eth0; repeatable
  -w FILE          write a pcapng file, - for standard output, instead of printing
  -c COUNT         end after so many packets
  -s SNAPLEN       bytes of a packet to keep (262144)
  -F FILE          read the filter from a file
  -B KIB           size of the kernel's buffer: for each CPU, at XDP for all of them
  -n               accepted: addresses are never turned into names
  -l, -U           accepted: lines and packets are written as they come
  -v -q -t -S -x -X -A -#   how tcpdump prints, see tcpdump(8)
  --branch-free    filters decide by arithmetic in place of jumps: quicker where traffic is mixed
  -d, -dd, -ddd    print the filter as classic BPF and end
  --verifier-log   if the kernel refuses a program, print all that it said
  -h, --help       this text
  --version        versions
`;

const options = {
  interface: { type: 'string', short: 'i', default: 'any' },
  netns: { type: 'string', multiple: true },
  hook: { type: 'string', multiple: true },
  write: { type: 'string', short: 'w' },
  count: { type: 'string', short: 'c' },
  snaplen: { type: 'string', short: 's' },
  file: { type: 'string', short: 'F' },
  buffer: { type: 'string', short: 'B' },
  n: { type: 'boolean', short: 'n', multiple: true },
  l: { type: 'boolean', short: 'l' },
  U: { type: 'boolean', short: 'U' },
  v: { type: 'boolean', short: 'v', multiple: true },
  q: { type: 'boolean', short: 'q' },
  t: { type: 'boolean', short: 't', multiple: true },
  S: { type: 'boolean', short: 'S' },
  x: { type: 'boolean', short: 'x' },
  X: { type: 'boolean', short: 'X' },
  A: { type: 'boolean', short: 'A' },
  '#': { type: 'boolean', short: '#' },
  d: { type: 'boolean', short: 'd', multiple: true },
  'branch-free': { type: 'boolean' },
  'verifier-log': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const printing = ['v', 'q', 't', 'S', 'x', 'X', 'A', '#'] as const;

const later = 'not yet';
const refused = {
  ...Object.fromEntries([...'abCDEfgGHIJkKLmMNOPQRTuVWyzZ'].map((letter) => [letter, later])),
  e: "not yet; '-w - | tcpdump -e -r -' prints link-layer headers",
  r: "not yet; 'tcpdump -r' reads what -w wrote",
  p: 'hooks need no promiscuous mode',
  j: 'timestamps are those of the kernel at the hook',
};

/** Everything that the command line says. */
interface Job {
  readonly filter: FilterText;
  readonly request: CaptureRequest;
  readonly count: number | undefined;
  readonly bufferBytes: number | undefined;
  readonly file: string | undefined;
  readonly printOptions: readonly string[];
  readonly detail: number;
  readonly verifierLog: boolean;
}

async function readJob(args: readonly string[]): Promise<Job | 'done'> {
  const { values, words } = parseCommandLine(args, options, refused);
  if (values.help === true) return print(usage);
  if (values.version === true) {
    return print(
      `hookdump ${version()}, libbpf ${libbpfVersion()}, Linux ${kernelFacts().release}\n`,
    );
  }
  const filter = filterText(words, values.file);
  return {
    filter,
    request: {
      filter: filter.text,
      device: values.interface,
      netns: values.netns ?? [],
      hooks: values.hook ?? [],
      snapLen: snapLength(values.snaplen),
      names: await resolveNames(filter.text),
      branchFree: values['branch-free'] === true,
    },
    count: values.count === undefined ? undefined : integer('-c', values.count, 1, 2 ** 31 - 1),
    bufferBytes:
      values.buffer === undefined ? undefined : integer('-B', values.buffer, 4, 2 ** 20) * 1024,
    file: values.write,
    printOptions: printing.flatMap((letter) => {
      const value = values[letter];
      return Array.isArray(value) ? value.map(() => `-${letter}`) : value ? [`-${letter}`] : [];
    }),
    detail: values.d?.length ?? 0,
    verifierLog: values['verifier-log'] === true,
  };
}

function print(text: string): 'done' {
  process.stdout.write(text);
  return 'done';
}

/**
 * `-d`: the filter in classic BPF, as it is compiled for the device, as tcpdump prints it; no root
 * is needed.
 */
function printProgram({ filter, request, detail }: Job): void {
  const { programs, warnings } = filtersOf(request);
  sayDiagnostics(warnings, filter);
  process.stdout.write(printClassic((programs.EN10MB ?? programs.RAW)!, detail));
}

async function capture(job: Job): Promise<void> {
  const planned = plan(job.request, kernelFacts());
  sayDiagnostics(planned.warnings, job.filter);
  const running = await Capture.load(planned, {
    ...(job.count !== undefined && { count: job.count }),
    ...(job.bufferBytes !== undefined && { bufferBytes: job.bufferBytes }),
  });
  // Only now: a file that is there is not overwritten for a capture that can't begin.
  let output: Output | undefined;
  let sink: Sink | undefined;
  try {
    if (job.file === '-') requireNoTerminal(1);
    output = job.file === undefined || job.file === '-' ? undefined : openOutput(job.file);
    sink = await openSink(job, output);
    running.start(sink);
    handleSignals(running);
    sayListening(planned);
    process.stderr.write(endingLines(await running.ended));
  } finally {
    running.close();
    sink?.close();
    output?.close();
  }
}

async function openSink(
  { request, printOptions, file }: Job,
  output: Output | undefined,
): Promise<Sink> {
  const command = ['hookdump', ...process.argv.slice(2)].join(' ');
  const description = describeCapture(request, `hookdump ${version()}`, command);
  if (output !== undefined) return new PcapngSink(output.write, description);
  const stdout = new StreamOutput(process.stdout, 'standard output');
  if (file === '-') return new PcapngSink(stdout, description);
  const text = new TextSink(stdout, description, printOptions);
  await text.ready();
  return text;
}

function sayListening(planned: Plan): void {
  const { description, request } = planned;
  process.stderr.write(
    `hookdump: listening on ${description}, ${linkTypesText(planned)}, ` +
      `snapshot length ${request.snapLen} bytes\n`,
  );
}

/** Every link type that a packet of this capture can have. */
function linkTypesText({ objects }: Plan): string {
  const names = new Set(objects.flatMap((object) => object.linkTypes));
  return `link-type ${[...names].map((name) => linkTypes[name].text).join(' or ')}`;
}

/** As tcpdump: INT, TERM and HUP end the capture in order, USR1 prints the counts so far. */
function handleSignals(running: Capture): void {
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second time somebody does not want to wait; the kernel detaches with the process.
      if (asked) process.exit(130);
      asked = true;
      running.stop();
    });
  }
  process.on('SIGUSR1', () => {
    const { captured, received, dropped } = running.counts();
    const text = [counted(captured, 'captured'), counted(received, 'received by filter')]
      .concat(counted(dropped, 'dropped by kernel'))
      .join(', ');
    process.stderr.write(`hookdump: ${text}\n`);
  });
}

const counted = (number: number, what: string): string =>
  `${number} packet${number === 1 ? '' : 's'} ${what}`;

/** tcpdump's three lines, then whatever a user should know of the packets that are not in them. */
function endingLines({ captured, received, dropped, hooks }: CaptureCounts): string {
  const lines = [
    counted(captured, 'captured'),
    counted(received, 'received by filter'),
    counted(dropped, 'dropped by kernel'),
  ];
  const notes = {
    undecided: 'not decided: the filter asks for bytes that are not in the linear part',
    unsupported: 'of devices with a link type that is not supported',
    failed: 'not captured: kernel memory could not be read',
    missed: 'not seen: the program was already running on that CPU',
  } as const;
  for (const { hook, ...counts } of hooks) {
    for (const [name, text] of Object.entries(notes)) {
      const number = counts[name as keyof typeof notes];
      if (number > 0) lines.push(`${counted(number, text)} (${hook.spec})`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

async function main(): Promise<number> {
  let job: Job | 'done' | undefined;
  try {
    job = await readJob(process.argv.slice(2));
    if (job === 'done') return 0;
    if (job.detail > 0) printProgram(job);
    else await capture(job);
    return 0;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    const context =
      typeof job === 'object' ? { filter: job.filter, verifierLog: job.verifierLog } : {};
    return report(error, { command: 'hookdump', ...context });
  }
}

// Nobody reads it any more: that is no reason to lose a capture that goes to a file.
process.stderr.on('error', () => {});
// No await: the bundle is CommonJS, which has none outside of functions.
void main().then((status) => {
  process.exitCode = status;
});
