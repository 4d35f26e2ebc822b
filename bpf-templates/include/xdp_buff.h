/*
 * A packet as a running XDP program has it: one buffer, or since Linux 5.18 several, of which all but
 * the first are pages, listed at the first one's end as those of an sk_buff are.
 */
#pragma once
#include "kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct xdp_rxq_info {
	struct net_device *dev;
	__u32 queue_index;
};

struct xdp_buff {
	void *data;
	void *data_end;
	void *data_hard_start;
	struct xdp_rxq_info *rxq;
	__u32 frame_sz;
	__u32 flags;
};
#pragma clang attribute pop

/* enum xdp_buff_flags of include/net/xdp.h */
#define XDP_FLAGS_HAS_FRAGS 1

/* What SKB_DATA_ALIGN() of include/linux/skbuff.h rounds up to, on x86_64 and arm64. */
#define SMP_CACHE_BYTES 64

/* xdp_get_shared_info_from_buff() of include/net/xdp.h */
static __always_inline __u64 xdp_shared_info(struct xdp_buff *xdp)
{
	__u64 size = type_size(struct skb_shared_info) + SMP_CACHE_BYTES - 1;

	return (__u64)xdp->data_hard_start + xdp->frame_sz - (size & -SMP_CACHE_BYTES);
}

static __always_inline __u32 xdp_linear(struct xdp_buff *xdp)
{
	return (__u64)xdp->data_end - (__u64)xdp->data;
}

/* Bytes in further buffers. */
static __always_inline __u32 xdp_paged(struct xdp_buff *xdp)
{
	__u32 size = 0;

	if (!field_exists(xdp->flags) || !(xdp->flags & XDP_FLAGS_HAS_FRAGS))
		return 0;
	bpf_probe_read_kernel(&size, sizeof(size),
			      &((struct skb_shared_info___xdp *)xdp_shared_info(xdp))->xdp_frags_size);
	return size;
}
