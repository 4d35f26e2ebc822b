/* What ancillary_xdp.h answers, of the xdp_buff of a running XDP program. */
#pragma once
#include "ancillary_unknown.h"
#include "interface_name.h"
#include "packet_xdp_buff.h"

static __always_inline struct xdp_rxq_info *queue_of(struct packet *packet)
{
	return ((struct xdp_buff *)packet->skb)->rxq;
}

static __always_inline __u32 ancillary_interface_index(struct packet *packet)
{
	return queue_of(packet)->dev->ifindex;
}

static __always_inline __u32 ancillary_hardware_type(struct packet *packet)
{
	return queue_of(packet)->dev->type;
}

static __always_inline __u32 ancillary_queue(struct packet *packet)
{
	return queue_of(packet)->queue_index + 1;
}

static __always_inline __u32 ancillary_cpu(struct packet *packet)
{
	(void)packet;
	return bpf_get_smp_processor_id();
}

static __always_inline __u32 interface_name(struct packet *packet, const __u32 offset)
{
	return from_be32(read_word(queue_of(packet)->dev->name, offset));
}
