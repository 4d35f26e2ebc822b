/*
 * The kernel's structs, holding only the fields that we read. Their offsets here mean nothing: the
 * loader puts in those of the running kernel, found by name in its BTF (CO-RE).
 */
#pragma once
#include "helpers.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	__u32 inum;
};

struct net {
	struct ns_common ns;
};

struct net_device {
	unsigned int flags;
	int ifindex;
	unsigned short type;
	char name[16];
	struct {
		struct net *net;
	} nd_net;
};

struct sock_common {
	struct {
		struct net *net;
	} skc_net;
};

struct sock {
	struct sock_common __sk_common;
};

struct sk_buff {
	struct sock *sk;
	struct net_device *dev;
	unsigned int len;
	unsigned int data_len;
	__u16 queue_mapping;
	__u16 protocol; /* big-endian */
	__u32 mark;
	__u32 hash;
	__u8 pkt_type : 3;
	/* Linux < 6.2: whether there is a tag. Later the two fields below, seen as one, are not 0. */
	__u8 vlan_present : 1;
	__u32 vlan_all;
	__u16 vlan_proto; /* big-endian */
	__u16 vlan_tci;
	__u16 mac_header;
	__u16 network_header;
	unsigned int end; /* of `head`, where struct skb_shared_info is */
	unsigned char *head;
	unsigned char *data;
	struct sk_buff *next;
};

struct skb_shared_info {
	__u8 nr_frags;
	struct sk_buff *frag_list;
	struct {
	} frags[1];
};

/* The same where it is an xdp_buff's, as the loader knows it by what stands in front of "___". */
struct skb_shared_info___xdp {
	unsigned int xdp_frags_size;
};

struct page {
	unsigned long flags;
};

/* Of helpers, by which the verifier's version is told: Linux 5.13 and 5.17. */
enum bpf_func_id { BPF_FUNC_for_each_map_elem = 164, BPF_FUNC_loop = 181 };

#pragma clang attribute pop

/* include/uapi/linux/if.h, if_arp.h, if_packet.h, if_ether.h, if_vlan.h */
#define IFF_LOOPBACK 8
#define ARPHRD_ETHER 1
#define ARPHRD_PPP 512
#define ARPHRD_RAWIP 519
#define ARPHRD_TUNNEL 768
#define ARPHRD_TUNNEL6 769
#define ARPHRD_LOOPBACK 772
#define ARPHRD_SIT 776
#define ARPHRD_IPGRE 778
#define ARPHRD_NONE 0xfffe
#define PACKET_OUTGOING 4
#define ETH_ALEN 6
#define ETH_P_802_3_MIN 0x600
#define ETH_P_802_3 1
#define ETH_P_802_2 4
#define ETH_P_8021Q 0x8100
#define ETH_P_8021AD 0x88a8
#define VLAN_HLEN 4

/*
 * Eight bytes of kernel memory, 0 where they cannot be read. Not inlined and always eight, because
 * there are many: what a field does not have is cut off, and belongs to its object, since none that we
 * read is an object's last.
 */
static __noinline __u64 probe_at(__u64 object, __u64 offset)
{
	__u64 number = 0;

	bpf_probe_read_kernel(&number, sizeof(number), (const void *)(object + offset));
	return number;
}

#define probe_field(object, field)                                                                 \
	((__typeof__((object)->field))first_bytes(                                                 \
		probe_at((__u64)(object), __builtin_preserve_field_info((object)->field, 0)),      \
		sizeof((object)->field)))

/*
 * A field of an object of the kernel, or 0 where it cannot be read. Programs whose arguments have
 * types (tp_btf, fentry, fexit) read it like their own; others (SKB_UNTYPED: kprobe, tracepoint,
 * raw_tp) through the helper.
 */
#ifdef SKB_UNTYPED
#define read_field(object, field) probe_field(object, field)
#else
#define read_field(object, field) ((object)->field)
#endif

/* Questions to the BTF of the running kernel, answered by the loader (enum bpf_core_relo_kind). */
#define type_exists(type) __builtin_preserve_type_info(*(type *)0, 0)
#define type_size(type) __builtin_preserve_type_info(*(type *)0, 1)
#define field_offset(type, field) __builtin_preserve_field_info(((type *)0)->field, 0)
#define field_exists(field) __builtin_preserve_field_info(field, 2)
#define enumerator_exists(type, value) __builtin_preserve_enum_value(*(__typeof__(type) *)value, 0)

/* Four bytes of such an object, wherever they are, as they stand in memory. */
static __always_inline __u32 read_word(const void *object, __u64 offset)
{
#ifdef SKB_UNTYPED
	return first_bytes(probe_at((__u64)object, offset), sizeof(__u32));
#else
	return *(const __u32 *)((const __u8 *)object + offset);
#endif
}

static __always_inline __u8 read_byte(const void *object, __u64 offset)
{
#ifdef SKB_UNTYPED
	return first_bytes(probe_at((__u64)object, offset), sizeof(__u8));
#else
	return ((const __u8 *)object)[offset];
#endif
}

/*
 * A bit field of a __u8, wherever this kernel has it: the offset of its byte (0), then the shifts
 * (4, 5) that cut it out of 64 bits.
 */
#define read_bit_field(object, field)                                                              \
	((__u64)read_byte(object, __builtin_preserve_field_info((object)->field, 0))               \
		 << __builtin_preserve_field_info((object)->field, 4) >>                           \
	 __builtin_preserve_field_info((object)->field, 5))
