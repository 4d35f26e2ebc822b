// Filter text to IR: `compile` of the package `filter`, beside libpcap's pcap_compile. That goes on
// to classic BPF, so there is a line that goes so far too.
import { fileURLToPath } from 'node:url';
import { compile, toClassic } from '../../packages/filter/dist/index.js';
import { filters } from './inputs.mjs';
import {
  batched,
  emptyNode,
  interleave,
  now,
  report,
  say,
  sh,
  skipped,
  title,
  wall,
} from './lib.mjs';
import { buildTimer, firstTime, startTimer } from './libpcap.mjs';

const first = fileURLToPath(new URL('first.mjs', import.meta.url));
const hookc = fileURLToPath(new URL('../../packages/cli/bin/hookc', import.meta.url));

const OPTIMIZED = 'libpcap pcap_compile, optimized';
const PLAIN = 'libpcap pcap_compile, not optimized';

/** libpcap takes seconds for these, its optimizer more than half a minute. */
const isLong = ({ text }) => text.length > 10_000;

export default async function filterSection({ quick, scratch }) {
  let libpcap;
  try {
    libpcap = buildTimer(scratch);
  } catch (error) {
    title('Filter text to IR');
    skipped('all lines of libpcap', error.message);
  }
  await warm(quick, libpcap);
  await cold(quick, libpcap);
  await commands(quick);
}

async function warm(quick, libpcap) {
  title('Filter text to IR, in a process that has done so for a while');
  const timer = libpcap === undefined ? undefined : startTimer(libpcap);
  for (const filter of filters) {
    say(`${filter.name} (${filter.text.length} characters)`);
    const cases = {
      ...(await ourCases(filter.text, quick)),
      ...(timer !== undefined && (await libpcapCases(timer, filter, quick))),
    };
    const figures = await interleave(cases, quick ? 3 : 15);
    report(figures, reference(figures));
  }
  timer?.close();
}

const reference = (figures) => (OPTIMIZED in figures ? OPTIMIZED : PLAIN);

async function ourCases(text, quick) {
  const toIr = () => {
    const compiled = compile(text, { linkType: 'EN10MB' });
    if (!compiled.ok) throw new Error(compiled.diagnostics[0].message);
    return compiled.program;
  };
  const timed = (work) => batched((count) => time(work, count), { warmUp: quick ? 1e8 : 5e8 });
  return {
    'hookdump compile': await timed(toIr),
    'hookdump compile, and on to classic BPF': await timed(() => toClassic(toIr())),
  };
}

function time(work, count) {
  const start = now();
  for (let i = 0; i < count; i++) work();
  return now() - start;
}

async function libpcapCases(timer, filter, quick) {
  const { text } = filter;
  const plain = (count) => timer.time(text, { optimize: 0, count });
  const optimized = (count) => timer.time(text, { optimize: 1, count });
  if (!isLong(filter))
    return { [PLAIN]: await batched(plain), [OPTIMIZED]: await batched(optimized) };
  if (quick) skipped(OPTIMIZED, 'takes more than half a minute; run without --quick');
  return {
    [PLAIN]: () => plain(1),
    ...(!quick && { [OPTIMIZED]: () => optimized(1) }),
  };
}

async function cold(quick, libpcap) {
  title('Filter text to IR, for the first time in a new process');
  const rounds = quick ? 2 : 9;
  const loads = [];
  const ours = (text) => () => {
    const { load, first: time } = JSON.parse(sh(process.execPath, first, text));
    loads.push(load);
    return time;
  };
  for (const filter of quick ? [filters[0], filters[3]] : filters) {
    say(filter.name);
    const theirs = (optimize) => () => firstTime(libpcap, filter.text, optimize);
    const cases = {
      'hookdump compile': ours(filter.text),
      ...(libpcap !== undefined && {
        [PLAIN]: theirs(0),
        ...(!isLong(filter) && { [OPTIMIZED]: theirs(1) }),
      }),
    };
    const figures = await interleave(cases, rounds);
    report(figures, reference(figures));
  }
  say('before each of them (the commands import one bundled file instead, see below)');
  report({ 'import of the package': loads });
}

async function commands(quick) {
  title('Filter text to classic BPF: whole commands, start to end');
  const tcpdump = (text) => () => wall('tcpdump', '-y', 'EN10MB', '-d', text);
  try {
    tcpdump('icmp')();
  } catch (error) {
    return skipped('all lines', error.message);
  }
  const command = 'hookc -d';
  for (const { name, text } of quick ? [filters[1]] : filters.slice(0, 4)) {
    say(name);
    const cases = {
      'node, nothing': emptyNode,
      [command]: () => wall(process.execPath, hookc, '-d', text),
      'tcpdump -d': tcpdump(text),
    };
    report(await interleave(cases, quick ? 3 : 11), 'node, nothing');
  }
}
