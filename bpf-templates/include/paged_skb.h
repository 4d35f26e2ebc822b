/* Bytes of an sk_buff of which some are behind its linear part, by the best way that the hook has. */
#pragma once
#include "helpers.h"
#include "kernel.h"
#include "kernel_version.h"
#include "paged.h"

#ifdef SKB_TRUSTED
struct bpf_dynptr {
	__u64 opaque[2];
} __attribute__((aligned(8)));

/* net/core/filter.c; tp_btf may call it since Linux 6.12. */
extern int bpf_dynptr_from_skb(struct sk_buff *skb, __u64 flags,
			       struct bpf_dynptr *dynptr) __ksym __weak;
#endif

#ifndef SHARED_INFO
#define SHARED_INFO(skb) ((__u64)read_field(skb, head) + read_field(skb, end))
#endif

/* As load_pieces() of paged.h. */
static __always_inline long long load_behind_linear(struct sk_buff *skb, __u64 at, __u64 size)
{
#ifdef SKB_TRUSTED
	/* The verifier refuses the call where it is not allowed, but not in code that never runs. */
	if (kernel_is_at_least(6, 12) && bpf_dynptr_from_skb) {
		struct bpf_dynptr dynptr;
		__u32 value = 0;
		__u64 offset = skb->len - skb->data_len + at;

		opaque(size);
		if (size > sizeof(value) || offset > skb->len ||
		    bpf_dynptr_from_skb(skb, 0, &dynptr) ||
		    bpf_dynptr_read(&value, size, &dynptr, offset, 0))
			return OUT_OF_REACH;
		return from_be32(value) >> (32 - 8 * size);
	}
#endif
	return load_pieces(SHARED_INFO(skb), at, size);
}
