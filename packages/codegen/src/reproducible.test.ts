import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { noClang, skips } from './testing/harness.ts';

/** A process that builds objects with what is installed in a folder, and prints a digest of each. */
const script = `
import { createHash } from 'node:crypto';
import { compile } from '@hookdump/filter';
import { buildObject, parseHook } from './node_modules/@hookdump/codegen/dist/index.js';
const hosts = Array.from({ length: 20 }, (_, i) => 'host 10.0.0.' + i).join(' or ');
const cases = [
  ['tcp port 80 and host 10.0.0.1', ['tp_btf:netif_receive_skb', 'tp_btf:net_dev_queue'], 'EN10MB', 'RAW'],
  [hosts, ['xdp'], 'EN10MB'],
  ['len > 100 and ip[ip[0] & 15] = 3', ['kprobe:ip_rcv'], 'EN10MB', 'RAW'],
];
for (const [filter, hooks, ...links] of cases) {
  const { bytes, cached } = await buildObject({
    filter,
    hooks: hooks.map((spec) => parseHook(spec).hook),
    programs: Object.fromEntries(links.map((linkType) => [linkType, compile(filter, { linkType }).program])),
    target: 'x86_64',
  });
  console.log(createHash('sha256').update(bytes).digest('hex'), cached);
}
`;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const packages = ['packages/filter', 'packages/codegen', 'bpf-templates'];
const notBuilt = packages.slice(0, 2).find((each) => !existsSync(join(root, each, 'dist')));
const skip = skips(
  'reproducible objects',
  noClang() ?? (notBuilt === undefined ? undefined : `${notBuilt} is not built`),
);

const folder = mkdtempSync(join(tmpdir(), 'hd-codegen-same-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The packages as another checkout has them: other paths, other times. */
function install(name: string): string {
  const there = join(folder, name);
  for (const each of packages) {
    const to = join(there, 'node_modules/@hookdump', each.replace('packages/', ''));
    cpSync(join(root, each), to, {
      recursive: true,
      filter: (path) => !/\/(?:node_modules|src)$|\.(?:map|d\.ts)$/.test(path),
    });
  }
  const others = 'packages/filter/node_modules';
  symlinkSync(join(root, others), join(there, 'node_modules/@hookdump/filter/node_modules'));
  writeFileSync(join(there, 'digests.mjs'), script);
  return there;
}

function digests(there: string, environment: NodeJS.ProcessEnv): string[][] {
  const cwd = join(there, environment.TMPDIR ?? '.');
  mkdirSync(cwd, { recursive: true });
  const { PATH, HOOKDUMP_CLANG } = process.env;
  const output = execFileSync(process.execPath, [join(there, 'digests.mjs')], {
    cwd,
    env: {
      PATH,
      ...(HOOKDUMP_CLANG === undefined ? {} : { HOOKDUMP_CLANG }),
      ...environment,
      TMPDIR: cwd,
    },
    encoding: 'utf8',
  });
  return output
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}

test.skipIf(skip)(
  'the same bytes in another checkout, place, time zone and language',
  () => {
    const [here, there] = [install('one'), install('a second one, elsewhere')];
    const off = digests(here, { HOOKDUMP_CACHE: 'off', HOME: '/nowhere' });
    expect(off.map(([, cached]) => cached)).toEqual(['false', 'false', 'false']);
    const cache = { XDG_CACHE_HOME: join(folder, 'cache') };
    const cold = digests(there, { ...cache, TMPDIR: 'tmp dir', TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR' });
    const warm = digests(there, { ...cache, SOURCE_DATE_EPOCH: '1', CPATH: folder });
    expect(cold).toEqual(off);
    expect(warm).toEqual(off.map(([digest]) => [digest, 'true']));
    // What another checkout stored is not ours: its code may be another.
    expect(digests(here, cache)).toEqual(off);
  },
  120_000,
);
