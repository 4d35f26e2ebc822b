/* tc: frames at one device, after it received them or before it sends them. Every packet goes on. */
#include "include/generated.h"
#include "include/ancillary_tc.h"
#include "include/helpers.h"
#include "include/knobs.h"
#include "include/link_type.h"
#include "include/output_tc.h"
#include "include/packet_tc.h"
#include "include/stats.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* include/uapi/linux/pkt_cls.h: on with the next filter, as if there were none here. */
enum { TC_ACT_UNSPEC = -1 };

/* What the program is attached to; set by user space. */
const volatile struct attached attached __attribute__((aligned(8))) = {
	.device_type = ARPHRD_ETHER,
};

static __always_inline __u32 attached_name(const __u32 offset)
{
	return from_be32(*(const volatile __u32 *)(attached.ifname + offset));
}

static __always_inline void describe(struct packet *packet, __u32 hook, struct record *record)
{
	struct __sk_buff *context = packet->context;
	const volatile __u64 *name = (const volatile void *)attached.ifname;
	__u64 *ifname = (void *)record->ifname;

	record->timestamp = bpf_ktime_get_ns();
	record->skb = 0;
	record->netns = attached.netns;
	record->ifindex = context->ifindex;
	record->length = context->len;
	record->queue = context->queue_mapping;
	record->hook = hook;
	record->device_type = attached.device_type;
	record->vlan_proto = context->vlan_present ? from_be16((__u16)context->vlan_proto) : 0;
	record->vlan_tci = context->vlan_present ? context->vlan_tci : 0;
	record->cpu = bpf_get_smp_processor_id();
	record->packet_type = ancillary_packet_type(packet);
	record->verdict = 0;
	ifname[0] = name[0];
	ifname[1] = name[1];
	/* skb_record_rx_queue() stores the number plus one, 0 for not known. */
	if (!packet->is_sent && record->queue > 0)
		record->queue--;
}

static __always_inline int capture(struct __sk_buff *context, __u32 hook, bool is_sent)
{
	struct hook_stats *counted = stats_of(hook);

	if (!counted)
		return TC_ACT_UNSPEC;
	counted->seen++;

	struct packet packet = {
		.start = (const void *)(__u64)context->data,
		.end = (const void *)(__u64)context->data_end,
		.context = context,
		.device_type = attached.device_type,
		.is_sent = is_sent,
	};

	if (!filter(&packet, link_type_of(packet.device_type)))
		return TC_ACT_UNSPEC;
	counted->matched++;

	struct record record;

	describe(&packet, hook, &record);
	send_tc(context, &record, counted);
	return TC_ACT_UNSPEC;
}

//@hook hookdump_ingress
SEC("tc")
int hookdump_ingress(struct __sk_buff *context)
{
	return capture(context, HOOK_hookdump_ingress, false);
}
//@end

//@hook hookdump_egress
SEC("tc")
int hookdump_egress(struct __sk_buff *context)
{
	return capture(context, HOOK_hookdump_egress, true);
}
//@end
