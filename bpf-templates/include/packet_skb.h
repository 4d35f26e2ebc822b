/*
 * Access to a packet in an sk_buff of the kernel. Its memory is read by plain loads where the kernel
 * lets a program say what a pointer points at (bpf_rdonly_cast), else from a copy of the leading
 * bytes that one call of a helper puts on the stack.
 *
 * Either way nothing is read beyond the linear part but what paged_skb.h finds: what follows it in
 * memory is not the packet, and would both give wrong answers and leak kernel memory.
 */
#pragma once
#include "access.h"
#include "helpers.h"
#include "kernel.h"
#include "kernel_version.h"
#include "paged_skb.h"

/* For kprobes too: nothing here reads a field of `skb`. */
struct packet {
	const unsigned char *start; /* the frame's first byte, in kernel memory */
	__u32 length; /* of the frame */
	__u32 linear; /* bytes of it that lie at `start` in one piece; the others are in pages */
	const __u8 *bytes; /* its leading bytes, `near` of them, where plain loads may read them */
	__u32 near;
	bool undecided; /* the filter asked for bytes that are in pages, out of reach */
	bool failed; /* kernel memory could not be read */
	struct sk_buff *skb;

	/*
	 * The VLAN tag that stands in the bytes, four of them, with the EtherType of what follows behind
	 * it, and that the filter is to see as ancillary data; NULL: none. The frame's addresses are then
	 * four bytes further in front than `start` says.
	 */
	const unsigned char *untagged;
	bool is_sent;
};

/*
 * Room for the window. The stack may be read in aligned numbers only: with the two bytes in front,
 * the headers behind an Ethernet header stand where a word of them is one load.
 */
struct window {
	__u8 align[2];
	__u8 bytes[WINDOW > 0 ? WINDOW : 8];
} __attribute__((aligned(8)));

#define ADDRESSES (2 * ETH_ALEN)

/* Whether the filter, which rejected, did so because it could not look at bytes that are in pages. */
static __always_inline bool is_undecided(struct packet *packet)
{
	return packet->undecided;
}

static __always_inline __u64 length_of(struct packet *packet)
{
	return packet->length;
}

static __always_inline const unsigned char *addresses_of(struct packet *packet)
{
	return packet->untagged ? packet->start - VLAN_HLEN : packet->start;
}

/* What read_linear() gives if not a number. */
enum { BEYOND_END = -1, BEYOND_LINEAR = -2, UNREADABLE = -3 };

/*
 * The number in `size` (1, 2, 4) bytes at `at`, in the packet's byte order; `lengths`: length << 32 |
 * linear. A function for all, with numbers only, because the verifier then walks it once for the
 * object: what it knows of the numbers here it would take to every load that follows.
 */
__attribute__((noinline)) long long read_linear(__u64 start, __u64 lengths, __u64 at, __u64 size,
						__u64 is_untagged)
{
	__u64 linear = (__u32)lengths;
	__u64 number = 0;
	long failed = 0;

	if (at + size > lengths >> 32)
		return BEYOND_END;
	if (at + size > linear)
		return BEYOND_LINEAR;
	if (is_untagged && at < ADDRESSES) {
		/* Part by part: these bytes may be the last of the addresses. */
		for (__u32 i = 0; i < sizeof(__u32); i++) {
			__u64 hidden = at + i < ADDRESSES ? VLAN_HLEN : 0;

			if (i < size)
				failed |= bpf_probe_read_kernel((__u8 *)&number + i, 1,
								(void *)(start + at + i - hidden));
		}
		if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
			number >>= 8 * (sizeof(number) - size);
		return failed ? UNREADABLE : (long long)number;
	}
	union {
		__u8 byte;
		__u16 half;
		__u32 word;
	} read = {};
	const void *from = (const void *)(start + at);

	if (size == sizeof(read.byte)) {
		failed = bpf_probe_read_kernel(&read.byte, sizeof(read.byte), from);
		number = read.byte;
	} else if (size == sizeof(read.half)) {
		failed = bpf_probe_read_kernel(&read.half, sizeof(read.half), from);
		number = read.half;
	} else {
		failed = bpf_probe_read_kernel(&read.word, sizeof(read.word), from);
		number = read.word;
	}
	return failed ? UNREADABLE : (long long)number;
}

/* An address that is no pointer for the verifier, as a function of all wants it: swapped, it is none. */
static __always_inline __u64 number_of(const void *pointer)
{
	__u64 number = __builtin_bswap64((__u64)pointer);

	opaque(number);
	return __builtin_bswap64(number);
}

static __always_inline long long read_number(struct packet *packet, __u64 at, __u32 size)
{
	return read_linear(number_of(packet->start), (__u64)packet->length << 32 | packet->linear, at, size,
			   packet->untagged != NULL);
}

/* Byte by byte: some may be linear. */
static __always_inline bool fetch_spread_bytes(struct packet *packet, __u64 at, __u32 size,
					       __u8 *to)
{
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < sizeof(__u32) && i < size; i++) {
		long long byte = read_number(packet, at + i, 1);

		if (byte == BEYOND_LINEAR)
			byte = load_behind_linear(packet->skb, at + i - packet->linear, 1);
		if (byte < 0)
			return false;
		to[i] = byte;
	}
	return true;
}

static __always_inline bool fetch(struct packet *packet, __u64 at, __u32 size, void *to)
{
	long long number = read_number(packet, at, size);

	if (number >= 0) {
		if (size == sizeof(__u8))
			*(__u8 *)to = number;
		else if (size == sizeof(__u16))
			*(__u16 *)to = number;
		else
			*(__u32 *)to = number;
		return true;
	}
	if (number == BEYOND_LINEAR && fetch_spread_bytes(packet, at, size, to))
		return true;
	packet->undecided = number == BEYOND_LINEAR;
	packet->failed = number == UNREADABLE;
	return false;
}

/*
 * The fast way: plain loads, of one and the same code for every kernel. What they load from is chosen
 * by what the verifier knows to be constant, and it leaves out what then is never reached.
 */

/* kernel/bpf/helpers.c, since Linux 6.2; `type` 0, for bytes without a type, since 6.17. */
extern void *bpf_rdonly_cast(const void *object, __u32 type) __ksym __weak;

#define reads_untyped() (bpf_rdonly_cast && kernel_is_at_least(6, 17))
#define reads_typed() (bpf_rdonly_cast && kernel_is_at_least(6, 2))

/* A struct of every kernel with an array of bytes, and so may be loaded from it whatever one wants. */
#define TYPED_BYTES 256
struct linux_binprm {
	char buf[TYPED_BYTES];
} __attribute__((preserve_access_index));

static __always_inline bool has_casts(void)
{
	return reads_untyped() || reads_typed();
}

static __always_inline const __u8 *cast_to_bytes(const __u8 *from)
{
	__u64 offset = field_offset(struct linux_binprm, buf);
	__u32 type = __builtin_btf_type_id(*(struct linux_binprm *)0, 1);

	if (reads_untyped())
		return bpf_rdonly_cast(from, 0);
	return (const __u8 *)bpf_rdonly_cast(from - offset, type) + offset;
}

/* Fills the window; for the verifier, all of it must be initialised, also where the frame is short. */
static __always_inline bool fill_window(struct packet *packet, struct window *window)
{
	__u64 size = packet->near;

	__builtin_memset(window, 0, sizeof(*window));
	opaque(size);
	if (size > WINDOW)
		size = WINDOW;
	if (bpf_probe_read_kernel(window->bytes, size, packet->start))
		return false;
	return !packet->untagged || WINDOW < ADDRESSES ||
	       bpf_probe_read_kernel(window->bytes, ADDRESSES, addresses_of(packet)) == 0;
}

/* Before any filter; false: kernel memory cannot be read. */
static __always_inline bool open_packet(struct packet *packet, struct window *window)
{
	packet->undecided = false;
	packet->failed = false;
	packet->near = packet->linear;
	packet->bytes = window->bytes;
	if (WINDOW == 0)
		return true;
	if (has_casts()) {
		packet->bytes = cast_to_bytes(packet->start);
		if (packet->near > TYPED_BYTES)
			packet->near = TYPED_BYTES;
		return true;
	}
	if (packet->near > WINDOW)
		packet->near = WINDOW;
	return fill_window(packet, window);
}

#define first_try(filter, packet) filter(packet, DIRECT)

/* Leading bytes of the packet, and its addresses, which the tag may stand behind. */
static __always_inline bool open_leading(struct view *view, const __u64 first, const __u64 end)
{
	struct packet *packet = view->packet;

	view->bytes = view->addresses = packet->bytes;
	if (first < ADDRESSES && packet->untagged && has_casts())
		view->addresses = cast_to_bytes(addresses_of(packet));
	/* Linux 6.1 does not remember how near `near` is. */
	return end <= packet->near && (end <= WINDOW || has_casts());
}

static __always_inline bool open_view(struct view *view, const __u64 most, const __u64 first,
				      const __u64 end)
{
	struct packet *packet = view->packet;
	__u64 index = view->index;

	if (most == 0)
		return open_leading(view, first, end);
	if (first < ADDRESSES && packet->untagged)
		return false;
	if (has_casts()) {
		view->bytes = cast_to_bytes(packet->start + index);
		return end <= TYPED_BYTES && index + end <= packet->linear;
	}
	/*
	 * At a variable offset a program may read its stack since Linux 5.12; 5.13 is what can be asked
	 * for by name.
	 */
	if (end > WINDOW || index + end > packet->near ||
	    !enumerator_exists(enum bpf_func_id, BPF_FUNC_for_each_map_elem))
		return false;
	/* One register, of which the verifier then knows both, that it is aligned and how large. */
	__u64 aligned = index & ~3ULL;

	opaque(aligned);
	if (aligned != index)
		return false;
	opaque(aligned);
	if (aligned > WINDOW - end)
		return false;
	view->bytes = packet->bytes + aligned;
	return true;
}

/* The window must be read in numbers that are aligned there: other numbers are read in parts. */
static __always_inline void copy_aligned(void *to, const __u8 *bytes, __u64 offset, const __u32 size)
{
	if ((offset + __builtin_offsetof(struct window, bytes)) % size == 0) {
		copy_number(to, bytes + offset, size);
		return;
	}
	for (__u32 i = 0; i < size; i++)
		((__u8 *)to)[i] = bytes[offset + i];
}

static __always_inline void peek(struct view view, __u64 offset, const __u32 size, void *to)
{
	bool has_addresses = view.most == 0 && offset < ADDRESSES;
	__u32 before = has_addresses && offset + size > ADDRESSES ? ADDRESSES - offset : 0;

	if (before == 0) {
		copy_aligned(to, has_addresses ? view.addresses : view.bytes, offset, size);
		return;
	}
	for (__u32 i = 0; i < size; i++)
		((__u8 *)to)[i] = (i < before ? view.addresses : view.bytes)[offset + i];
}
