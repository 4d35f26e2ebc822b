/*
 * One packet at any place of the kernel that has an sk_buff: found, filtered, counted, sent. For the
 * templates of functions and tracepoints; include an output (`struct output`, `send_skb`) first.
 */
#pragma once
#include "ancillary_skb.h"
#include "knobs.h"
#include "link_type.h"
#include "packet_skb.h"
#include "packet_start.h"
#include "stats.h"
#include "targets.h"

/* The namespace of the device, or of the socket where the packet has no device yet; NULL: neither. */
static __always_inline struct net *net_of(struct sk_buff *skb, struct net_device *dev)
{
	if (dev)
		return read_field(dev, nd_net.net);
	struct sock *sock = read_field(skb, sk);

	return sock ? read_field(sock, __sk_common.skc_net.net) : NULL;
}

static __always_inline void describe_device(struct net_device *dev, enum link_type link,
					    struct record *record)
{
	__u64 *ifname = (void *)record->ifname;

	/* What begins with an L3 header is told as from a device that has no other. */
	record->device_type = ARPHRD_NONE;
	record->ifindex = 0;
	ifname[0] = 0;
	ifname[1] = 0;
	if (!dev)
		return;
	if (link == LINK_EN10MB)
		record->device_type = read_field(dev, type);
	record->ifindex = read_field(dev, ifindex);
	bpf_probe_read_kernel(ifname, sizeof(record->ifname), dev->name);
}

/* Where in the kernel a hook is, as far as that says more about its packets than they do themselves. */
enum place { ANYWHERE, ENTERING_DEVICE, LEAVING_DEVICE };

/* A packet's hook and what is known there; in one number, which does not need the stack. */
#define HOOK_BITS 16
#define VERDICT_SHIFT 16
#define LINK_SHIFT 24
#define SENT_SHIFT 31

static __always_inline void describe(struct sk_buff *skb, __u32 netns, __u32 known,
				     struct record *record)
{
	record->timestamp = bpf_ktime_get_ns();
	record->skb = (__u64)skb;
	record->netns = netns;
	record->hook = known;
	record->cpu = bpf_get_smp_processor_id();
	record->verdict = known >> VERDICT_SHIFT;
	record->vlan_proto = 0;
	record->vlan_tci = 0;
	if (is_tagged(skb)) {
		record->vlan_proto = from_be16(read_field(skb, vlan_proto));
		record->vlan_tci = read_field(skb, vlan_tci);
	}
	record->queue = read_field(skb, queue_mapping);
	record->packet_type = packet_type_of(skb, known >> SENT_SHIFT);
	describe_device(read_field(skb, dev), known >> LINK_SHIFT & 0xf, record);
}

/*
 * Not inlined: what it has on the stack is not there while the filter runs. `lengths`: the packet's
 * length << 32 | its linear bytes.
 */
static __attribute__((noinline)) int deliver(struct sk_buff *skb, const unsigned char *start,
					     __u32 netns, __u32 known, __u64 lengths)
{
	struct hook_stats *counted = stats_of(known & ((1 << HOOK_BITS) - 1));
	struct output output;

	if (counted) {
		counted->matched++;
		describe(skb, netns, known, &output.record);
		output.record.length = lengths >> 32;
		send_skb(skb, start, lengths, &output, counted);
	}
	return done();
}

/* The link type that the device's packets have; where there is none, the headers tell. */
static __always_inline enum link_type link_type_at(struct net_device *dev)
{
	return dev ? link_type_of(read_field(dev, type)) : LINK_EN10MB;
}

/* Filters the packet, and what matches is counted and sent. */
static __always_inline void look_at(struct sk_buff *skb, __u32 hook, enum place place, __u32 verdict)
{
	struct net_device *dev = read_field(skb, dev);
	struct net *net = net_of(skb, dev);

	if (!net)
		return;
	__u32 netns = read_field(net, ns.inum);

	if (!in_targets(netns, dev ? read_field(dev, ifindex) : 0))
		return;
	struct hook_stats *counted = stats_of(hook);

	if (!counted)
		return;
	enum link_type link = link_type_at(dev);
	unsigned char *data = read_field(skb, data);
	unsigned char *start = place == ANYWHERE ? find_start(skb, data, &link)
						 : packet_start(skb, data, link);

	if (!start)
		return;
	counted->seen++;
	if (!(1 << link & FILTERED_LINKS)) {
		counted->unsupported++;
		return;
	}

	struct packet packet;
	__u32 in_front = data - start;

	packet.skb = skb;
	packet.is_sent = place == LEAVING_DEVICE;
	packet.is_untagged = false;
	packet.start = start;
	packet.length = read_field(skb, len) + in_front;
	packet.linear = packet.length - read_field(skb, data_len);
	if (!open_packet(&packet, hook)) {
		counted->failed++;
		return;
	}
	bool matched = filter(&packet, link);

	if (!matched || packet.failed) {
		counted->undecided += is_undecided(&packet);
		counted->failed += packet.failed;
		return;
	}
	deliver(skb, packet.start, netns,
		hook | verdict << VERDICT_SHIFT | (__u32)link << LINK_SHIFT |
			(__u32)(place == LEAVING_DEVICE) << SENT_SHIFT,
		(__u64)packet.length << 32 | packet.linear);
}

/* Not inlined: one copy, verified with each hook's arguments. With one end, however it comes to it. */
static __attribute__((noinline)) int capture(struct sk_buff *skb, __u32 hook, enum place place,
					     __u32 verdict)
{
	look_at(skb, hook, place, verdict);
	return done();
}
