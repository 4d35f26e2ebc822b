/* XDP: frames as the driver hands them over, before there is an sk_buff. Every packet passes on. */
#include "include/generated.h"
#include "include/ancillary_xdp.h"
#include "include/helpers.h"
#include "include/knobs.h"
#include "include/link_type.h"
#include "include/output_ring.h"
#include "include/packet_xdp.h"
#include "include/stats.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* include/uapi/linux/bpf.h */
enum { XDP_PASS = 2 };

/* What the program is attached to; set by user space. */
const volatile struct attached attached __attribute__((aligned(8))) = {
	.device_type = ARPHRD_ETHER,
};

static __always_inline __u32 attached_name(const __u32 offset)
{
	return from_be32(*(const volatile __u32 *)(attached.ifname + offset));
}

static __always_inline void describe(struct xdp_md *context, __u32 length, struct record *record)
{
	const volatile __u64 *name = (const volatile void *)attached.ifname;
	__u64 *ifname = (void *)record->ifname;

	record->timestamp = bpf_ktime_get_ns();
	record->skb = 0;
	record->netns = attached.netns;
	record->ifindex = context->ingress_ifindex;
	record->length = length;
	record->queue = context->rx_queue_index;
	record->hook = HOOK_hookdump_xdp;
	record->device_type = attached.device_type;
	record->vlan_proto = 0;
	record->vlan_tci = 0;
	record->cpu = bpf_get_smp_processor_id();
	record->packet_type = 0;
	record->verdict = 0;
	ifname[0] = name[0];
	ifname[1] = name[1];
}

static __always_inline void capture(struct xdp_md *context)
{
	struct hook_stats *counted = stats_of(HOOK_hookdump_xdp);

	if (!counted)
		return;
	counted->seen++;

	struct packet packet = {
		.start = (const void *)(__u64)context->data,
		.end = (const void *)(__u64)context->data_end,
		.context = context,
		.device_type = attached.device_type,
	};

	if (!filter(&packet, link_type_of(packet.device_type)))
		return;
	counted->matched++;

	struct record record;

	describe(context, length_of(&packet), &record);
	send_bytes(&record, record.length, FROM_XDP, context, counted);
}

//@hook hookdump_xdp
SEC("xdp.frags")
int hookdump_xdp(struct xdp_md *context)
{
	capture(context);
	return XDP_PASS;
}
//@end
