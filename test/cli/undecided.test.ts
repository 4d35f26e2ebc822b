import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureMissing, hookdump, Lab, pause, Running, sh } from '../support/lab.ts';

/*
 * On a kernel that lends no dynptr and keeps its pages' places to itself, a filter cannot look into
 * pages: such packets are not shown, and their number is. No kernel here is like that, and so the C is
 * told so by the compiler that builds it.
 */
const missing = captureMissing();
const folder = mkdtempSync(join(tmpdir(), 'hookdump-undecided-'));
const clang = join(folder, 'clang');

let lab: Lab;
beforeAll(() => {
  if (missing !== undefined) return;
  lab = new Lab('undecided');
  writeFileSync(
    clang,
    `#!/bin/sh
sed -i -e 's/kernel_is_at_least(6, 12) && bpf_dynptr_from_skb/false/' \\
  -e 's/map->memory = page_map.memory/map->memory = 0/' filter.bpf.c
exec ${sh('which', 'clang').trim()} "$@"
`,
    { mode: 0o755 },
  );
});
afterAll(() => {
  lab?.close();
  rmSync(folder, { recursive: true });
});

/** Datagrams to itself, too large for the linear part: of each, byte 50,000 is 1. */
const send = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
for _ in range(3): s.sendto(bytes([1]) * 60000, ("127.0.0.1", 7099))
`;

test.each([
  [
    'out of reach',
    clang,
    0,
    '3 packets not decided: the filter asks for bytes that are not in the linear part',
  ],
  ['within reach', undefined, 3, '3 packets received by filter'],
] as const)('pages %s', async (_, compiler, shown, said) => {
  if (missing !== undefined) return console.warn(`skipped: ${missing}`);
  const env = {
    ...process.env,
    HOOKDUMP_CACHE: 'off',
    ...(compiler !== undefined && { HOOKDUMP_CLANG: compiler }),
  };
  const args = [hookdump, '--netns', lab.a.netns, '-i', 'lo', 'udp[50000] = 1'];
  const ours = new Running(process.execPath, args, env);
  await ours.says('listening on');
  lab.run(lab.a, 'python3', '-c', send);
  await pause(500);
  expect(await ours.stop()).toBe(0);
  expect(ours.stdout.split('\n').filter((line) => line !== '')).toHaveLength(shown);
  expect(ours.stderr).toContain(said);
  expect(ours.stderr.includes('not decided')).toBe(compiler !== undefined);
});
