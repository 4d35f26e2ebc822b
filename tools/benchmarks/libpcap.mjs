// libpcap's compiler, timed: pcap-compile.c in a process of its own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sh } from './lib.mjs';

const source = fileURLToPath(new URL('pcap-compile.c', import.meta.url));

/** Builds the timer and gives its path; throws if there is no C compiler, or no libpcap. */
export function buildTimer(scratch) {
  const path = join(scratch, 'pcap-compile');
  try {
    sh('cc', '-O2', '-Wall', '-o', path, source, '-lpcap');
  } catch (error) {
    const needed = 'cc and libpcap-dev are needed (apt install gcc libpcap-dev)';
    throw new Error(needed, { cause: error });
  }
  return path;
}

/** Starts the timer: `time` gives the nanoseconds of `count` compilations, `close` ends it. */
export function startTimer(path) {
  const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async time(text, { optimize, count }) {
      child.stdin.write(`${optimize} ${count} ${text}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`libpcap does not compile '${text.slice(0, 60)}'`);
      return Number(value);
    },
    close: () => child.stdin.end(),
  };
}
