import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECORD, RECORD_SIZE } from '@hookdump/codegen/record';
import { BpfObject, drain, records } from '@hookdump/loader';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import { build, findsPages, load, unavailable } from '../support/kernel/hook-objects.ts';
import { PAGED, rows, type Way } from '../support/kernel/hook-rows.ts';
import { countersOf, readStats, type Stats } from '../support/kernel/stats.ts';
import {
  COUNT,
  deleteNamespaces,
  frame,
  ip,
  left,
  MARK,
  makeNamespaces,
  PORT,
  send,
} from '../support/kernel/two-netns.ts';

/*
 * Every kind of hook sees packets of our own whose deciding bytes are far behind the linear part: in
 * pages, in a list of fragments put together, in front of `data`, without a link-layer header. Of
 * each size as many are sent that match as that don't.
 */
const skip = skips('hooks', noKernel() ?? (process.getuid?.() === 0 ? undefined : 'not root'));

beforeAll(() => {
  if (!skip) makeNamespaces();
});

afterAll(() => {
  if (!skip) deleteNamespaces();
});

/** What an object counted of the packets, or what kept it from the kernel. */
type Outcome = { readonly stats: Stats } | { readonly error: unknown };

/** By way, what the objects of its rows counted while packets went that way once. */
const outcomes = new Map<Way, Promise<ReadonlyMap<string, Outcome>>>();

async function watch(way: Way): Promise<ReadonlyMap<string, Outcome>> {
  const { to, payload } = way;
  const filter = `udp dst port ${PORT} and udp[${payload + 4}:4] = ${MARK} and len > ${payload}`;
  const found = new Map<string, Outcome>();
  const objects = new Map<string, BpfObject>();
  try {
    for (const [spec] of rows.filter(([, each]) => each === way)) {
      try {
        const object = await load(spec, filter);
        objects.set(spec, object);
        for (const name of object.programs) object.program(name).attach();
      } catch (error) {
        found.set(spec, { error });
      }
    }
    send(to, payload);
    for (const [spec, object] of objects) {
      if (!found.has(spec)) found.set(spec, { stats: readStats(object, 0) });
    }
    return found;
  } finally {
    for (const object of objects.values()) object.close();
  }
}

const cases = rows.map(([spec, way]) => ({ spec, way, ...way }));

test.skipIf(skip).for(cases)(
  '$spec, $payload bytes to $to',
  async ({ spec, way, payload }, context) => {
    if (!outcomes.has(way)) outcomes.set(way, watch(way));
    const outcome = (await outcomes.get(way)!).get(spec)!;
    if ('error' in outcome) {
      const reason = unavailable(spec, outcome.error);
      if (reason === undefined) throw outcome.error;
      return context.skip(reason);
    }
    const { matched, undecided, failed, unsupported } = outcome.stats;
    const reaches = payload < 1000 || findsPages(spec);
    if (!reaches) console.warn(`${spec}: this kernel does not tell where its pages are`);
    expect({ matched, undecided, failed, unsupported }).toEqual({
      matched: reaches ? COUNT : 0,
      undecided: reaches ? 0 : 2 * COUNT,
      failed: 0,
      unsupported: 0,
    });
  },
);

test.skipIf(skip)('xdp: bytes in the second and third buffer, len of all of them', async () => {
  for (const offset of [3000, 4091, 8000, 11_996]) {
    const filter = `ether[${offset}:4] = ${MARK} and len = 12000`;
    const object = BpfObject.open(await build('xdp', filter), { name: 'hooks_test' });
    try {
      object.load();
      const program = object.program('hookdump_xdp');
      program.testRun(frame(12_000, offset, MARK));
      program.testRun(frame(12_000, offset, MARK + 1));
      program.testRun(frame(11_999, offset - 1, MARK));
      expect(readStats(object, 0)).toMatchObject({ seen: 3, matched: 1, failed: 0, lost: 0 });
    } finally {
      object.close();
    }
  }
});

/** What `object` sends while `action` runs. */
async function recorded(object: BpfObject, action: () => void): Promise<Buffer[]> {
  const found: Buffer[] = [];
  const reader = drain(object.map('events'), {
    onBatch: (batch) => {
      for (const { data } of records(batch)) found.push(Buffer.from(data));
    },
  });
  action();
  await reader.flush();
  return found;
}

/** A program that runs, how it passes packets on as records have that, and a frame's size for it. */
const programs = [
  ['xdp', '', 2 /* XDP_PASS */, 12_000],
  ['tc:ingress', '@tc', -1 /* TC_ACT_UNSPEC */, 3000],
] as const;

const watched = programs.flatMap((each) =>
  (['fentry', 'fexit'] as const).map((k) => [k, ...each] as const),
);

test.skipIf(skip).for(watched)(
  '%s of a running %s program',
  async ([kind, spec, type, verdict, size], context) => {
    const running = BpfObject.open(await build(spec, 'ether[12:2] = 0x88b5'), { name: 'running' });
    let object: BpfObject | undefined;
    try {
      running.load();
      const target = running.program(running.programs[0]!);
      const { id } = target.info();
      const far = size - 8;
      try {
        object = await load(
          `${kind}:prog/${id}${type}`,
          `ether[${far}:4] = ${MARK} and len = ${size}`,
          {
            target: id,
            everywhere: true,
          },
        );
        for (const name of object.programs) object.program(name).attach();
      } catch (error) {
        const reason = unavailable(`${kind}:`, error);
        if (reason === undefined) throw error;
        return context.skip(reason);
      }
      const wanted = frame(size, far, MARK);
      const found = await recorded(object, () => {
        target.testRun(wanted);
        target.testRun(frame(size, far, MARK + 1));
      });
      expect(readStats(object, 0)).toMatchObject({ seen: 2, matched: 1, failed: 0, undecided: 0 });
      expect(found.length).toBe(1);
      expect(found[0]![RECORD.verdict.offset]).toBe(kind === 'fexit' ? verdict + 2 : 0);
      const captured = found[0]!.readUInt32LE(RECORD.captured.offset);
      expect(found[0]!.subarray(RECORD_SIZE, RECORD_SIZE + captured)).toEqual(wanted);
    } finally {
      object?.close();
      running.close();
    }
  },
);

test.skipIf(skip)('tc: by test run', async () => {
  for (const spec of ['tc:ingress', 'tc:egress']) {
    const way = spec === 'tc:ingress' ? 'inbound' : 'outbound';
    const object = BpfObject.open(
      await build(spec, `${way} and ether[2000:4] = ${MARK} and len = 2004`),
      {
        name: 'hooks_test',
      },
    );
    try {
      object.load();
      const program = object.program(object.programs[0]!);
      const found = await recorded(object, () => {
        for (const mark of [MARK, MARK + 1]) {
          const { retval, data } = program.testRun(frame(2004, 2000, mark));
          expect(retval | 0).toBe(-1);
          expect(Buffer.from(data)).toEqual(frame(2004, 2000, mark));
        }
      });
      expect(readStats(object, 0)).toMatchObject({ seen: 2, matched: 1, lost: 0 });
      expect(found.map((each) => each.subarray(RECORD_SIZE, RECORD_SIZE + 2004))).toEqual([
        frame(2004, 2000, MARK),
      ]);
    } finally {
      object.close();
    }
  }
});

interface TcFilter {
  readonly options?: { readonly prog?: { readonly id: number } };
}

test.skipIf(skip).each(['ingress', 'egress'])('tc %s: data in pages', async (way) => {
  const { to, payload } = PAGED;
  const folder = mkdtempSync(join(tmpdir(), 'hd-hooks-'));
  const tc = (...args: string[]): string => ip('netns', 'exec', left, 'tc', ...args);
  try {
    const filter = `udp dst port ${PORT} and udp[${payload + 4}:4] = ${MARK} and len > ${payload}`;
    const file = join(folder, 'filter.bpf.o');
    writeFileSync(file, await build(`tc:lo/${way}`, filter));
    tc('qdisc', 'add', 'dev', 'lo', 'clsact');
    tc(
      'filter',
      'add',
      'dev',
      'lo',
      way,
      'bpf',
      'direct-action',
      'object-file',
      file,
      'section',
      'tc',
    );
    const shown = JSON.parse(tc('-j', 'filter', 'show', 'dev', 'lo', way)) as TcFilter[];
    const id = shown.map(({ options }) => options?.prog?.id).find((each) => each !== undefined);
    send(to, payload);
    expect(countersOf(id!)).toMatchObject({ matched: COUNT });
  } finally {
    tc('qdisc', 'delete', 'dev', 'lo', 'clsact');
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(skip)('uprobe: a buffer in a process', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'hd-hooks-'));
  const binary = join(folder, 'sender');
  const length = 5000;
  writeFileSync(
    `${binary}.c`,
    `#include <string.h>
__attribute__((noinline)) long emit(int way, const unsigned char *packet, unsigned long length)
{
	__asm__ volatile("" ::: "memory");
	return packet[0] + length + way;
}
static unsigned char packet[${length}];
int main(void)
{
	packet[0] = 0x45;
	packet[9] = 17;
	for (int i = 0; i < 4; i++) {
		packet[20 + 3] = i == 0 ? 53 : 54;
		packet[${length} - 1] = i < 2 ? 7 : 8;
		emit(1, packet, ${length} - (i & 1));
	}
	return 0;
}
`,
  );
  execFileSync('cc', ['-O1', '-o', binary, `${binary}.c`]);
  let object: BpfObject | undefined;
  try {
    for (const [filter, matched] of [
      ['udp dst port 54', 3],
      [`ip[${length - 1}] = 7 and len = ${length}`, 1],
      [`not ip[${length - 1}] = 7`, 1],
      ['ip[0] = 0x45', 4],
    ] as const) {
      object = BpfObject.open(await build(`uprobe:${binary}/emit@1,2`, filter, 'RAW'), {
        name: 'hooks_test',
      });
      object.load();
      try {
        object.program(object.programs[0]!).attach();
      } catch (error) {
        const reason = unavailable('kprobe:', error);
        if (reason === undefined) throw error;
        return context.skip(reason);
      }
      const found = await recorded(object, () => execFileSync(binary));
      expect([filter, readStats(object, 0)]).toMatchObject([
        filter,
        { seen: 4, matched, failed: 0, lost: 0 },
      ]);
      expect(found.length).toBe(matched);
      for (const each of found) {
        const captured = each.readUInt32LE(RECORD.captured.offset);
        expect([captured, each[RECORD_SIZE]]).toEqual([expect.toBeOneOf([4999, 5000]), 0x45]);
      }
      object.close();
    }
  } finally {
    object?.close();
    rmSync(folder, { recursive: true });
  }
});
