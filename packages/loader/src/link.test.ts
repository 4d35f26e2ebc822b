import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { u32 } from '../test-support/bytes.ts';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { makeNetns, type TestNetns } from '../test-support/netns.ts';
import { testObject } from '../test-support/objects.ts';
import { listInterfaces } from './netns.ts';
import { BpfObject } from './object.ts';

const holder = fileURLToPath(new URL('../test-support/hold.mjs', import.meta.url));

/** How often watch_receive (0) or watch_xdp (1) ran. */
function count(object: BpfObject, key: 0 | 1): number {
  const values = object.map('percpu').lookupPerCpu(u32(key));
  return values.reduce((sum, value) => sum + new Uint32Array(value.slice(0, 4).buffer)[0]!, 0);
}

function exists(kind: 'prog' | 'link', id: number): boolean {
  if (kind === 'prog') return spawnSync('bpftool', ['prog', 'show', 'id', String(id)]).status === 0;
  const links = execFileSync('bpftool', ['-j', 'link'], { encoding: 'utf8' });
  return (JSON.parse(links) as { prog_id: number }[]).some((link) => link.prog_id === id);
}

describeBpf('links', () => {
  let netns: TestNetns;
  let out: number;
  let object: BpfObject;
  beforeAll(() => {
    netns = makeNetns();
    out = listInterfaces(netns.path).find(({ name }) => name === 'out')!.index;
    object = BpfObject.open(testObject('watch'));
    object.load();
  });
  afterAll(() => {
    object.close();
    netns.delete();
  });

  test('tp_btf runs while attached', () => {
    netns.ping(2);
    expect(count(object, 0)).toBe(0);
    const link = object.program('watch_receive').attach();
    netns.ping(5);
    link.close();
    link.close();
    expect(link.closed).toBe(true);
    const seen = count(object, 0);
    expect(seen).toBeGreaterThanOrEqual(10);
    netns.ping(2);
    expect(count(object, 0)).toBe(seen);
  });

  test('XDP in a namespace runs for what arrives there, and only while attached', () => {
    const link = object.program('watch_xdp').attachXdp(out, { netns: netns.path });
    netns.ping(5);
    expect(netns.run('ip link show out')).toContain('prog/xdp');
    link.close();
    const seen = count(object, 1);
    expect(seen).toBeGreaterThanOrEqual(5);
    netns.ping(2);
    expect(count(object, 1)).toBe(seen);
    expect(netns.run('ip link show out')).not.toContain('xdp');
  });

  test('refusals say what was tried', () => {
    const xdp = object.program('watch_xdp');
    expect(() => xdp.attachXdp(0)).toThrow(RangeError);
    expect(() => xdp.attachXdp(99999, { netns: netns.path })).toThrow(
      /can't attach watch_xdp to device 99999 of .*hdloader.*: .*\(EINVAL\)/,
    );
    const link = xdp.attachXdp(out, { netns: netns.path });
    expect(() => xdp.attachXdp(out, { netns: netns.path })).toThrow(/EBUSY/);
    link.close();
    expect(() => xdp.attachXdp(out, { netns: '/run/netns/hdloader-none' })).toThrow(
      /of \/run\/netns\/hdloader-none: .*ENOENT.*the network namespace can't be entered/,
    );
  });

  test('closing the object closes its links', () => {
    const other = BpfObject.open(testObject('watch'));
    other.load();
    const link = other.program('watch_xdp').attachXdp(out, { netns: netns.path });
    const { id } = other.program('watch_xdp').info();
    expect(exists('link', id)).toBe(true);
    other.close();
    expect(link.closed).toBe(true);
    expect(exists('link', id)).toBe(false);
    expect(netns.run('ip link show out')).not.toContain('xdp');
  });

  test('a process that is killed leaves nothing behind', async () => {
    const work = mkdtempSync(join(tmpdir(), 'hookdump-loader-'));
    const file = join(work, 'watch.o');
    writeFileSync(file, testObject('watch'));
    const child = spawn(process.execPath, [holder, file, netns.path, String(out)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const ids = JSON.parse(line.toString()) as number[];
    expect(ids).toHaveLength(2);
    for (const id of ids) expect([exists('prog', id), exists('link', id)]).toEqual([true, true]);
    expect(netns.run('ip link show out')).toContain('prog/xdp');

    child.kill('SIGKILL');
    await once(child, 'exit');
    // The kernel frees programs after a grace period.
    const gone = (): boolean => ids.every((id) => !exists('prog', id) && !exists('link', id));
    for (let i = 0; i < 50 && !gone(); i++) await sleep(100);
    expect(gone()).toBe(true);
    expect(netns.run('ip link show out')).not.toContain('xdp');
    rmSync(work, { recursive: true });
  });
});
