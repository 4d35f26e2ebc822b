// Filter text to optimized classic BPF: `compile` and `toClassic` of the package `filter`, beside
// libpcap's pcap_compile, which goes as far.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBundle, makeCache } from '../../packages/cli/bundle.mjs';
import { compile, toClassic } from '../../packages/filter/dist/index.js';
import { filters, hosts } from './inputs.mjs';
import { batched, duration, emptyNode, interleave, median, now, report, sh, wall } from './lib.mjs';
import { buildTimer, startTimer } from './libpcap.mjs';
import { item, say, skipped, title } from './output.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const hookc = here('../../packages/cli/bin/hookc');

const OURS = 'hookdump compile, optimized classic BPF';
const TO_IR = 'hookdump compile, as far as the IR';
const PLAIN = 'libpcap pcap_compile, not optimized';
const OPTIMIZED = 'libpcap pcap_compile, optimized';

export default async function filterSection(options) {
  let libpcap;
  try {
    libpcap = buildTimer(options.scratch);
  } catch (error) {
    title('Filter text to classic BPF');
    skipped('all lines of libpcap', error.message);
  }
  await warm(options, libpcap);
  await growth(options, libpcap);
  await start(options);
  await commands(options);
}

async function warm({ quick }, libpcap) {
  title('Filter text to classic BPF, in a process that has done so for a while');
  const timer = libpcap === undefined ? undefined : startTimer(libpcap);
  const timed = (work) => batched((count) => time(work, count), { warmUp: quick ? 1e9 : 3e9 });
  for (const { name, text } of filters.filter(({ text }) => text.length < 200)) {
    say(`${name} (${text.length} characters)`);
    const cases = {
      [OURS]: await timed(() => toClassic(toIr(text))),
      [TO_IR]: await timed(() => toIr(text)),
      ...(timer !== undefined && {
        [PLAIN]: await batched((count) => timer.time(text, { optimize: 0, count })),
        [OPTIMIZED]: await batched((count) => timer.time(text, { optimize: 1, count })),
      }),
    };
    report(await interleave(cases, quick ? 3 : 15), OPTIMIZED);
  }
  timer?.close();
}

function toIr(text) {
  const compiled = compile(text, { linkType: 'EN10MB' });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0].message);
  return compiled.program;
}

function time(work, count) {
  const start = now();
  for (let i = 0; i < count; i++) work();
  return now() - start;
}

/** Ten times as many hosts each time: what is linear takes ten times as long. */
async function growth({ quick, slow }, libpcap) {
  title('`host A or host B or …` to classic BPF, as it grows');
  const timer = libpcap === undefined ? undefined : startTimer(libpcap);
  const before = {};
  for (const count of quick ? [10, 100, 1000] : [10, 100, 1000, 10_000]) {
    const { text } = hosts(count);
    say(`${count} hosts (${text.length} characters)`);
    const ours = (times) => time(() => toClassic(toIr(text)), times);
    const cases = { [OURS]: await batched(ours, { warmUp: quick ? 1e8 : 1e9 }) };
    for (const [label, optimize, most] of [
      [PLAIN, 0, quick ? 100 : slow ? 10_000 : 1000],
      [OPTIMIZED, 1, slow ? 1000 : 100],
    ]) {
      if (timer === undefined) continue;
      if (count > most) {
        skipped(
          label,
          quick ? 'takes seconds; run without --quick' : 'takes long; run with --slow',
        );
      } else
        cases[label] = await oneOrMore((times) => timer.time(text, { optimize, count: times }));
    }
    const figures = await interleave(cases, quick ? 3 : 9);
    report(figures, OURS);
    for (const [label, values] of Object.entries(figures)) {
      const taken = median(values);
      const grown = before[label] && `, ${(taken / before[label]).toFixed(1)} times the one before`;
      item(`${label}: ${duration(taken / count)} a host${grown ?? ''}`);
      before[label] = taken;
    }
  }
  timer?.close();
}

/** What takes long is not run twice to find out how often it can be. */
async function oneOrMore(batch) {
  const first = await batch(1);
  if (first < 1e8) return batched(batch);
  const kept = [first];
  return () => kept.pop() ?? batch(1);
}

/**
 * From the start of a process to the first compiled filter: the library in one bundle, as the
 * commands are made, with V8's code cache and without, beside an empty file.
 */
async function start({ quick, scratch }) {
  title('Start of a process to its first compiled filter (the package bundled into one file)');
  const bundle = join(scratch, 'first.cjs');
  const launcher = join(scratch, 'launch.cjs');
  const empty = join(scratch, 'empty.cjs');
  const launchModule = JSON.stringify(here('../../packages/cli/bin/launch.js'));
  await makeBundle(here('first.mjs'), bundle);
  makeCache(bundle, [filters[1].text]);
  writeFileSync(launcher, `require(${launchModule}).launch(${JSON.stringify(bundle)});\n`);
  writeFileSync(empty, '');
  const nothing = 'node, an empty file';
  const starts = { [nothing]: empty, 'bundle, code cache': launcher, 'bundle alone': bundle };
  for (const { name, text } of quick ? [filters[1]] : [filters[1], filters[3]]) {
    for (const [what, measure] of [
      ['wall clock', wall],
      ['user CPU time', userTime],
    ]) {
      say(`${name}, ${what}`);
      const cases = Object.entries(starts).map(([label, file]) => [
        label,
        () => measure(process.execPath, file, text),
      ]);
      const figures = await interleave(Object.fromEntries(cases), quick ? 7 : 31);
      report(figures, nothing, { over: true });
    }
    const inside = { 'start to our first line': [], 'first compile': [] };
    for (let i = 0; i < (quick ? 7 : 31); i++) {
      const { began, first } = JSON.parse(sh(process.execPath, launcher, text));
      inside['start to our first line'].push(began);
      inside['first compile'].push(first);
    }
    say(`${name}, in the process with code cache`);
    report(inside);
  }
}

/** Nanoseconds of user CPU time that a command takes, to the millisecond, as bash counts it. */
function userTime(command, ...args) {
  const script = 'TIMEFORMAT=%3U; time "$@" >/dev/null';
  const { status, error, stderr } = spawnSync('bash', ['-c', script, 'bash', command, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (error !== undefined || status !== 0) throw new Error(`${command} failed: ${error ?? stderr}`);
  return Number(stderr.trim().split('\n').at(-1)) * 1e9;
}

async function commands({ quick }) {
  title('Filter text to classic BPF: whole commands, start to end');
  const tcpdump = (text) => () => wall('tcpdump', '-y', 'EN10MB', '-d', text);
  try {
    tcpdump('icmp')();
  } catch (error) {
    return skipped('all lines', error.message);
  }
  for (const { name, text } of quick ? [filters[1]] : filters.slice(0, 4)) {
    say(name);
    const cases = {
      'node, nothing': emptyNode,
      'hookc -d': () => wall(process.execPath, hookc, '-d', text),
      'tcpdump -d': tcpdump(text),
    };
    report(await interleave(cases, quick ? 3 : 11), 'node, nothing', { over: true });
  }
}
