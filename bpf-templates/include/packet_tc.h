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

static __always_inline bool fetch(struct packet *packet, __u64 at, __u32 size, void *to)
{
	return at <= MAX_SKB_OFFSET && bpf_skb_load_bytes(packet->context, at, to, size) == 0;
}

#define first_try(filter, packet) filter(packet, DIRECT)
