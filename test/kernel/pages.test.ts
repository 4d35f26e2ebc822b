import { statSync } from 'node:fs';
import { RECORD, RECORD_SIZE } from '@hookdump/codegen/record';
import { type Program, run } from '@hookdump/filter';
import { type BpfObject, drain, records } from '@hookdump/loader';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attachAll } from '../support/kernel/attached.ts';
import { readStats } from '../support/kernel/stats.ts';
import { type Strategy, strategies } from '../support/kernel/strategies.ts';
import { build, load, programsOf } from '../support/kernel/subjects.ts';
import { captureMissing, Lab, pause, Running, sh } from '../support/lab.ts';
import { everyOne, sizes } from '../support/sizes.ts';

/**
 * Packets whose bytes the kernel keeps in pages, as real senders make them: large sends, sendfile,
 * datagrams and pings of several fragments. A witness, the object without a filter, sends all of
 * their bytes; each filter must have matched as many of them as `run()` does.
 */
const all = [
  'len > 2000',
  'tcp and ether[3000] & 1 = 0',
  'tcp[4000:2] > 30000',
  'ip[8000:4] & 2 = 2',
  'tcp[len - 200] < 128',
  'ether[len - 1] & 1 = 1',
  'ip and not ip[1600:1] = 9',
  'tcp[((tcp[12] & 0xf0) >> 2) + 900:4] & 0xff > 100',
  'icmp[500] = 0xec or udp[1000:2] & 1 = 0',
  'ip[6:2] & 0x1fff != 0 and ip[1000] & 3 = 2',
  'port 7777 and len > 10000 and tcp[9000] != 0',
];
const filters = everyOne(sizes.oneSimilarOf, all);
const port = '7777';
/** Records carry 65,407 bytes of a packet at most: the largest packets have fewer. */
const largestPacket = '40000';
/** The witness's hooks; a strategy that is tried here has them too. */
const names = ['net_dev_queue', 'netif_receive_skb'];

const missing = captureMissing();
describe('packets in pages', () => {
  let lab: Lab;
  let inodes: number[];
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  beforeAll(() => {
    if (missing !== undefined) return;
    lab = new Lab('pages');
    for (const { netns, device } of [lab.a, lab.b]) {
      sh('ip', '-n', netns, 'link', 'set', device, 'gso_max_size', largestPacket);
    }
    inodes = [lab.a, lab.b].map(({ netns }) => statSync(`/run/netns/${netns}`).ino);
  });
  afterAll(() => lab?.close());

  for (const strategy of strategies.filter(({ hooks }) => hooks.every(isAtWitness))) {
    test(strategy.name, { timeout: 300_000 }, async () => {
      const programs = filters.map((text) => {
        const compiled = programsOf(text, strategy.links, true);
        if (compiled?.EN10MB === undefined) throw new Error(`${text} does not compile`);
        return { text, compiled, program: compiled.EN10MB };
      });
      const objects: BpfObject[] = [];
      const witness = await open(strategies.find(({ name }) => name === 'tp_btf')!, '');
      try {
        for (const { text } of programs) objects.push(await open(strategy, text));
        const seen = await watch(witness, objects);
        const counts = programs.map(({ text, program }, index) =>
          strategy.hooks.map((hook, at) => {
            const frames = seen.get(names.findIndex((name) => hook.endsWith(name))) ?? [];
            const { matched, undecided, failed } = readStats(objects[index]!, at);
            return { text, hook, wanted: matching(program, frames), matched, undecided, failed };
          }),
        );
        report(strategy, counts.flat());
      } finally {
        for (const each of [witness, ...objects]) each.close();
      }
    });
  }

  async function open(strategy: Strategy, text: string): Promise<BpfObject> {
    const bytes = await build(strategy, text, programsOf(text, strategy.links, true)!);
    return load(strategy, text, bytes, inodes);
  }

  /** The frames of some traffic by the witness's hook, while the objects look at it too. */
  async function watch(
    witness: BpfObject,
    objects: readonly BpfObject[],
  ): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    const seen = new Map<number, Uint8Array[]>();
    const reader = drain(witness.map('events'), {
      onBatch: (batch) => {
        for (const { data } of records(batch)) add(seen, data);
      },
    });
    // Neighbours are known, and nobody else says anything.
    lab.run(lab.a, 'ping', '-q', '-c', '1', lab.b.ipv4);
    await pause(300);
    attachAll([witness, ...objects]);
    await traffic();
    await pause(300);
    await reader.flush();
    expect(readStats(witness, 0).lost + readStats(witness, 1).lost, 'the witness lost').toBe(0);
    return seen;
  }

  async function traffic(): Promise<void> {
    const script = new URL('../support/kernel/bulk.py', import.meta.url).pathname;
    const server = new Running('ip', [
      ...['netns', 'exec', lab.b.netns, 'python3', script, 'serve', port],
    ]);
    await server.until(() => server.stdout.includes('ready'), 'listen');
    lab.run(lab.a, 'python3', script, 'send', lab.b.ipv4, port);
    lab.run(lab.a, 'ping', '-q', '-c', '2', '-i', '0.1', '-s', '5000', lab.b.ipv4);
    server.child.stdin.end();
    expect(await server.ended, server.stderr).toBe(0);
  }
});

/** What one filter said at one hook, and what it should have. */
interface Count {
  readonly text: string;
  readonly hook: string;
  readonly wanted: number;
  readonly matched: number;
  readonly undecided: number;
  readonly failed: number;
}

function report(strategy: Strategy, counts: readonly Count[]): void {
  const sum = (of: 'wanted' | 'matched' | 'undecided'): number =>
    counts.reduce((total, each) => total + each[of], 0);
  console.log(
    `${strategy.name}, bytes in pages: ${sum('matched')} of ${sum('wanted')} matches, ` +
      `${sum('undecided')} undecided`,
  );
  expect(counts.filter(({ failed }) => failed > 0)).toEqual([]);
  const idle = filters.filter((text) => wantedOf(text, counts) === 0);
  expect(idle, 'filters that no packet matched').toEqual([]);
  if (strategy.reachesPages) {
    expect(counts.filter(({ undecided }) => undecided > 0)).toEqual([]);
    expect(counts.filter(({ matched, wanted }) => matched !== wanted)).toEqual([]);
  } else {
    expect(counts.filter(({ matched, wanted }) => matched > wanted)).toEqual([]);
    expect(sum('matched') + sum('undecided')).toBeGreaterThanOrEqual(sum('wanted'));
  }
}

const wantedOf = (text: string, counts: readonly Count[]): number =>
  counts.filter((each) => each.text === text).reduce((sum, { wanted }) => sum + wanted, 0);

const matching = (program: Program, frames: readonly Uint8Array[]): number =>
  frames.filter((frame) => run(program, frame, frame.length, {}) !== 0).length;

/** Keeps the frame of a record under the hook that it comes from. */
function add(seen: Map<number, Uint8Array[]>, data: Uint8Array): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const number = (field: { offset: number }): number => view.getUint32(field.offset, true);
  const captured = number(RECORD.captured);
  if (captured !== number(RECORD.length)) throw new Error('the witness has not got all bytes');
  const hook = view.getUint16(RECORD.hook.offset, true);
  const frames = seen.get(hook) ?? [];
  seen.set(hook, [...frames, data.slice(RECORD_SIZE, RECORD_SIZE + captured)]);
}

const isAtWitness = (hook: string): boolean => names.some((name) => hook.endsWith(name));
