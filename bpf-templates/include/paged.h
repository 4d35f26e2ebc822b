/*
 * The bytes of an sk_buff behind its linear part: first those in pages (frags), then those of further
 * sk_buffs (frag_list: what GRO and IP reassembly joined), in the order of __skb_copy_bits() and
 * skb_copy_bits() of net/core/skbuff.c.
 */
#pragma once
#include "helpers.h"
#include "kernel.h"
#include "page_map.h"

/*
 * Pieces looked through before giving up. A frag each of MAX_SKB_FRAGS (17, up to 45) and the lists
 * that real packets have are within; each one costs the verifier the whole loop once more.
 */
#define MAX_PIECES 96

/* What load_pieces() gives if the bytes cannot be had. */
#define OUT_OF_REACH (-1LL)

/*
 * A frag: struct skb_frag since Linux 6.9, struct bio_vec before. Their fields have other names and
 * the same places, so that one call reads either.
 */
struct piece {
	__u64 page; /* a struct page's address; odd: memory of a device, not to be read */
	__u32 length;
	__u32 offset;
};

/* A field of something whose address is a number for the verifier; 0 where it cannot be read. */
#define probe(type, address, field) probe_number((__u64) & ((const type *)(address))->field,     \
						 sizeof(((type *)0)->field))

/* The number whose `size` bytes are the first of `number` in memory, the others being 0. */
static __always_inline __u64 first_bytes(__u64 number, __u32 size)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? number : number >> (64 - 8 * size);
}

static __always_inline __u64 probe_number(__u64 address, __u32 size)
{
	__u64 number = 0;

	bpf_probe_read_kernel(&number, size, (const void *)address);
	return first_bytes(number, size);
}

/*
 * The big-endian number in `size` bytes (1 to 4) from the byte `at` on, counted from the end of the
 * linear part; `shared`: the address of the struct skb_shared_info. A function of its own, with
 * numbers only, so that the verifier walks it once, however many loads call it.
 */
__attribute__((noinline)) long long load_pieces(__u64 shared, __u64 at, __u32 size)
{
	struct page_map map;

	if (!find_pages(&map))
		return OUT_OF_REACH;

	__u64 frag = shared + field_offset(struct skb_shared_info, frags);
	__u32 frags = probe(struct skb_shared_info, shared, nr_frags);
	__u64 next = (__u64)probe(struct skb_shared_info, shared, frag_list);
	__u64 value = 0;

#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < MAX_PIECES; i++) {
		__u64 address, length;

		if (frags > 0) {
			struct piece piece;

			if (bpf_probe_read_kernel(&piece, sizeof(piece), (const void *)frag) ||
			    piece.page & 1)
				return OUT_OF_REACH;
			address = address_of_page(&map, piece.page) + piece.offset;
			length = piece.length;
			frag += sizeof(piece);
			frags--;
		} else if (next) {
			__u64 head = (__u64)probe(struct sk_buff, next, head);

			shared = head + probe(struct sk_buff, next, end);
			frag = shared + field_offset(struct skb_shared_info, frags);
			frags = probe(struct skb_shared_info, shared, nr_frags);
			/* Lists in lists: nobody in the kernel makes them. */
			if (probe(struct skb_shared_info, shared, frag_list))
				return OUT_OF_REACH;
			address = (__u64)probe(struct sk_buff, next, data);
			length = probe(struct sk_buff, next, len) -
				 probe(struct sk_buff, next, data_len);
			next = (__u64)probe(struct sk_buff, next, next);
		} else {
			return OUT_OF_REACH;
		}
		if (at >= length) {
			at -= length;
			continue;
		}
		/* Byte by byte: a number may begin in one piece and end in another. */
#pragma clang loop unroll(disable)
		for (__u32 j = 0; j < sizeof(__u32) && size > 0 && at < length; j++) {
			__u8 byte;

			if (bpf_probe_read_kernel(&byte, sizeof(byte), (const void *)(address + at)))
				return OUT_OF_REACH;
			value = value << 8 | byte;
			at++;
			size--;
		}
		if (size == 0)
			return value & 0xffffffff;
		at = 0;
	}
	return OUT_OF_REACH;
}
