import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileObject, findClang } from '../../../packages/codegen/src/object/clang.ts';
import { sh } from '../lab.ts';

/** A VLAN tag: the EtherType that says so, and priority, drop and id bits. */
export interface Tag {
  readonly protocol: 0x8100 | 0x88a8;
  readonly tci: number;
}

/** The mark of a packet that is to get the tag; 0: none. */
export const markOf = (tag: Tag | undefined): number =>
  tag === undefined ? 0 : ((tag.protocol === 0x8100 ? 0x10000 : 0x20000) | tag.tci) >>> 0;

/**
 * Gives each packet that leaves the device the tag that its mark asks for, in metadata: before
 * the tracepoint net_dev_queue (__dev_queue_xmit() of net/core/dev.c), where a packet socket has no
 * way to put one. The device has a clsact qdisc.
 */
export async function tagByMark(netns: string, device: string): Promise<void> {
  const { object } = await compileObject(findClang(), program);
  const folder = mkdtempSync(join(tmpdir(), 'hookdump-tagger-'));
  try {
    const file = join(folder, 'tagger.bpf.o');
    writeFileSync(file, object);
    const filter = ['pref', '1', 'bpf', 'direct-action', 'object-file', file, 'section', 'tc'];
    sh('tc', '-n', netns, 'filter', 'add', 'dev', device, 'egress', ...filter);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The start of struct __sk_buff, and helper 18 (include/uapi/linux/bpf.h). It returns TC_ACT_UNSPEC:
 * the next filter's turn.
 */
const program = `
typedef unsigned short u16;
typedef unsigned int u32;

struct __sk_buff {
	u32 len;
	u32 pkt_type;
	u32 mark;
};

static long (*const bpf_skb_vlan_push)(void *skb, u16 protocol, u16 tci) = (void *)18;

__attribute__((section("tc"), used)) int tag(struct __sk_buff *skb)
{
	u32 mark = skb->mark;

	skb->mark = 0;
	if (mark & 0x30000)
		bpf_skb_vlan_push(skb, __builtin_bswap16(mark & 0x10000 ? 0x8100 : 0x88a8), mark);
	return -1;
}

char LICENSE[] __attribute__((section("license"), used)) = "GPL";
`;
