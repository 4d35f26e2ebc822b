/*
 * Access to a packet in an sk_buff of the kernel. Its memory is read by plain loads where the kernel
 * lets a program say what a pointer points at (bpf_rdonly_cast), else from a copy of the leading
 * bytes (`windows`) that one call of a helper makes.
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
	const __u8 *bytes; /* its leading bytes, `near` of them, for plain loads */
	__u32 near;
	bool undecided; /* the filter asked for bytes that are in pages, out of reach */
	bool failed; /* kernel memory could not be read */
	struct sk_buff *skb;

	/*
	 * A VLAN tag stands in the bytes behind the addresses, four bytes with the EtherType of what
	 * follows behind it, and the filter is to see it as ancillary data. The frame's addresses are then
	 * four bytes further in front than `start` says.
	 */
	bool is_untagged;
	bool is_sent;
};

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

/* What read_linear() gives if not a number. */
enum { BEYOND_END = -1, BEYOND_LINEAR = -2, UNREADABLE = -3 };

/*
 * The number whose first bytes are `size` (1 to 4) of the packet's from `at` on, the others being 0;
 * `lengths`: length << 32 | linear. A function for all, with numbers only, because the verifier then
 * walks it once for the object: what it knows of the numbers here it would take to every load that
 * follows.
 */
__attribute__((noinline)) long long read_linear(__u64 start, __u64 lengths, __u64 at, __u64 size,
						__u64 is_untagged)
{
	__u64 from = start + at;
	__u64 number = 0;

	size &= 7;
	if (at + size > lengths >> 32)
		return BEYOND_END;
	if (at + size > (__u32)lengths)
		return BEYOND_LINEAR;
	if (bpf_probe_read_kernel(&number, size, (void *)from))
		return UNREADABLE;
	if (is_untagged && at < ADDRESSES) {
		/* These bytes may be the last of the addresses. */
		__u64 addresses = ADDRESSES - at;

		if (addresses > size)
			addresses = size;
		opaque(addresses);
		if (bpf_probe_read_kernel(&number, addresses & 7, (void *)(from - VLAN_HLEN)))
			return UNREADABLE;
	}
	return first_bytes(number, size);
}

/*
 * The bytes that read_linear() gets: where a tag stands in the bytes, the addresses too, which are in
 * front of it, however little of what follows is linear.
 */
static __always_inline __u32 readable(struct packet *packet)
{
	return packet->is_untagged && packet->linear < ADDRESSES ? ADDRESSES : packet->linear;
}

/* An address that is no pointer for the verifier, as a function of all wants it: swapped, it is none. */
static __always_inline __u64 number_of(const void *pointer)
{
	__u64 number = __builtin_bswap64((__u64)pointer);

	opaque(number);
	return __builtin_bswap64(number);
}

static __always_inline long long fetch(struct packet *packet, __u64 at, __u32 size)
{
	__u64 most = readable(packet);
	__u32 near = at + size <= most ? size : at < most ? most - at : 0;
	__u32 far = size - near;
	long long number = 0;

	if (at + size > packet->length)
		return BEYOND_END;
	if (near > 0)
		number = read_linear(number_of(packet->start), (__u64)packet->length << 32 | most, at,
				     near, packet->is_untagged);
	if (number < 0) {
		packet->failed = true;
		return number;
	}
	if (far == 0)
		return number;
	/* The last bytes, and maybe all, are in pages. */
	long long last = load_behind_linear(packet->skb, at + near - packet->linear, far);

	if (last < 0) {
		packet->undecided = true;
		return last;
	}
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		return number << 8 * far | last;
	return number | (__u64)(from_be32(last) >> (32 - 8 * far)) << 8 * near;
}

/* Who reads carefully does not look at `bytes`; `packet`, of the others, may then stay in registers. */
#undef in_memory
#define in_memory(filter, packet)                                                                  \
	({                                                                                         \
		struct packet copy = *(packet);                                                    \
		copy.bytes = NULL;                                                                 \
		copy.near = 0;                                                                     \
		__u64 verdict = filter(&copy);                                                     \
		(packet)->undecided = copy.undecided;                                              \
		(packet)->failed = copy.failed;                                                    \
		verdict;                                                                           \
	})

/*
 * The fast way: plain loads, of one and the same code for every kernel. What they load from is chosen
 * by what the verifier knows to be constant, and it leaves out what then is never reached.
 */

/* kernel/bpf/helpers.c, since Linux 6.2; `type` 0, for bytes without a type, since 6.17. */
extern void *bpf_rdonly_cast(const void *object, __u32 type) __ksym __weak;

/* Likely: otherwise compilers put jumps around what other kernels do into the way of this one. */
#define reads_untyped() (bpf_rdonly_cast && likely(kernel_is_at_least(6, 17)))

/* A struct of every kernel with an array of bytes, and so may be loaded from it whatever one wants. */
#define TYPED_BYTES 256
struct linux_binprm {
	char buf[TYPED_BYTES];
} __attribute__((preserve_access_index));

static __always_inline const __u8 *cast_to_struct(const __u8 *from)
{
	__u64 offset = field_offset(struct linux_binprm, buf);
	__u32 type = __builtin_btf_type_id(*(struct linux_binprm *)0, 1);

	return (const __u8 *)bpf_rdonly_cast(from - offset, type) + offset;
}

static __always_inline const __u8 *cast_to_bytes(const __u8 *from)
{
	return reads_untyped() ? bpf_rdonly_cast(from, 0) : cast_to_struct(from);
}

/*
 * Copies of leading bytes. In a map and not on the stack, which has little room and is to be read in
 * aligned numbers only. One for each program of the object: the kernel does not run a program that is
 * running on that CPU already, but it may well run another.
 */
#ifndef WINDOWS
#define WINDOWS 1
#endif
typedef __u8 window[WINDOW > 0 ? WINDOW : 8];
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WINDOWS);
	__type(key, __u32);
	__type(value, window);
} windows SEC(".maps");

static __always_inline bool fill_window(struct packet *packet, __u32 number)
{
	__u8 *bytes = bpf_map_lookup_elem(&windows, &number);
	__u64 size = packet->near;

	if (!bytes)
		return false;
	packet->bytes = bytes;
	cap(size, WINDOW);
	packet->near = size;
	return bpf_probe_read_kernel(bytes, size, packet->start) == 0;
}

/*
 * Before any filter; false: kernel memory cannot be read.
 * `number`: of the program, less than WINDOWS.
 */
static __always_inline bool open_packet(struct packet *packet, __u32 number)
{
	packet->undecided = false;
	packet->failed = false;
	packet->near = packet->linear;
	packet->bytes = NULL;
	if (WINDOW == 0)
		return true;
	if (unlikely(!bpf_rdonly_cast))
		return fill_window(packet, number);
	if (likely(kernel_is_at_least(6, 17))) {
		packet->bytes = bpf_rdonly_cast(packet->start, 0);
		return true;
	}
	packet->bytes = cast_to_struct(packet->start);
	if (packet->near > TYPED_BYTES)
		packet->near = TYPED_BYTES;
	return true;
}

#define first_try(filter, packet) filter(packet, DIRECT)

static __transparent bool open_view(struct view *view, const __u64 most, const __u64 first,
				      const __u64 end)
{
	struct packet *packet = view->packet;
	__u64 index = view->index;

	/* The addresses do not stand where they are to be seen; who reads carefully knows. */
	if (first < ADDRESSES && packet->is_untagged)
		return false;
	if (most == 0) {
		view->bytes = packet->bytes;
		/* Linux 6.1, and where it was on the stack later ones, do not remember how near `near` is. */
		if (end > TYPED_BYTES && !reads_untyped())
			return false;
		return end <= packet->near && (end <= WINDOW || bpf_rdonly_cast);
	}
	if (bpf_rdonly_cast) {
		view->bytes = cast_to_bytes(packet->start + index);
		return end <= TYPED_BYTES && index + end <= packet->linear;
	}
	if (end > WINDOW || index + end > packet->near)
		return false;
	opaque(index);
	if (index > WINDOW - end)
		return false;
	view->bytes = packet->bytes + index;
	return true;
}

static __transparent void peek(struct view view, __u64 offset, const __u32 size, void *to)
{
	copy_number(to, view.bytes + offset, size);
}
