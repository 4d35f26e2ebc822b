/*
 * Access to a packet that a running XDP program has. What is said of sk_buffs holds of it too: kernel
 * memory, linear first; `skb` of struct packet is the xdp_buff.
 */
#pragma once
#include "xdp_buff.h"

#define SHARED_INFO(skb) xdp_shared_info((struct xdp_buff *)(skb))
#include "packet_skb.h"
