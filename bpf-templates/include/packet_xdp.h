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

/*
 * A number of `size` bytes, 8 at most, in the packet's order; negative: not the packet's. Global:
 * the verifier looks at it once, and not for each load.
 */
__noinline long long fetch_xdp(struct xdp_md *context, __u64 at, __u32 size)
{
	__u64 number = 0;

	/* What it is already: Linux 6.1's verifier learns nothing of `size` from a test of `size - 1`. */
	size = ((size - 1) & (sizeof(number) - 1)) + 1;
	if (at > MAX_PACKET_OFF || bpf_xdp_load_bytes(context, at, &number, size))
		return -1;
	return first_bytes(number, size);
}

static __always_inline long long fetch(struct packet *packet, __u64 at, __u32 size)
{
	return fetch_xdp(packet->context, at, size);
}

#define fetch_number(packet, at, size) fetch(packet, at, size)

#define first_try(filter, packet) filter(packet, DIRECT)
