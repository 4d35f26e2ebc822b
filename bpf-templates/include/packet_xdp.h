/*
 * Access to a packet at XDP: its memory is read directly, and the verifier wants to see each access
 * compared with the end first. It follows offsets below 64 KiB only (MAX_PACKET_OFF of
 * kernel/bpf/verifier.c); a load further on rejects, and XDP buffers do not get there.
 */
#pragma once
#include "arithmetic.h"
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
	const __u8 *end;
	__u32 length;

	/* What ancillary_xdp.h looks at. */
	struct xdp_md *context;
	__u32 device_type; /* ARPHRD_* */
};

#define MAX_PACKET_OFF 0xffff

/* Whether the frame has at least `end` bytes. */
static __always_inline bool has(struct packet *packet, __u64 end)
{
	return end <= packet->length;
}

/* Where `size` bytes can be read; NULL if the frame ends before. */
static __always_inline const void *bytes(struct packet *packet, __u32 offset, __u32 size)
{
	if ((__u64)offset + size > MAX_PACKET_OFF || packet->start + offset + size > packet->end)
		return NULL;
	return packet->start + offset;
}

static __always_inline const void *bytes_at(struct packet *packet, __u64 at, __u32 size)
{
	opaque(at);
	if (at > MAX_PACKET_OFF - size)
		return NULL;
	const __u8 *first = packet->start + at;

	opaque(first);
	return first + size > packet->end ? NULL : first;
}

static __always_inline bool load8(struct packet *packet, __u32 offset, __u32 *value)
{
	const __u8 *loaded = bytes(packet, offset, 1);

	if (!loaded)
		return false;
	*value = *loaded;
	return true;
}

static __always_inline bool load16(struct packet *packet, __u32 offset, __u32 *value)
{
	const __u16 *loaded = bytes(packet, offset, 2);

	if (!loaded)
		return false;
	*value = from_be16(*loaded);
	return true;
}

static __always_inline bool load32(struct packet *packet, __u32 offset, __u32 *value)
{
	const __u32 *loaded = bytes(packet, offset, 4);

	if (!loaded)
		return false;
	*value = from_be32(*loaded);
	return true;
}

static __always_inline bool load8x(struct packet *packet, __u32 index, __u32 offset, __u32 *value)
{
	const __u8 *loaded = bytes_at(packet, (__u64)index + offset, 1);

	if (!loaded)
		return false;
	*value = *loaded;
	return true;
}

static __always_inline bool load16x(struct packet *packet, __u32 index, __u32 offset, __u32 *value)
{
	const __u16 *loaded = bytes_at(packet, (__u64)index + offset, 2);

	if (!loaded)
		return false;
	*value = from_be16(*loaded);
	return true;
}

static __always_inline bool load32x(struct packet *packet, __u32 index, __u32 offset, __u32 *value)
{
	const __u32 *loaded = bytes_at(packet, (__u64)index + offset, 4);

	if (!loaded)
		return false;
	*value = from_be32(*loaded);
	return true;
}
