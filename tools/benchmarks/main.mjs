// The command line, the machine, and the sections in order.
import { cpus, loadavg, release } from 'node:os';
import { sumUp } from './goals.mjs';
import { cleanEnvironment, makeScratch } from './lib.mjs';
import { say } from './output.mjs';

const usage = `usage: tools/bench [--quick|--slow] [SECTION...]

  filter     filter text to classic BPF, beside libpcap's pcap_compile
  start      start of hookdump to first packet attached, beside tcpdump's (root)
  packet     time for a packet under BPF_PROG_TEST_RUN, beside an empty program (root)
  executed   instructions that 17 filters execute, counted, beside C of a person
  amplified  time of these filters alone at XDP, beside C of a person (root)
  lists      lists of 200 and 1000 beside a chain of comparisons (root for times)
  tracing    time of these filters alone at a tracing hook, beside a helper call for each load (root)
  object     C to object, beside an empty file through the same clang
  goals      those five that have goals: executed to object, under ten minutes

  --quick  fewer rounds and filters, and nothing that takes seconds: a minute instead of twenty
  --slow   what takes libpcap minutes too: 1000 hosts optimized, 10000 not

Prints Markdown. A goal that was not reached is marked "missed". benchmarks/README.md says how to read
the figures.
`;

const GOALS = ['executed', 'amplified', 'lists', 'tracing', 'object'];
const SECTIONS = ['filter', 'start', 'packet', ...GOALS];

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const slow = args.includes('--slow');
const asked = args
  .filter((each) => each !== '--quick' && each !== '--slow')
  .flatMap((each) => (each === 'goals' ? GOALS : each));
const unknown = asked.find((each) => !SECTIONS.includes(each));
if (asked.includes('-h') || asked.includes('--help')) {
  process.stdout.write(usage);
} else if (unknown !== undefined) {
  process.stderr.write(`bench: there is no section '${unknown}'\n${usage}`);
  process.exitCode = 2;
} else {
  await runSections(asked.length > 0 ? asked : SECTIONS);
}

async function runSections(sections) {
  cleanEnvironment();
  const scratch = makeScratch();
  say(
    `${cpus().length} x ${cpus()[0]?.model}, Linux ${release()}, Node.js ${process.version}, load ` +
      `average ${loadavg()[0].toFixed(1)}: a busy machine shows as spread, believe the ratios.`,
  );
  for (const name of sections) {
    const { default: section } = await import(`./${name}.mjs`);
    await section({ quick, slow, scratch });
  }
  sumUp();
}
