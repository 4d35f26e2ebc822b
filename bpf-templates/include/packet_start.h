/* Where a frame begins in an sk_buff: the one rule, for the filter and for the captured bytes. */
#pragma once
#include "kernel.h"
#include "link_type.h"

#define MAC_HEADER_UNSET 0xffff

/*
 * - A device with link-layer headers: at the MAC header where it is set and not behind `data`. On
 *   the receive path `data` has already moved on to L3; the header before it is still there, in one
 *   piece with it. Else at `data` (on the transmit path before the MAC header is set).
 * - A device without: at `data`, as packet sockets have it (packet_rcv() of net/packet/af_packet.c).
 *   Its mac_header may well point at an outer header that a tunnel took off.
 */
static __always_inline unsigned char *packet_start(struct sk_buff *skb, enum link_type link)
{
	unsigned char *data = skb->data;
	__u16 offset = skb->mac_header;

	if (link == LINK_EN10MB && offset != MAC_HEADER_UNSET) {
		unsigned char *header = skb->head + offset;

		if (header <= data)
			return header;
	}
	return data;
}
