/*
 * What a filter of a live capture asks the kernel of a packet beside its bytes. At XDP there is no
 * sk_buff yet: what only that would know is 0, which says "to us" of the packet type, and that no
 * VLAN tag was taken out of the bytes.
 */
#pragma once
#include "ancillary_unknown.h"
#include "interface_name.h"
#include "packet_xdp.h"

static __always_inline __u32 ancillary_interface_index(struct packet *packet)
{
	return packet->context->ingress_ifindex;
}

static __always_inline __u32 ancillary_hardware_type(struct packet *packet)
{
	return packet->device_type;
}

/* Counted from 1, as the kernel does in an sk_buff (skb_record_rx_queue()). */
static __always_inline __u32 ancillary_queue(struct packet *packet)
{
	return packet->context->rx_queue_index + 1;
}

static __always_inline __u32 ancillary_cpu(struct packet *packet)
{
	(void)packet;
	return bpf_get_smp_processor_id();
}

/* Of the device that the program is attached to, as user space told it: the template has it. */
static __always_inline __u32 attached_name(const __u32 offset);

static __always_inline __u32 interface_name(struct packet *packet, const __u32 offset)
{
	(void)packet;
	return attached_name(offset);
}
