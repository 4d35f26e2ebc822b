import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Runs a command to its end; throws what it said if it failed. */
export function sh(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * Why tests that capture can't run here; `undefined` if they can.
 *
 * @throws Error with the reason where `CI` is set: a run that captured nothing must not be green.
 */
export function captureMissing(): string | undefined {
  const missing = whatCaptureLacks();
  if (missing !== undefined && process.env.CI) throw new Error(`with CI set: ${missing}`);
  return missing;
}

function whatCaptureLacks(): string | undefined {
  if (process.getuid?.() !== 0) return 'capturing needs root';
  try {
    sh('ip', 'netns', 'list');
  } catch {
    return 'network namespaces need ip (iproute2)';
  }
  if (!existsSync('/sys/kernel/btf/vmlinux')) {
    return 'the kernel has no BTF: /sys/kernel/btf/vmlinux is missing';
  }
  return undefined;
}

/** One end of the lab: a namespace and the device in it. */
export interface End {
  readonly netns: string;
  readonly device: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

/**
 * Two network namespaces of our own joined by a veth pair. All traffic of the tests runs in them,
 * and every capture is confined to them.
 */
export class Lab {
  readonly a: End;
  readonly b: End;

  constructor(name: string) {
    const base = `hd-${name}-${process.pid}`;
    const end = (letter: string, host: number): End => ({
      netns: `${base}-${letter}`,
      device: 'lab0',
      ipv4: `10.77.0.${host}`,
      ipv6: `fd00:77::${host}`,
    });
    this.a = end('a', 1);
    this.b = end('b', 2);
    const { a, b } = this;
    sh('ip', 'netns', 'add', a.netns);
    sh('ip', 'netns', 'add', b.netns);
    try {
      const peer = ['peer', 'name', b.device, 'netns', b.netns];
      sh('ip', '-n', a.netns, 'link', 'add', a.device, 'type', 'veth', ...peer);
      for (const { netns, device, ipv4, ipv6 } of [a, b]) {
        sh('ip', '-n', netns, 'addr', 'add', `${ipv4}/24`, 'dev', device);
        // Without duplicate address detection the address can be used at once.
        sh('ip', '-n', netns, 'addr', 'add', `${ipv6}/64`, 'dev', device, 'nodad');
        sh('ip', '-n', netns, 'link', 'set', 'lo', 'up');
        sh('ip', '-n', netns, 'link', 'set', device, 'up');
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get netnsOptions(): string[] {
    return ['--netns', this.a.netns, '--netns', this.b.netns];
  }

  /** Runs a command in a namespace to its end. */
  run(end: End, command: string, ...args: string[]): string {
    return sh('ip', 'netns', 'exec', end.netns, command, ...args);
  }

  close(): void {
    for (const { netns } of [this.a, this.b]) {
      try {
        sh('ip', 'netns', 'del', netns);
      } catch {
        // It was never made.
      }
    }
  }
}

/** A process that runs until it is told to end. */
export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.child = spawn(command, args, { env });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString('latin1');
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString('latin1');
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', resolve);
    });
  }

  /** Resolves when the text has been said on standard error; rejects if the process ends first. */
  async says(text: string): Promise<void> {
    await this.until(() => this.stderr.includes(text), `say '${text}'`);
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    let over = false;
    const ended = this.ended.then(() => {
      over = true;
    });
    while (!condition()) {
      if (over) throw new Error(`it ended before it could ${what}: ${this.stderr}`);
      await Promise.race([ended, pause(10)]);
    }
  }

  /** The line that it answers to this one, without the ten milliseconds of polling. */
  async ask(line: string): Promise<string> {
    this.child.stdin.write(`${line}\n`);
    await this.#line();
    const said = this.stdout.trim();
    this.stdout = '';
    return said;
  }

  #line(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { stdout } = this.child;
      const done = (): void => {
        if (!this.stdout.endsWith('\n')) return;
        stdout.off('data', done).off('end', ended);
        resolve();
      };
      const ended = (): void => reject(new Error(`it ended: ${this.stderr}`));
      stdout.on('data', done).on('end', ended);
      done();
    });
  }

  /** Asks it to end and gives its exit status. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const bin = (name: string): string =>
  new URL(`../../packages/cli/bin/${name}`, import.meta.url).pathname;

/** The two commands, run as a user runs them. */
export const hookdump = bin('hookdump');
export const hookc = bin('hookc');

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, without input. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result> {
  const running = new Running(command, args, env);
  running.child.stdin.end();
  const status = await running.ended;
  return { status, stdout: running.stdout, stderr: running.stderr };
}

/** Runs one of our commands to its end. */
export const run = (
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result> => runCommand(process.execPath, [command, ...args], env);
