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
 * Pieces looked through before giving up: a frag each of MAX_SKB_FRAGS (17, up to 45) and the lists
 * that real packets have are within.
 */
#define MAX_PIECES 1024

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

/*
 * A field of something whose address is a number for the verifier; 0 where it cannot be read. By a
 * call: read in place, fields keep the verifier of Linux 6.12 busy until it gives up.
 */
#define probe(type, address, field) probe_field((const type *)(address), field)

/* A search for bytes, from one piece to the next. */
struct search {
	struct page_map map;
	__u64 frag; /* the address of the next one, */
	__u64 frags; /* and how many there are */
	__u64 next; /* the address of the next sk_buff; 0: none */
	__u64 at; /* of the next byte wanted, from the next piece's first */
	__u64 size; /* of what is wanted still: 0 where all was found */
	__u64 value; /* of what was found */
};

/*
 * The same number, of which the verifier knows nothing any more (swapped, it may be any): what it knew
 * would be something else at each step, and it would walk them all.
 */
static __always_inline __u64 unknown(__u64 number)
{
	number = __builtin_bswap64(number);
	opaque(number);
	return __builtin_bswap64(number);
}

/* The next piece; 0: there is none, or it cannot be read. */
static __always_inline __u64 next_piece(struct search *search, __u64 *length)
{
	if (search->frags > 0) {
		struct piece piece;

		if (bpf_probe_read_kernel(&piece, sizeof(piece), (const void *)search->frag) ||
		    piece.page & 1)
			return 0;
		search->frag += sizeof(piece);
		search->frags = unknown(search->frags - 1);
		*length = piece.length;
		return address_of_page(&search->map, piece.page) + piece.offset;
	}
	__u64 next = search->next;

	if (!next)
		return 0;
	__u64 head = (__u64)probe(struct sk_buff, next, head);
	__u64 shared = head + probe(struct sk_buff, next, end);

	search->frag = shared + field_offset(struct skb_shared_info, frags);
	search->frags = probe(struct skb_shared_info, shared, nr_frags);
	search->next = (__u64)probe(struct sk_buff, next, next);
	/* Lists in lists: nobody in the kernel makes them. */
	if (probe(struct skb_shared_info, shared, frag_list))
		return 0;
	*length = probe(struct sk_buff, next, len) - probe(struct sk_buff, next, data_len);
	return (__u64)probe(struct sk_buff, next, data);
}

/* bpf_loop's step: 1 to stop. */
static long look_into(__u32 turn, void *context)
{
	struct search *search = context;
	__u64 length = 0;
	__u64 address = next_piece(search, &length);
	__u64 at = search->at;

	(void)turn;
	if (!address)
		return 1;
	if (at >= length) {
		search->at = at - length;
		return 0;
	}
	/* A number may begin in one piece and end in another. */
	__u64 part = length - at < search->size ? length - at : search->size;
	__u64 bytes = ((part - 1) & 3) + 1;
	__u32 number = 0;

	if (bpf_probe_read_kernel(&number, bytes, (const void *)(address + at)))
		return 1;
	search->value = search->value << 8 * bytes | from_be32(number) >> (32 - 8 * bytes);
	search->size = unknown(search->size - part);
	search->at = 0;
	return search->size == 0;
}

/*
 * The big-endian number in `size` bytes (1 to 4) from the byte `at` on, counted from the end of the
 * linear part; `shared`: the address of the struct skb_shared_info. A function of its own, with
 * numbers only, so that the verifier walks it once, however many loads call it.
 */
__attribute__((noinline)) long long load_pieces(__u64 shared, __u64 at, __u32 size)
{
	struct search search = { .at = at, .size = size };

	if (!enumerator_exists(enum bpf_func_id, BPF_FUNC_loop) || !find_pages(&search.map))
		return OUT_OF_REACH;
	search.frag = shared + field_offset(struct skb_shared_info, frags);
	search.frags = probe(struct skb_shared_info, shared, nr_frags);
	search.next = (__u64)probe(struct skb_shared_info, shared, frag_list);
	bpf_loop(MAX_PIECES, look_into, &search, 0);
	return search.size ? OUT_OF_REACH : (long long)(search.value & 0xffffffff);
}
