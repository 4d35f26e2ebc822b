// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Drops what the filter matches, before the kernel makes an sk_buff of it, and counts it.
 *
 *   hookc --template drop.bpf.c --hook xdp -o drop.bpf.o 'udp port 53 and not src host 10.0.0.1'
 *   ip link set dev eth0 xdp obj drop.bpf.o sec xdp
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "hookdump.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} dropped SEC(".maps");

SEC("xdp")
int drop(struct xdp_md *context)
{
	__u32 key = 0;
	__u64 *count;

	if (!filter(context))
		return XDP_PASS;
	count = bpf_map_lookup_elem(&dropped, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
