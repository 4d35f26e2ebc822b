// What the sections share: figures, and the environment of what they start.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printTable } from './output.mjs';

/** What is left to undo; also when somebody ends the run with Ctrl-C. */
const undoings = new Set();
process.on('exit', () => {
  for (const undo of undoings) undo();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** @returns what undoes it now, instead of at the end of the process */
export function atExit(undo) {
  undoings.add(undo);
  return () => {
    if (undoings.delete(undo)) undo();
  };
}

/** A folder that goes with the process. */
export function makeScratch() {
  const folder = mkdtempSync(join(tmpdir(), 'hookdump-bench-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Why this machine can't; any other error is thrown on. */
export function unavailable(error) {
  if (['ClangError', 'EnvironmentError', 'LoadError'].includes(error.name)) return error.message;
  throw error;
}

/**
 * NODE_EXTRA_CA_CERTS, where it is set, costs every start of Node some 30 ms, and the user's own
 * cache would make cold starts warm: neither reaches what is measured.
 */
export function cleanEnvironment() {
  for (const name of ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'HOOKDUMP_CACHE']) {
    delete process.env[name];
  }
}

/** Runs a command to its end; throws what it said if it failed. */
export function sh(command, ...args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${command}: ${error.code ?? error.message}`);
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return stdout;
}

/** Nanoseconds, on a clock that only goes forward. */
export const now = () => performance.now() * 1e6;

/** Nanoseconds that a command takes from start to end. */
export function wall(command, ...args) {
  const start = now();
  sh(command, ...args);
  return now() - start;
}

/** What a Node process costs that does nothing. */
export const emptyNode = () => wall(process.execPath, '--input-type=module', '-e', '');

/** @returns the value below which a part of the numbers lies, `0.5` for the median */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

export const median = (values) => quantile(values, 0.5);

/** A case that has taken longer than this is left out of further rounds, in nanoseconds. */
const PATIENCE = 6e9;

/**
 * Measures all cases once in each round, each time in another order, so that whatever else the
 * machine does falls on all of them.
 *
 * @param cases by label: functions that give a figure
 * @returns the figures by label, one for each round; fewer, from the first on, of what takes seconds
 */
export async function interleave(cases, rounds) {
  const entries = Object.entries(cases).map(([label, run]) => ({ label, run, spent: 0 }));
  const figures = Object.fromEntries(entries.map(({ label }) => [label, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < entries.length; i++) {
      const each = entries[(i + round) % entries.length];
      if (each.spent > PATIENCE) continue;
      const start = now();
      figures[each.label].push(await each.run());
      each.spent += now() - start;
    }
  }
  return figures;
}

/**
 * A case for something fast: measured in batches.
 *
 * @param batch runs it so many times and gives the time that all of them took
 * @param enough how long a batch must be; `warmUp`: how long it is run before; in nanoseconds
 * @returns a case that gives the time of one
 */
export async function batched(batch, { enough = 4e6, warmUp = 0 } = {}) {
  let count = 1;
  for (let spent = 0; ; ) {
    const time = await batch(count);
    spent += time;
    if (time < enough) count *= 2;
    else if (spent >= warmUp) break;
  }
  return async () => (await batch(count)) / count;
}

/**
 * Prints times in nanoseconds, a line for each case: median, quartiles, rounds, and the ratio to
 * what it is compared with: the median of the ratios within each round.
 *
 * @param against label of the reference
 * @param over print the difference to the reference too
 */
export function report(figures, against, { over = false } = {}) {
  const reference = figures[against];
  const ratio = (label, values) =>
    label === against ? '1 x' : `${digits(ratioOf(values, reference))} x`;
  const difference = (label, values) =>
    label === against ? undefined : signed(compare(values, reference, (a, b) => a - b));
  printTable(
    [
      ...['', 'median', 'quartiles', 'rounds'],
      ...(reference === undefined ? [] : ['ratio']),
      ...(over ? ['difference'] : []),
    ],
    Object.entries(figures)
      .filter(([, values]) => values.length > 0)
      .map(([label, values]) => [
        label,
        duration(median(values)),
        `${duration(quantile(values, 0.25))} to ${duration(quantile(values, 0.75))}`,
        values.length,
        ...(reference === undefined ? [] : [ratio(label, values)]),
        ...(over ? [difference(label, values)] : []),
      ]),
  );
}

/** The median of the ratios within the rounds. */
export const ratioOf = (values, reference) => compare(values, reference, (a, b) => a / b);

/** The median over the rounds that both have. */
function compare(values, reference, how) {
  const both = Math.min(values.length, reference.length);
  return median(values.slice(0, both).map((each, i) => how(each, reference[i])));
}

const signed = (time) => `${time < 0 ? '-' : '+'}${duration(Math.abs(time))}`;

/** A time in nanoseconds, in the unit that suits it. */
export function duration(time) {
  if (time < 1e3) return `${digits(time)} ns`;
  if (time < 1e6) return `${digits(time / 1e3)} us`;
  if (time < 1e9) return `${digits(time / 1e6)} ms`;
  return `${digits(time / 1e9)} s`;
}

/** Two or three digits that count. */
function digits(value) {
  if (value < 0.1) return value.toPrecision(2);
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}
