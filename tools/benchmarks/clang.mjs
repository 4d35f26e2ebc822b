// clang as the package `codegen` runs it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHook } from '../../packages/codegen/dist/index.js';
import { compile } from '../../packages/filter/dist/index.js';
import { now } from './lib.mjs';

const clang = process.env.HOOKDUMP_CLANG || 'clang';

/** What `buildObject` wants for a filter at some hooks; `linkTypes` as in `compile`. */
export function request({ text }, hooks, linkTypes) {
  const programs = linkTypes.map((linkType) => {
    const compiled = compile(text, { linkType });
    if (!compiled.ok) throw new Error(compiled.diagnostics[0].message);
    return [linkType, compiled.program];
  });
  return { filter: text, hooks: hooks.map(readHook), programs: Object.fromEntries(programs) };
}

/** The program of the template alone: no packet matches, and no filter is run to know that. */
export const templateOnly = (hooks) => ({ filter: '', hooks: hooks.map(readHook), programs: {} });

function readHook(spec) {
  const parsed = parseHook(spec);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.hook;
}

/**
 * The arguments that `codegen` gives to clang: the head of each C file that it makes says them.
 */
function clangArguments(source) {
  const line = / \* {3}clang (.+)$/m.exec(source);
  if (line === null) throw new Error('the C file does not say how it is built');
  return line[1].split(' ');
}

/** Builds C files in a folder of its own, with the arguments of this one. */
export function compiler(scratch, sample) {
  const args = clangArguments(sample);
  const input = args[args.indexOf('-c') + 1];
  const output = args[args.indexOf('-o') + 1];
  const folder = join(scratch, 'clang');
  mkdirSync(folder, { recursive: true });
  /** Builds `source` and gives the nanoseconds that clang took, from start to end. */
  const time = (source) => {
    writeFileSync(join(folder, input), source);
    const start = now();
    const { status, error, stderr } = spawnSync(clang, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${clang}: ${error?.code ?? stderr}`);
    return now() - start;
  };
  const build = (source) => {
    time(source);
    return readFileSync(join(folder, output));
  };
  return { time, build };
}

/** Why objects can't be built here; `undefined` if they can. */
export function noClang() {
  const { error } = spawnSync(clang, ['--version']);
  return error === undefined ? undefined : `can't run ${clang}: ${error.code}`;
}
