/*
 * Where a frame begins in an sk_buff: the one rule, for the filter and for the captured bytes. `data`
 * is the sk_buff's field, which who asks needs too.
 */
#pragma once
#include "kernel.h"
#include "link_type.h"

#define MAC_HEADER_UNSET 0xffff

/*
 * At the edge of a device (netif_receive_skb, net_dev_queue):
 * - with link-layer headers: at the MAC header where it is set and not behind `data`. On the receive
 *   path `data` has already moved on to L3; the header before it is still there, in one piece with
 *   it. Else at `data` (on the transmit path before the MAC header is set).
 * - without: at `data`, as packet sockets have it (packet_rcv() of net/packet/af_packet.c). Its
 *   mac_header may well point at an outer header that a tunnel took off.
 */
static __always_inline unsigned char *packet_start(struct sk_buff *skb, unsigned char *data,
						  enum link_type link)
{
	__u16 offset = read_field(skb, mac_header);

	if (link == LINK_EN10MB && offset != MAC_HEADER_UNSET) {
		unsigned char *header = read_field(skb, head) + offset;

		if (header <= data)
			return header;
	}
	return data;
}

/*
 * Anywhere in the kernel, where `data` may be at any header and headers may be stale or not there
 * yet. `link`: in, what the device has (EN10MB if there is no device yet); out, what the packet has.
 * NULL: no header is built yet.
 *
 * - The MAC header is set, before `data`, and not the network header too: a frame from there.
 * - Else the network header is behind `data`: a frame whose Ethernet header was just put in front
 *   (__dev_queue_xmit(), before the MAC header is set).
 * - Else the network header is at or before `data`: an L3 packet from there.
 *
 * A device without link-layer headers has L3 packets only.
 */
static __always_inline unsigned char *find_start(struct sk_buff *skb, unsigned char *data,
						enum link_type *link)
{
	unsigned char *head = read_field(skb, head);
	__u16 mac = read_field(skb, mac_header);
	__u16 network = read_field(skb, network_header);

	if (*link == LINK_EN10MB) {
		if (mac != MAC_HEADER_UNSET && mac != network && head + mac <= data)
			return head + mac;
		if (network && data < head + network)
			return data;
		*link = LINK_RAW;
	}
	if (!network)
		return NULL;
	return head + network <= data ? head + network : data;
}
