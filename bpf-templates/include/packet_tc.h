/*
 * Access to a packet at tc: its linear part is read directly; what may lie in pages, or beyond the
 * packet's end, is left to the kernel.
 */
#pragma once
#include "access.h"
#include "helpers.h"

/* include/uapi/linux/bpf.h */
struct __sk_buff {
	__u32 len;
	__u32 pkt_type;
	__u32 mark;
	__u32 queue_mapping;
	__u32 protocol; /* big-endian */
	__u32 vlan_present;
	__u32 vlan_tci;
	__u32 vlan_proto; /* big-endian */
	__u32 priority;
	__u32 ingress_ifindex;
	__u32 ifindex;
	__u32 tc_index;
	__u32 cb[5];
	__u32 hash;
	__u32 tc_classid;
	__u32 data;
	__u32 data_end;
};

struct packet {
	const __u8 *start;
	const __u8 *end; /* of the linear part */
	struct __sk_buff *context;

	/* What ancillary_tc.h looks at beside. */
	__u32 device_type; /* ARPHRD_* */
	bool is_sent;
};

#include "direct.h"

/* At tc `data` is the frame's first byte, on both ways (cls_bpf_classify(), sch_handle_ingress()). */
static __always_inline __u64 length_of(struct packet *packet)
{
	return packet->context->len;
}

/* bpf_skb_load_bytes() takes no larger offset (net/core/filter.c); it refuses what is not there. */
#define MAX_SKB_OFFSET 0x7fffffff

/*
 * A number of `size` bytes, 8 at most, in the packet's order; negative: not the packet's. Global:
 * the verifier looks at it once, and not for each load.
 */
__noinline long long fetch_tc(struct __sk_buff *context, __u64 at, __u32 size)
{
	__u64 number = 0;

	/* What it is already: Linux 6.1's verifier learns nothing of `size` from a test of `size - 1`. */
	size = ((size - 1) & (sizeof(number) - 1)) + 1;
	if (at > MAX_SKB_OFFSET || bpf_skb_load_bytes(context, at, &number, size))
		return -1;
	return first_bytes(number, size);
}

static __always_inline long long fetch(struct packet *packet, __u64 at, __u32 size)
{
	return fetch_tc(packet->context, at, size);
}

#define fetch_number(packet, at, size) fetch(packet, at, size)

#define first_try(filter, packet) filter(packet, DIRECT)
