/*
 * What a filter of a live capture asks the kernel of an sk_buff beside its bytes, with the answers
 * that a packet socket's filter would get on that device (convert_bpf_extensions() of
 * net/core/filter.c).
 */
#pragma once
#include "interface_name.h"
#include "packet_skb.h"

/* Whether the kernel keeps a VLAN tag beside the packet's bytes. */
static __always_inline bool is_tagged(struct sk_buff *skb)
{
	return field_exists(skb->vlan_all) ? read_field(skb, vlan_all) != 0
					   : read_bit_field(skb, vlan_present) != 0;
}

/* PACKET_*: the kernel sets "outgoing" for packet sockets only, later than we look. */
static __always_inline __u32 packet_type_of(struct sk_buff *skb, bool is_sent)
{
	return is_sent ? PACKET_OUTGOING : read_bit_field(skb, pkt_type);
}

/*
 * Two bytes of the frame as it lies in memory, with its tag; drivers leave no more than its Ethernet
 * header in the linear part. Not inlined: an object has it once, and the caller's packet stays in
 * registers.
 */
static __attribute__((noinline)) long long fetch_tagged(struct sk_buff *skb, const unsigned char *start,
							__u64 length, __u64 linear, __u64 at)
{
	struct packet frame = { .start = start, .length = length, .linear = linear, .skb = skb };

	return fetch(&frame, at, sizeof(__u16));
}

/* Two bytes behind the place where the tag that will be taken out begins. */
static __always_inline __u32 untagged_field(struct packet *packet, __u32 offset)
{
	long long field = fetch_tagged(packet->skb, packet->start - VLAN_HLEN, packet->length + VLAN_HLEN,
				       packet->linear + VLAN_HLEN, ADDRESSES + offset);

	if (field < 0)
		packet->failed = true;
	return from_be16(field);
}

/* As skb_vlan_untag() sets it: an EtherType, else one of the kernel's own numbers for IEEE 802.3. */
static __always_inline __u32 ancillary_protocol(struct packet *packet)
{
	if (!packet->is_untagged)
		return from_be16(read_field(packet->skb, protocol));
	__u32 protocol = untagged_field(packet, VLAN_HLEN);

	if (protocol >= ETH_P_802_3_MIN)
		return protocol;
	return untagged_field(packet, VLAN_HLEN + 2) == 0xffff ? ETH_P_802_3 : ETH_P_802_2;
}

static __always_inline __u32 ancillary_packet_type(struct packet *packet)
{
	return packet_type_of(packet->skb, packet->is_sent);
}

static __always_inline __u32 ancillary_interface_index(struct packet *packet)
{
	return read_field(read_field(packet->skb, dev), ifindex);
}

static __always_inline __u32 ancillary_mark(struct packet *packet)
{
	return read_field(packet->skb, mark);
}

static __always_inline __u32 ancillary_queue(struct packet *packet)
{
	return read_field(packet->skb, queue_mapping);
}

static __always_inline __u32 ancillary_hardware_type(struct packet *packet)
{
	return read_field(read_field(packet->skb, dev), type);
}

static __always_inline __u32 ancillary_receive_hash(struct packet *packet)
{
	return read_field(packet->skb, hash);
}

static __always_inline __u32 ancillary_cpu(struct packet *packet)
{
	(void)packet;
	return bpf_get_smp_processor_id();
}

static __always_inline __u32 ancillary_vlan_tag(struct packet *packet)
{
	return packet->is_untagged ? untagged_field(packet, 2) : read_field(packet->skb, vlan_tci);
}

static __always_inline __u32 ancillary_vlan_tag_present(struct packet *packet)
{
	return packet->is_untagged || is_tagged(packet->skb);
}

static __always_inline __u32 ancillary_vlan_protocol(struct packet *packet)
{
	return from_be16(packet->is_untagged ? read_field(packet->skb, protocol) : read_field(packet->skb, vlan_proto));
}

static __always_inline __u32 interface_name(struct packet *packet, const __u32 offset)
{
	return from_be32(read_word(read_field(packet->skb, dev)->name, offset));
}
