// Time for a packet in the kernel: the XDP object of some filters under BPF_PROG_TEST_RUN, beside a
// program that does nothing.
import { buildObject, renderSource } from '../../packages/codegen/dist/index.js';
import { BpfObject, drain } from '../../packages/loader/dist/index.js';
import { compiler, noClang, request, templateOnly } from './clang.mjs';
import { filters, notMatching } from './inputs.mjs';
import { interleave, report, unavailable } from './lib.mjs';
import { say, skipped, title } from './output.mjs';

const EMPTY_PROGRAM = `
__attribute__((section("xdp"), used)) int empty(void *context)
{
	(void)context;
	return 2; /* XDP_PASS */
}
char LICENSE[] __attribute__((section("license"), used)) = "GPL";
`;

const EMPTY = 'empty program';

/** Records of a matching packet for which the ring buffer has room without waking its reader. */
const FEW = 300;

export default async function packetSection({ quick, scratch }) {
  title('Time for a packet at XDP (BPF_PROG_TEST_RUN)');
  const missing = process.getuid() !== 0 ? 'loading programs needs root' : noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const open = [];
  const repeat = quick ? 200_000 : 1_000_000;
  let programs;
  try {
    programs = await loadAll(open, scratch, quick);
  } catch (error) {
    skipped('all of it', unavailable(error));
  }
  if (programs !== undefined) {
    await filterTimes(programs, repeat, quick);
    await recordTimes(programs, quick);
  }
  for (const object of open) object.close();
}

/** The empty program twice (what differs between the two is noise), the template, the filters. */
async function loadAll(open, scratch, quick) {
  const load = (bytes) => {
    const object = BpfObject.open(bytes, { name: 'bench' });
    open.push(object);
    object.load();
    return new Loaded(object);
  };
  const build = async (options) => (await buildObject({ ...options, cache: false })).bytes;
  const nothing = compiler(scratch, renderSource(templateOnly(['xdp']))).build(EMPTY_PROGRAM);
  const loaded = {
    empty: load(nothing),
    again: load(nothing),
    template: load(await build(templateOnly(['xdp']))),
    filters: [],
  };
  for (const filter of quick ? filters.slice(0, 4) : filters) {
    try {
      const program = load(await build(request(filter, ['xdp'], ['EN10MB'])));
      loaded.filters.push({ filter, program });
    } catch (error) {
      skipped(filter.name, unavailable(error));
    }
  }
  return loaded;
}

async function filterTimes({ empty, again, template, filters: loaded }, repeat, quick) {
  say(`processor time of one run, ${repeat} runs a round; a match finds the ring buffer full`);
  const cases = {
    [EMPTY]: () => empty.cpuTime(notMatching, repeat),
    'empty program, once more: the noise': () => again.cpuTime(notMatching, repeat),
    'our template without a filter': () => template.cpuTime(notMatching, repeat),
  };
  for (const { filter, program } of loaded) {
    program.fill(filter.matching);
    cases[`${filter.name}: no match`] = () => program.unmatched(notMatching, repeat);
    cases[`${filter.name}: match, no record`] = () => program.lost(filter.matching, repeat);
  }
  report(await interleave(cases, quick ? 5 : 15), EMPTY, { over: true });
}

async function recordTimes({ empty, filters: loaded }, quick) {
  say(`the kernel's clock for one run, whole ns, ${FEW} runs a round; a match leaves a record`);
  const cases = { [EMPTY]: () => empty.kernelTime(notMatching, FEW) };
  const drains = [];
  for (const { filter, program } of loaded) {
    const reader = program.drain();
    drains.push(reader);
    cases[`${filter.name}: match, record`] = async () => {
      await reader.flush();
      return program.captured(filter.matching, FEW);
    };
  }
  report(await interleave(cases, quick ? 9 : 41), EMPTY, { over: true });
  for (const reader of drains) reader.close();
}

/** A program in the kernel, whose counters tell whether it did what its line says. */
class Loaded {
  #object;
  #program;

  constructor(object) {
    this.#object = object;
    this.#program = object.program(object.programs[0]);
  }

  /** The kernel's own figure: wall-clock time of the runs alone, an average cut to whole ns. */
  kernelTime(frame, repeat) {
    return this.#program.testRun(frame, { repeat }).durationNs;
  }

  /**
   * Processor time of this process around the call. Wall-clock time would hold the some 25 ms that
   * the call sleeps, and the kernel's figure has no fractions.
   */
  cpuTime(frame, repeat) {
    const before = process.cpuUsage();
    this.#program.testRun(frame, { repeat });
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1000) / repeat;
  }

  unmatched(frame, repeat) {
    return this.#counting({ matched: 0, lost: 0 }, () => this.cpuTime(frame, repeat));
  }

  lost(frame, repeat) {
    return this.#counting({ matched: repeat, lost: repeat }, () => this.cpuTime(frame, repeat));
  }

  captured(frame, repeat) {
    return this.#counting({ matched: repeat, lost: 0 }, () => this.kernelTime(frame, repeat));
  }

  /** Fills the ring buffer: the next match finds no room. */
  fill(frame) {
    for (let lost = this.#count('lost'); this.#count('lost') === lost; ) {
      this.#program.testRun(frame, { repeat: 10_000 });
    }
  }

  drain() {
    return drain(this.#object.map('events'), { onBatch: () => {} });
  }

  #counting(expected, work) {
    const names = Object.keys(expected);
    const before = names.map((name) => this.#count(name));
    const result = work();
    names.forEach((name, i) => {
      const grew = this.#count(name) - before[i];
      if (grew !== expected[name]) throw new Error(`${name}: ${grew}, not ${expected[name]}`);
    });
    return result;
  }

  /** A counter of `struct hook_stats` (bpf-templates/include/record.h), of all CPUs. */
  #count(name) {
    const offset = { seen: 0, matched: 8, lost: 16 }[name];
    const values = this.#object.map('stats').lookupPerCpu(new Uint8Array(4));
    return values.reduce(
      (sum, bytes) => sum + Number(new BigUint64Array(bytes.slice().buffer)[offset / 8]),
      0,
    );
  }
}
