import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ClangError, compileFailed, TOO_LONG } from './clang-error.ts';
import { filterLines } from './filter-lines.ts';
import { clangArguments, foreignArguments, type Target } from './flags.ts';
import { stripDebug } from './strip-debug.ts';

/** Looked for on PATH, in this order. */
const NAMES = ['clang', ...[19, 18, 17, 16, 15, 14].map((version) => `clang-${version}`)];

/** Older ones miss `__builtin_preserve_enum_value` or get `preserve_access_index` wrong. */
const OLDEST = 14;

const TIMEOUT_MS = 60_000;

/** A clang on this machine. */
export interface Clang {
  readonly path: string;
  /**
   * What tells this compiler from another, without running it: where it really is, its size and when
   * it changed.
   */
  readonly identity: string;
}

/**
 * Finds clang: `$HOOKDUMP_CLANG`, else on PATH.
 *
 * @throws ClangError `missing`
 */
export function findClang(environment: NodeJS.ProcessEnv = process.env): Clang {
  const chosen = environment.HOOKDUMP_CLANG;
  if (chosen !== undefined && chosen !== '') {
    const found = chosen.includes('/') ? executable(chosen) : onPath(chosen, environment);
    if (found !== undefined) return found;
    throw new ClangError(
      'missing',
      `HOOKDUMP_CLANG is '${chosen}', which is not a program that can be run`,
      'set it to a clang, or unset it to have one looked for on PATH',
    );
  }
  for (const name of NAMES) {
    const found = onPath(name, environment);
    if (found !== undefined) return found;
  }
  throw new ClangError(
    'missing',
    'clang is not installed: it builds the filter for the kernel',
    'install it (apt install clang, dnf install clang); `hookc --emit c` needs none',
  );
}

function onPath(name: string, environment: NodeJS.ProcessEnv): Clang | undefined {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const found = executable(join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function executable(path: string): Clang | undefined {
  try {
    accessSync(path, constants.X_OK);
    const real = realpathSync(path);
    const file = statSync(real);
    if (!file.isFile()) return undefined;
    return { path, identity: `${real} ${file.size} ${file.mtimeMs}` };
  } catch {
    return undefined;
  }
}

/** What clang made. */
export interface Compiled {
  /** The ELF object, without DWARF. */
  readonly object: Uint8Array;
  /** The compiler as it names itself, such as `Debian clang version 14.0.6`. */
  readonly producer: string;
  /** What clang warned of; nothing where the source is ours. */
  readonly log?: string;
}

export interface CompileOptions {
  /** Ends clang and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds; 60000 if not given. */
  readonly timeout?: number;
  /** This machine if not given. */
  readonly target?: Target;
  /** What the source includes beside itself, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The source is somebody else's: its name and the folder, absolute, that it includes files of. */
  readonly foreign?: { readonly name: string; readonly folder: string };
}

/**
 * Builds one object.
 *
 * @throws ClangError `missing` (it vanished), `too-old`, `failed`
 */
export async function compileObject(
  clang: Clang,
  source: string,
  options: CompileOptions = {},
): Promise<Compiled> {
  const { output, log } = await compile(clang, source, [], options);
  const shown = quotesAllLines(options) ? undefined : filterLines(source);
  return { object: stripDebug(output, shown), producer: producerOf(output), log };
}

/**
 * Whether messages of the verifier are to quote every line: of C that somebody else wrote, and of
 * ours for whoever works on it (`HOOKDUMP_LINES=all`). A user's lines are those of the filter, and
 * all of them would be a third of an object.
 */
export function quotesAllLines({ foreign }: Pick<CompileOptions, 'foreign'>): boolean {
  return foreign !== undefined || process.env.HOOKDUMP_LINES === 'all';
}

/**
 * The instructions of an object, as clang writes them, with all that is for debuggers.
 *
 * @throws ClangError `missing`, `too-old`, `failed`
 */
export async function compileAssembly(
  clang: Clang,
  source: string,
  options: CompileOptions = {},
): Promise<string> {
  return (await compile(clang, source, ['-S'], options)).output.toString('utf8');
}

async function compile(
  clang: Clang,
  source: string,
  form: readonly string[],
  options: CompileOptions,
): Promise<{ readonly output: Buffer; readonly log: string }> {
  const { foreign, files = {}, target } = options;
  const name = foreign?.name ?? SOURCE;
  const folder = temporaryFolder();
  try {
    for (const [file, text] of Object.entries({ ...files, [name]: source })) {
      await writeFile(join(folder, file), text);
    }
    const args =
      foreign === undefined
        ? clangArguments(name, OBJECT, target)
        : foreignArguments(name, OBJECT, foreign.folder, target);
    const ended = await runClang(clang, [...args, ...form], folder, options);
    if (ended.status !== 0) throw await explain(clang, ended, options);
    return { output: await readFile(join(folder, OBJECT)), log: ended.log };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** DWARF says who wrote it; asking clang for its version would cost a third of a build. */
function producerOf(object: Buffer): string {
  return /[\x20-\x7e]*clang version [\x20-\x7e]+/.exec(object.toString('latin1'))?.[0] ?? 'clang';
}

/** The names are part of the object, and fixed. */
export const SOURCE = 'filter.bpf.c';
const OBJECT = 'filter.bpf.o';

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'hookdump-'));
  } catch (cause) {
    const message = `cannot make a folder for clang in ${tmpdir()}: ${(cause as Error).message}`;
    throw new ClangError('failed', message, 'point TMPDIR at a folder that can be written to');
  }
}

interface Ended {
  /** null: killed. */
  readonly status: number | null;
  readonly log: string;
}

/** Nothing of the caller's environment reaches clang that could change what it builds. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { ...(PATH === undefined ? {} : { PATH }), LC_ALL: 'C', CLANG_NO_DEFAULT_CONFIG: '1' };
}

function runClang(
  clang: Clang,
  args: readonly string[],
  folder: string,
  { signal, timeout = TIMEOUT_MS }: CompileOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(clang.path, args, {
      cwd: folder,
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
      ...(signal === undefined ? {} : { signal }),
    });
    let log = '';
    const collect = (text: string): void => {
      log += text;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => {
      if (signal?.aborted) return reject(signal.reason);
      const message = `${clang.path} cannot be run: ${error.message}`;
      reject(new ClangError('missing', message, 'install clang, or set HOOKDUMP_CLANG to one'));
    });
    child.on('close', (status) => resolve({ status, log }));
  });
}

/** Why clang failed. Its version is asked for only here: that costs a third of a build. */
async function explain(clang: Clang, ended: Ended, options: CompileOptions): Promise<ClangError> {
  if (ended.status === null) {
    const seconds = (options.timeout ?? TIMEOUT_MS) / 1000;
    const message = `${clang.path} was killed, or did not end within ${seconds} s`;
    return new ClangError('failed', message, TOO_LONG, ended.log);
  }
  const { log } = await runClang(clang, ['--version'], tmpdir(), {});
  const version = /clang version (\d+)[.\d]*/.exec(log);
  if (version !== null && Number(version[1]) < OLDEST) {
    const message = `${clang.path} is ${version[0]}, which is too old to build BPF objects`;
    const hint = `install clang ${OLDEST} or newer, or set HOOKDUMP_CLANG to one`;
    return new ClangError('too-old', message, hint, ended.log);
  }
  return compileFailed(clang.path, ended.log, options.foreign?.name);
}
