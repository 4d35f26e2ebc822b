// From the start of a process to its line "listening on", which both tools print when they are
// attached: in a network namespace of our own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noClang } from './clang.mjs';
import { filters } from './inputs.mjs';
import { atExit, emptyNode, interleave, now, report, sh, wall } from './lib.mjs';
import { say, skipped, title } from './output.mjs';

const hookdump = fileURLToPath(new URL('../../packages/cli/bin/hookdump', import.meta.url));

const PATIENCE_MS = 30_000;

export default async function startSection({ quick, scratch }) {
  title('Start to first packet attached');
  const missing = process.getuid() !== 0 ? 'capturing needs root' : noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const netns = `hd-bench-${process.pid}`;
  try {
    for (const command of ['nsenter', 'tcpdump']) sh(command, '--version');
    sh('ip', 'netns', 'add', netns);
  } catch (error) {
    return skipped('all of it', error.message);
  }
  const remove = atExit(() => sh('ip', 'netns', 'del', netns));
  sh('ip', '-n', netns, 'link', 'set', 'lo', 'up');
  for (const filter of quick ? filters.slice(0, 1) : [filters[0], filters[3]]) {
    say(filter.name);
    await measure(filter.text, netns, quick, scratch);
  }
  remove();
}

async function measure(text, netns, quick, scratch) {
  const enter = ['nsenter', `--net=/run/netns/${netns}`];
  const ours = (cache, ...args) =>
    untilListening([process.execPath, hookdump, '-i', 'any', '--netns', netns, ...args, text], {
      ...process.env,
      XDG_CACHE_HOME: cache,
    });
  const warm = join(scratch, 'warm');
  await ours(warm);
  const withNewCache = async () => {
    const cache = mkdtempSync(join(scratch, 'cold-'));
    const time = await ours(cache);
    rmSync(cache, { recursive: true });
    return time;
  };
  const tcpdump = 'tcpdump -i lo, packets as text';
  const cases = {
    'node, nothing': emptyNode,
    'entering the namespace, nothing (nsenter)': () => wall(...enter, 'true'),
    [tcpdump]: () => untilListening([...enter, 'tcpdump', '-n', '-i', 'lo', text]),
    'hookdump -i any, as text, object in the cache': () => ours(warm),
    'hookdump -i any, as text, object to be built': withNewCache,
    'hookdump -i any -w FILE, object in the cache': () =>
      ours(warm, '-w', join(scratch, 'start.pcapng')),
  };
  report(await interleave(cases, quick ? 3 : 11), tcpdump);
}

/** Nanoseconds until a command says that it listens; then it is ended, as with Ctrl-C. */
function untilListening([command, ...args], env = process.env) {
  return new Promise((resolve, reject) => {
    let said = '';
    let time;
    const start = now();
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const kill = atExit(() => child.kill('SIGKILL'));
    const timer = setTimeout(kill, PATIENCE_MS);
    child.stderr.setEncoding('latin1').on('data', (text) => {
      said += text;
      if (time !== undefined || !said.includes('listening on')) return;
      time = now() - start;
      child.kill('SIGINT');
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      kill();
      if (time === undefined) reject(new Error(`${command} ${args[0]} does not listen: ${said}`));
      else resolve(time);
    });
  });
}
