import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compile, type Program } from '@hookdump/filter';
import { afterAll, describe, expect, test } from 'vitest';
import { compileObject, findClang } from '../object/clang.ts';
import { clangArguments, type Target, targets } from '../object/flags.ts';
import { pruneDeclarations } from '../source/declarations/prune.ts';
import type { SourceOptions } from '../source/render.ts';
import { renderSources } from '../source/several.ts';
import { noClang, skips } from '../testing/harness.ts';
import { parseHook } from './index.ts';
import type { LinkType } from './types.ts';

/*
 * The C is for people: whoever has clang 14 or newer builds it, for any target, without a header of the
 * system and without a warning. All filters at a hook together, in one file, are checked for every
 * target by every clang; alone each is built at every second hook. Half of them are branch-free.
 */

const specs = [
  'tp_btf:netif_receive_skb',
  'tp_btf:net_dev_queue',
  'xdp',
  'tc:ingress',
  'tc:egress',
  'fentry:ip_rcv',
  'fexit:eth_type_trans',
  'fentry:prog/1',
  'fexit:prog/1',
  'fentry:prog/1@tc',
  'kprobe:ip_output@2',
  'raw_tp:kfree_skb',
  'tp:skb/kfree_skb',
  'uprobe:/bin/vpn/emit@1,2',
];

const hosts = (count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `10.${at & 255}.${(at * 7) & 255}.${(at * 13) & 255}`,
  ).join(' or ');

/** By kinds of what a filter can ask for. */
const filters: Readonly<Record<string, string>> = {
  everything: '',
  ports: 'tcp port 80 or udp portrange 5000-6000',
  addresses: 'not (host 10.0.0.1 or ip6 net fd00::/8)',
  hosts: `host (${hosts(120)})`,
  nets: 'net 10.0.0.0/8 or 172.16.0.0/12 or 192.168.0.0/16 or 100.64.0.0/10 or 169.254.0.0/16',
  numbers: 'port (22 or 25 or 53 or 80 or 110 or 143 or 443 or 993 or 995 or 8080)',
  chain: 'ip6 protochain 6',
  metadata: 'inbound and ifindex 3',
  arithmetic: 'ip[0] / ip[1] + (ip[2:2] << ip[3]) % 7 - len * 3 > 0xff & ip[4:4]',
  computed: 'tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420',
  far: 'ip[1400:4] = 0x7c and ip[70000] = 1',
  behind: 'mpls 1024 or icmp6 or sctp or less 60',
};

/** What only Ethernet has. */
const framed: Readonly<Record<string, string>> = {
  tags: 'vlan 5 and vlan 7 and tcp',
  stations: 'ether host 02:00:00:00:00:01 or ether multicast and not arp',
};

const compilers = ['clang', 'clang-19'].flatMap((HOOKDUMP_CLANG) => {
  const { error } = spawnSync(HOOKDUMP_CLANG, ['--version']);
  const reason = error === undefined ? noClang() : `no ${HOOKDUMP_CLANG}`;
  return skips(`C built by ${HOOKDUMP_CLANG}`, reason)
    ? []
    : [findClang({ ...process.env, HOOKDUMP_CLANG })];
});

/** Programs at probes read a processor's registers, which a byte order has not. */
const targetsOf = (spec: string): readonly Target[] =>
  /^[ku]probe:/.test(spec) ? ['x86_64', 'arm64'] : targets;
console.warn('left out: kprobe and uprobe for bpfel and bpfeb, which have no registers');

function programs(text: string, links: readonly LinkType[]): SourceOptions['programs'] {
  return Object.fromEntries(links.map((link) => [link, program(text, link)]));
}

function program(text: string, linkType: LinkType): Program {
  const compiled = compile(text, { linkType, linux: true, unsupported: 'no-match' });
  if (!compiled.ok) throw new Error(`${text}: ${JSON.stringify(compiled.diagnostics)}`);
  return compiled.program;
}

function sourcesOf(spec: string): readonly Required<SourceOptions>[] {
  const parsed = parseHook(spec);
  if (!parsed.ok) throw new Error(parsed.message);
  const links: readonly LinkType[] = parsed.hook.kind.mixesLinkTypes
    ? ['EN10MB', 'RAW']
    : ['EN10MB'];
  return Object.entries({ ...filters, ...framed }).map(([name, filter], at) => ({
    ...{ name, filter, hooks: [parsed.hook], programs: programs(filter, links) },
    target: targetsOf(spec)[(at >> 2) % targetsOf(spec).length]!,
    branchFree: (((at >> 1) ^ specs.indexOf(spec)) & 1) === 1,
  }));
}

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'hookdump-people-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(compilers.length === 0).each([...specs.entries()])('%i: %s', (index, spec) => {
  const sources = sourcesOf(spec);

  test('all filters in one file, for every target by every clang', async () => {
    const file = join(folder, `${spec.replace(/\W/g, '_')}.bpf.c`);
    const text = pruneDeclarations(renderSources(sources));
    expect(text).not.toMatch(/^\s*#\s*include/m);
    writeFileSync(file, text);
    for (const { path } of compilers) {
      for (const target of targetsOf(spec)) {
        const args = [...clangArguments(file, '/dev/null', target), '-fsyntax-only'];
        const { stdout, stderr } = await run(path, args);
        expect(stdout + stderr, `${path} ${target}`).toBe('');
      }
    }
  });

  test('half of them alone, each by one clang for one target', async () => {
    for (const [at, { name: _, ...source }] of sources.entries()) {
      if ((at ^ index) & 1) continue;
      const clang = compilers[(at >> 1) % compilers.length]!;
      const text = pruneDeclarations(renderSources([source]));
      const { object, log } = await compileObject(clang, text, source);
      expect([log, object.length > 1000], source.filter).toEqual(['', true]);
    }
  });
});
