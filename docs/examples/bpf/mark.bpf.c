// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Marks packets by two filters, for routing rules and netfilter (`ip rule add fwmark 1`, `iptables
 * -m mark --mark 1`). Every packet goes on.
 *
 *   hookc --template mark.bpf.c --hook tc:ingress -o mark.bpf.o \
 *         --filter web='tcp port 80 or 443' --filter dns='port 53'
 *   tc qdisc add dev eth0 clsact
 *   tc filter add dev eth0 ingress bpf direct-action obj mark.bpf.o sec tc
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include "hookdump.h"

enum { MARK_WEB = 1, MARK_DNS = 2 };

SEC("tc")
int mark(struct __sk_buff *context)
{
	if (web(context))
		context->mark = MARK_WEB;
	else if (dns(context))
		context->mark = MARK_DNS;
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
