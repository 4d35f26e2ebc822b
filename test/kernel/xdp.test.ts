import { buildObject, parseHook } from '@hookdump/codegen';
import { HOOK_STATS, RECORD, RECORD_SIZE } from '@hookdump/codegen/record';
import { BpfObject, drain, records } from '@hookdump/loader';
import { afterAll, expect, test } from 'vitest';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import { filterProgram } from '../../packages/codegen/src/testing/programs.ts';

const skip = skips('XDP capture', noKernel());

/** Around the sizes of reservation; the last is the most that BPF_PROG_TEST_RUN takes in one page. */
const SIZES = [14, 15, 127, 128, 129, 512, 513, 1514, 2048, 2049, 3500];
const NAME = 'codegen0';

let object: BpfObject;
let frames: { readonly view: DataView; readonly bytes: Uint8Array }[];

async function open(filter: string, snaplen: number): Promise<void> {
  const hook = parseHook('xdp');
  if (!hook.ok) throw new Error(hook.message);
  const programs = { EN10MB: filterProgram(filter) };
  const { bytes } = await buildObject({ filter, hooks: [hook.hook], programs });
  object = BpfObject.open(bytes, { name: 'codegen_xdp' });
  object.setGlobal('snaplen', new Uint8Array(Uint32Array.of(snaplen).buffer));
  const attached = new Uint8Array(28);
  new Uint32Array(attached.buffer, 0, 2).set([77, 5]);
  attached.set(Buffer.from(NAME), 8);
  new Uint32Array(attached.buffer, 24, 1).set([1]);
  object.setGlobal('attached', attached);
  object.load();
}

async function send(sizes: readonly number[]): Promise<void> {
  frames = [];
  const reader = drain(object.map('events'), {
    onBatch: (batch) => {
      for (const { data } of records(batch)) {
        const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
        const captured = view.getUint32(RECORD.captured.offset, true);
        frames.push({ view, bytes: data.subarray(RECORD_SIZE, RECORD_SIZE + captured) });
      }
    },
  });
  // XDP_PASS, whatever the filter says.
  for (const size of sizes)
    expect(object.program('hookdump_xdp').testRun(frame(size)).retval).toBe(2);
  await reader.flush();
}

/** Every byte tells where it is, so that none can be lost or doubled unseen. */
const frame = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => at * 7 + (at >> 8));

const count = (name: keyof typeof HOOK_STATS): number =>
  object
    .map('stats')
    .lookupPerCpu(new Uint8Array(4))
    .reduce((sum, each) => {
      const view = new DataView(each.buffer, each.byteOffset);
      return sum + Number(view.getBigUint64(HOOK_STATS[name].offset, true));
    }, 0);

afterAll(() => object?.close());

test.skipIf(skip)('frames of every size arrive whole', async () => {
  await open('', 262144);
  await send(SIZES);
  expect(frames.map(({ bytes }) => bytes.length)).toEqual(SIZES);
  for (const [index, { view, bytes }] of frames.entries()) {
    expect(Buffer.compare(bytes, frame(SIZES[index]!))).toBe(0);
    expect(view.getUint32(RECORD.length.offset, true)).toBe(SIZES[index]);
    expect(view.getUint32(RECORD.netns.offset, true)).toBe(77);
    expect(view.getUint16(RECORD.deviceType.offset, true)).toBe(1);
    const name = Buffer.from(
      view.buffer,
      view.byteOffset + RECORD.ifname.offset,
      RECORD.ifname.size,
    );
    expect(name.toString('latin1')).toBe(NAME.padEnd(RECORD.ifname.size, '\0'));
  }
  expect([count('seen'), count('matched'), count('lost'), count('failed')]).toEqual([
    SIZES.length,
    SIZES.length,
    0,
    0,
  ]);
  object.close();
});

test.skipIf(skip)('snaplen is kept to, and what does not match is counted only', async () => {
  await open('len > 500', 100);
  await send(SIZES);
  const wanted = SIZES.filter((size) => size > 500);
  expect(frames.map(({ view }) => view.getUint32(RECORD.length.offset, true))).toEqual(wanted);
  expect(frames.every(({ bytes }) => bytes.length === 100)).toBe(true);
  expect([count('seen'), count('matched')]).toEqual([SIZES.length, wanted.length]);
});

test.skipIf(skip)('a full ring is counted as loss', async () => {
  await open('', 262144);
  const rounds = 4 * 1024 * 1024;
  const big = frame(3500);
  for (let sent = 0; sent < rounds; sent += 4096) object.program('hookdump_xdp').testRun(big);
  expect(count('lost')).toBeGreaterThan(0);
  expect(count('lost')).toBeLessThan(count('matched'));
});
