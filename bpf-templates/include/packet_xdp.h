/*
 * Access to a packet at XDP: its memory is read directly; what may lie beyond the first buffer, or
 * beyond the packet's end, is left to the kernel.
 */
#pragma once
#include "access.h"
#include "helpers.h"

/* include/uapi/linux/bpf.h */
struct xdp_md {
	__u32 data;
	__u32 data_end;
	__u32 data_meta;
	__u32 ingress_ifindex;
	__u32 rx_queue_index;
};

struct packet {
	const __u8 *start;
	const __u8 *end; /* of the first buffer */
	struct xdp_md *context;
	__u32 device_type; /* ARPHRD_* */
};

#include "direct.h"

/* Of all buffers: the program's section says that it knows of several (xdp.frags). */
static __always_inline __u64 length_of(struct packet *packet)
{
	return bpf_xdp_get_buff_len(packet->context);
}

static __always_inline bool fetch(struct packet *packet, __u64 at, __u32 size, void *to)
{
	return at <= MAX_PACKET_OFF && bpf_xdp_load_bytes(packet->context, at, to, size) == 0;
}

#define first_try(filter, packet) filter(packet, DIRECT)
