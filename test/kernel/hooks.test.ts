import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildObject, type LinkType, parseHook } from '@hookdump/codegen';
import { RECORD, RECORD_SIZE } from '@hookdump/codegen/record';
import { compile, type Program } from '@hookdump/filter';
import { BpfObject, drain, EnvironmentError, LoadError, pageMap, records } from '@hookdump/loader';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import { readStats, type Stats } from '../support/kernel/stats.ts';

/*
 * Every kind of hook sees packets of our own whose deciding bytes are far behind the linear part: in
 * pages, in a list of fragments put together, in front of `data`, without a link-layer header. Of
 * each size as many are sent that match as that don't.
 */
const skip = skips('hooks', noKernel() ?? (process.getuid?.() === 0 ? undefined : 'not root'));

const [left, right] = ['l', 'r'].map((side) => `hd-hooks-${process.pid}-${side}`) as [
  string,
  string,
];
const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

beforeAll(() => {
  if (skip) return;
  ip('netns', 'add', left);
  ip('netns', 'add', right);
  ip('link', 'add', 'v', 'netns', left, 'type', 'veth', 'peer', 'name', 'v', 'netns', right);
  [left, right].forEach((netns, index) => {
    ip('-n', netns, 'link', 'set', 'lo', 'up');
    ip('-n', netns, 'address', 'add', `10.78.0.${index + 1}/24`, 'dev', 'v');
    ip('-n', netns, 'link', 'set', 'v', 'up');
  });
  // The neighbours are found before a test counts.
  send('10.78.0.2', 100);
});

afterAll(() => {
  if (skip) return;
  for (const netns of [left, right]) ip('netns', 'delete', netns);
});

const COUNT = 4;
const MARK = 0xfeedbeef;
const PORT = 7077;

/**
 * Sends COUNT datagrams that end with the mark and as many that end otherwise; waits until they are
 * received. One process does both, so that nobody sends before somebody listens; os.setns() came to
 * Python with 3.12, hence ctypes.
 */
function send(to: string, payload: number): void {
  const netns = to.startsWith('127.') ? left : right;
  const script = `
import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)
def enter(netns):
    with open("/run/netns/" + netns) as file:
        if libc.setns(file.fileno(), 0): raise OSError(ctypes.get_errno(), "setns")
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
enter("${netns}")
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
receiver.bind(("${to}", ${PORT}))
receiver.settimeout(60)
enter("${left}")
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 1 << 24)
for i in range(${2 * COUNT}):
    end = (${MARK} + i % 2).to_bytes(4, "big")
    sender.sendto(bytes(${payload} - 4) + end, ("${to}", ${PORT}))
    receiver.recv(65536)
`;
  execFileSync('python3', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Where the kernel's pages are, if /proc/kcore tells; tp_btf objects get it from there. */
const map = pageMap();
/** Whether the kernel's symbols tell (CONFIG_KALLSYMS_ALL), which the other objects look up. */
const tellsPages = / page_offset_base$/m.test(readFileSync('/proc/kallsyms', 'utf8'));
const release = readFileSync('/proc/sys/kernel/osrelease', 'utf8');
const atLeast = (major: number, minor: number): boolean => {
  const [a = 0, b = 0] = release.split('.').map(Number);
  return a > major || (a === major && b >= minor);
};

interface Way {
  readonly to: string;
  /** Bytes of payload. */
  readonly payload: number;
}

/** One sk_buff: head and pages. */
const PAGED: Way = { to: '127.0.0.1', payload: 60_000 };
/** In 21 fragments, which the receiver puts together as a list of sk_buffs. */
const LISTED: Way = { to: '10.78.0.2', payload: 30_000 };
const SMALL: Way = { to: '10.78.0.2', payload: 100 };
const SMALL_LOCAL: Way = { to: '127.0.0.1', payload: 100 };

/** By kind, functions where the packet is as the comment says. */
const rows: readonly (readonly [spec: string, way: Way])[] = [
  // A frame, `data` behind its Ethernet header.
  ['tp_btf:netif_receive_skb', PAGED],
  ['raw_tp:netif_receive_skb', SMALL],
  ['raw_tp:netif_receive_skb', PAGED],
  ['tp:net/netif_receive_skb', SMALL],
  ['tp:net/netif_receive_skb', PAGED],
  // A frame that begins at `data`.
  ['tp:net/net_dev_queue', SMALL],
  ['fentry:dev_hard_start_xmit', SMALL],
  ['kprobe:dev_hard_start_xmit', SMALL],
  // At the IP header, with an Ethernet header in front.
  ['kprobe:ip_rcv', PAGED],
  ['fentry:ip_rcv', PAGED],
  ['fexit:eth_type_trans', PAGED],
  // No Ethernet header yet, the device not known yet.
  ['kprobe:ip_output@2', SMALL],
  ['fentry:ip_output@2', SMALL_LOCAL],
  ['fentry:ip_output@2', PAGED],
  // At the UDP header.
  ['kprobe:udp_rcv', SMALL],
  ['kprobe:udp_rcv', LISTED],
  ['fentry:udp_rcv', LISTED],
];

const u32 = (...numbers: number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);

/** @param link what the packets of a hook of one link type are */
async function build(spec: string, filter: string, link: LinkType = 'EN10MB'): Promise<Uint8Array> {
  const parsed = parseHook(spec);
  if (!parsed.ok) throw new Error(`${parsed.message}; ${parsed.hint}`);
  const { hook } = parsed;
  const program = (linkType: string): Program => {
    const compiled = compile(filter, { linkType, linux: true });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
    return compiled.program;
  };
  const links: readonly LinkType[] = hook.kind.mixesLinkTypes ? ['EN10MB', 'RAW'] : [link];
  const programs = Object.fromEntries(links.map((each) => [each, program(each)]));
  return (await buildObject({ filter, hooks: [hook], programs })).bytes;
}

/** Confined to our namespaces, if not `everywhere`; `target`: the id of a program to attach to. */
async function load(
  spec: string,
  filter: string,
  { target, everywhere }: { target?: number; everywhere?: boolean } = {},
): Promise<BpfObject> {
  const object = BpfObject.open(await build(spec, filter), { name: 'hooks_test' });
  const targets = new Uint8Array(128);
  targets.set(u32(...[left, right].flatMap((netns) => [statSync(`/run/netns/${netns}`).ino, 0])));
  object.setGlobal('targets', targets);
  object.setGlobal('target_count', u32(everywhere ? 0 : 2));
  if (map !== undefined && spec.startsWith('tp_btf')) {
    object.setGlobal('page_map', new Uint8Array(BigUint64Array.of(map.memory, map.pages).buffer));
  }
  if (target !== undefined) object.setTarget(object.programs[0]!, target);
  try {
    object.load();
  } catch (error) {
    object.close();
    throw error;
  }
  return object;
}

/** Whether this kernel refuses the kind as such: tells why. */
function unavailable(spec: string, error: unknown): string | undefined {
  if (!(error instanceof EnvironmentError || error instanceof LoadError)) return undefined;
  const [, kind] = /^(kprobe|fentry|fexit):/.exec(spec) ?? [];
  // The development machine's kernel has none of these; Debian's have all.
  if (kind === undefined || release.includes('amd64')) return undefined;
  return `this kernel refuses ${kind} (${/\((E[A-Z]+)\)/.exec(error.message)?.[1]})`;
}

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
    const told = spec.startsWith('tp_btf') ? map !== undefined || atLeast(6, 12) : tellsPages;
    const reaches = payload < 1000 || told;
    if (!reaches) console.warn(`${spec}: this kernel does not tell where its pages are`);
    expect({ matched, undecided, failed, unsupported }).toEqual({
      matched: reaches ? COUNT : 0,
      undecided: reaches ? 0 : 2 * COUNT,
      failed: 0,
      unsupported: 0,
    });
  },
);

/** A frame of which the filter `ether[OFFSET:4] = MARK` takes one of two. */
function frame(length: number, offset: number, mark: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt16BE(0x88b5, 12);
  bytes.writeUInt32BE(mark, offset);
  return bytes;
}

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

/** The counters of a program that somebody else loaded, by bpftool. */
function countersOf(id: number): Record<string, number> {
  const bpftool = <T>(...args: string[]): T =>
    JSON.parse(execFileSync('bpftool', ['-j', ...args], { encoding: 'utf8' })) as T;
  const { map_ids } = bpftool<{ map_ids: number[] }>('prog', 'show', 'id', `${id}`);
  const stats = map_ids.find(
    (map) => bpftool<{ name: string }>('map', 'show', 'id', `${map}`).name === 'stats',
  );
  type Entry = { formatted: { values: { value: Record<string, number> }[] } };
  const [entry] = bpftool<Entry[]>('map', 'dump', 'id', `${stats}`);
  const sums: Record<string, number> = {};
  for (const { value } of entry!.formatted.values) {
    for (const [name, count] of Object.entries(value)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

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
