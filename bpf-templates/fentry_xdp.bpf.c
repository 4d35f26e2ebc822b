/* fentry, fexit: packets that a running XDP program is called with; behind it, what it returned. */
#define LOOK_UP_SYMBOLS
#define WINDOWS HOOK_COUNT
#include "include/generated.h"
#include "include/ancillary_xdp_buff.h"
#include "include/link_type.h"
#include "include/output_xdp_buff.h"
#include "include/packet_xdp_buff.h"
#include "include/stats.h"
#include "include/targets.h"
#include "include/verdict.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline void describe(struct xdp_buff *xdp, struct net_device *dev, __u32 hook,
				     __u32 verdict, struct record *record)
{
	record->timestamp = bpf_ktime_get_ns();
	record->skb = 0;
	record->netns = dev->nd_net.net->ns.inum;
	record->ifindex = dev->ifindex;
	record->length = xdp_linear(xdp) + xdp_paged(xdp);
	record->queue = xdp->rxq->queue_index;
	record->hook = hook;
	record->device_type = dev->type;
	record->vlan_proto = 0;
	record->vlan_tci = 0;
	record->cpu = bpf_get_smp_processor_id();
	record->packet_type = 0;
	record->verdict = verdict;
	bpf_probe_read_kernel(record->ifname, sizeof(record->ifname), dev->name);
}

/* Not inlined: what it has on the stack is not there while the filter runs. */
static __attribute__((noinline)) int deliver(struct xdp_buff *xdp, struct net_device *dev,
					     __u32 hook, __u32 verdict)
{
	struct hook_stats *counted = stats_of(hook);
	struct record record;

	if (!counted)
		return done();
	counted->matched++;
	describe(xdp, dev, hook, verdict, &record);
	send_xdp_buff(xdp, &record, counted);
	return done();
}

/* Not inlined: one copy, verified with each hook's arguments. */
static __attribute__((noinline)) int capture(struct xdp_buff *xdp, __u32 hook, __u32 verdict)
{
	struct net_device *dev = xdp->rxq->dev;
	struct hook_stats *counted = stats_of(hook);

	if (!counted || !in_targets(dev->nd_net.net->ns.inum, dev->ifindex))
		return done();
	counted->seen++;

	enum link_type link = link_type_of(dev->type);

	if (!(1 << link & FILTERED_LINKS)) {
		counted->unsupported++;
		return done();
	}

	struct packet packet;

	packet.skb = (struct sk_buff *)xdp;
	packet.is_sent = false;
	packet.is_untagged = false;
	packet.start = xdp->data;
	packet.linear = xdp_linear(xdp);
	packet.length = packet.linear + xdp_paged(xdp);
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
	return deliver(xdp, dev, hook, verdict);
}

//@each
/* User space names the program before loading. The verifier knows that its context is an xdp_buff. */
SEC("hook_section")
int hook_program(__u64 *arguments)
{
	return capture((struct xdp_buff *)arguments[0], HOOK_hook_program,
		       HOOK_RETURNED ? verdict_of(arguments[HOOK_RETURNED]) : 0);
}
//@end
