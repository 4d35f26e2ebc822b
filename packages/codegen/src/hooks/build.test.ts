import { spawnSync } from 'node:child_process';
import { compile, type Program } from '@hookdump/filter';
import { afterEach, expect, test, vi } from 'vitest';
import { buildObject } from '../build-object.ts';
import type { Target } from '../object/flags.ts';
import { noClang, skips } from '../testing/harness.ts';
import { parseHook } from './index.ts';
import type { LinkType } from './types.ts';

/*
 * Every template builds without a warning, with the oldest clang and with a new one, for every target
 * that it has. That the kernel takes the objects is test/kernel's to show.
 */
const specs = [
  'tp_btf:netif_receive_skb',
  'xdp',
  'tc:ingress',
  'tc:egress',
  'fentry:ip_rcv',
  'fentry:prog/1',
  'fexit:prog/1@tc',
  'kprobe:ip_output@2',
  'raw_tp:kfree_skb',
  'tp:skb/kfree_skb',
  'uprobe:/bin/vpn/emit@1,2',
];

/** Asks for everything that strategies and ancillary headers have. */
const filter =
  'ip6 host fd00::1 or vlan 5 or inbound or tcp port 80 or ether[4000:4] = len or ifindex 3';

afterEach(() => {
  vi.unstubAllEnvs();
});

const compilers = ['clang', 'clang-19'].filter((clang) => {
  const { error } = spawnSync(clang, ['--version']);
  return !skips(`objects by ${clang}`, error === undefined ? noClang() : `no ${clang}`);
});
const rows = compilers.flatMap((clang) => specs.map((spec) => [spec, clang] as const));

function program(linkType: LinkType): Program {
  // Raw IP has no tags and no Ethernet header.
  const text = linkType === 'RAW' ? 'inbound or tcp port 80 or ip[4000:4] = len' : filter;
  const compiled = compile(text, { linkType, linux: true });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.program;
}

test.skipIf(rows.length === 0).each(rows)('%s by %s', async (spec, clang) => {
  vi.stubEnv('HOOKDUMP_CLANG', clang);
  const parsed = parseHook(spec);
  if (!parsed.ok) throw new Error(parsed.message);
  const links: readonly LinkType[] = parsed.hook.kind.mixesLinkTypes
    ? ['EN10MB', 'RAW']
    : ['EN10MB'];
  const programs = Object.fromEntries(links.map((link) => [link, program(link)]));
  const probes = /^(kprobe|uprobe):/.test(spec);
  // Registers are those of a processor: where only the byte order is known there are none.
  const others: readonly Target[] = probes ? ['x86_64', 'arm64'] : ['x86_64', 'bpfeb'];
  for (const target of others) {
    const { bytes } = await buildObject({
      ...{ filter, hooks: [parsed.hook], programs, target, cache: false },
    });
    expect(bytes.length).toBeGreaterThan(1000);
  }
});
