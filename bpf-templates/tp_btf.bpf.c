/* Device layer: frames as they enter (netif_receive_skb) and leave (net_dev_queue) a device. */
/* Its sk_buff is trusted: kfuncs take it. */
#define SKB_TRUSTED
#define WINDOWS HOOK_COUNT
#include "include/generated.h"
#include "include/ancillary_skb.h"
#include "include/helpers.h"
#include "include/kernel.h"
#include "include/knobs.h"
#include "include/link_type.h"
#include "include/output_perf.h"
#include "include/packet_skb.h"
#include "include/packet_start.h"
#include "include/stats.h"
#include "include/targets.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum direction { RECEIVED, SENT };

/*
 * Whether a received frame has a tag in its bytes. Right after the tracepoint the kernel takes it out
 * (skb_vlan_untag()), and packet sockets, tcpdump's too, filter what is left.
 */
static __always_inline bool will_be_untagged(struct sk_buff *skb, enum link_type link,
					     enum direction direction)
{
	__u16 protocol = from_be16(skb->protocol);

	return direction == RECEIVED && link == LINK_EN10MB && !is_tagged(skb) &&
	       (protocol == ETH_P_8021Q || protocol == ETH_P_8021AD);
}

static __always_inline void describe_vlan(struct sk_buff *skb, struct record *record)
{
	bool tagged = is_tagged(skb);

	record->vlan_proto = tagged ? from_be16(skb->vlan_proto) : 0;
	record->vlan_tci = tagged ? skb->vlan_tci : 0;
}

static __always_inline void describe(struct sk_buff *skb, struct net_device *dev, __u32 netns,
				     __u32 hook, enum direction direction, struct record *record)
{
	const __u64 *name = (const void *)dev->name;
	__u64 *ifname = (void *)record->ifname;

	record->timestamp = bpf_ktime_get_ns();
	record->skb = (__u64)skb;
	record->netns = netns;
	record->ifindex = dev->ifindex;
	record->hook = hook;
	record->device_type = dev->type;
	record->cpu = bpf_get_smp_processor_id();
	record->verdict = 0;
	ifname[0] = name[0];
	ifname[1] = name[1];
	describe_vlan(skb, record);

	record->queue = skb->queue_mapping;
	record->packet_type = packet_type_of(skb, direction == SENT);
	/* skb_record_rx_queue() stores the number plus one, 0 for not known. */
	if (direction == RECEIVED && record->queue > 0)
		record->queue--;
}

/* Not inlined: what it has on the stack is not there while the filter runs. */
static __attribute__((noinline)) int deliver(struct sk_buff *skb, const unsigned char *start,
					     __u32 hook, enum direction direction)
{
	struct net_device *dev = skb->dev;
	struct hook_stats *counted = stats_of(hook);
	struct output output;

	if (!dev || !counted)
		return done();
	counted->matched++;
	describe(skb, dev, dev->nd_net.net->ns.inum, hook, direction, &output.record);
	output.record.length = skb->len + (skb->data - start);
	send_skb(skb, start, skb->len - skb->data_len, &output, counted);
	return done();
}

/* Not inlined: one copy, verified with each hook's arguments. */
static __attribute__((noinline)) int capture(struct sk_buff *skb, __u32 hook, enum direction direction)
{
	struct net_device *dev = skb->dev;

	if (!dev)
		return done();
	__u32 netns = dev->nd_net.net->ns.inum;

	if (!in_targets(netns, dev->ifindex))
		return done();
	/* What lo sends it receives at once: shown there, once, as libpcap shows it. */
	if (direction == SENT && dev->flags & IFF_LOOPBACK)
		return done();

	struct hook_stats *counted = stats_of(hook);

	if (!counted)
		return done();
	counted->seen++;

	enum link_type link = link_type_of(dev->type);

	if (!(1 << link & FILTERED_LINKS)) {
		counted->unsupported++;
		return done();
	}

	struct packet packet;
	const unsigned char *start = packet_start(skb, skb->data, link);
	__u32 in_front = skb->data - start;

	packet.skb = skb;
	packet.is_sent = direction == SENT;
	packet.is_untagged = will_be_untagged(skb, link, direction);

	__u32 hidden = packet.is_untagged ? VLAN_HLEN : 0;

	packet.start = start + hidden;
	packet.length = skb->len + in_front - hidden;
	packet.linear = skb->len - skb->data_len + in_front - hidden;
	if (!open_packet(&packet, hook)) {
		counted->failed++;
		return done();
	}
	bool matched = filter(&packet, link);

	if (!matched || packet.failed) {
		counted->undecided += is_undecided(&packet);
		counted->failed += packet.failed;
		return done();
	}
	return deliver(skb, start, hook, direction);
}

//@hook netif_receive_skb
SEC("tp_btf/netif_receive_skb")
int netif_receive_skb(__u64 *arguments)
{
	return capture((struct sk_buff *)arguments[0], HOOK_netif_receive_skb, RECEIVED);
}
//@end

//@hook net_dev_queue
SEC("tp_btf/net_dev_queue")
int net_dev_queue(__u64 *arguments)
{
	return capture((struct sk_buff *)arguments[0], HOOK_net_dev_queue, SENT);
}
//@end
