/*
 * What a filter of a live capture asks the kernel of a packet beside its bytes, at tc: from the
 * program's context. The device's type is told by user space.
 */
#pragma once
#include "interface_name.h"
#include "kernel.h"
#include "packet_tc.h"

static __always_inline __u32 ancillary_protocol(struct packet *packet)
{
	return from_be16((__u16)packet->context->protocol);
}

/* The kernel sets "outgoing" for packet sockets only. */
static __always_inline __u32 ancillary_packet_type(struct packet *packet)
{
	return packet->is_sent ? PACKET_OUTGOING : packet->context->pkt_type;
}

static __always_inline __u32 ancillary_interface_index(struct packet *packet)
{
	return packet->context->ifindex;
}

static __always_inline __u32 ancillary_hardware_type(struct packet *packet)
{
	return packet->device_type;
}

static __always_inline __u32 ancillary_mark(struct packet *packet)
{
	return packet->context->mark;
}

static __always_inline __u32 ancillary_queue(struct packet *packet)
{
	return packet->context->queue_mapping;
}

static __always_inline __u32 ancillary_receive_hash(struct packet *packet)
{
	return packet->context->hash;
}

static __always_inline __u32 ancillary_cpu(struct packet *packet)
{
	(void)packet;
	return bpf_get_smp_processor_id();
}

static __always_inline __u32 ancillary_vlan_tag(struct packet *packet)
{
	return packet->context->vlan_tci;
}

static __always_inline __u32 ancillary_vlan_tag_present(struct packet *packet)
{
	return packet->context->vlan_present;
}

static __always_inline __u32 ancillary_vlan_protocol(struct packet *packet)
{
	return from_be16((__u16)packet->context->vlan_proto);
}

/* Of the device that the program is attached to, as user space told it: the template has it. */
static __always_inline __u32 attached_name(const __u32 offset);

static __always_inline __u32 interface_name(struct packet *packet, const __u32 offset)
{
	(void)packet;
	return attached_name(offset);
}
