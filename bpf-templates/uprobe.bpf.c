/* uprobe: packets that a function of a program or library gets, as a pointer and a length. */
#include "include/generated.h"
#include "include/ancillary_buffer.h"
#include "include/link_type.h"
#include "include/output_ring.h"
#include "include/packet_buffer.h"
#include "include/registers.h"
#include "include/stats.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* What the packets are to be taken for; set by user space. */
const volatile struct attached attached __attribute__((aligned(8))) = {
	.device_type = ARPHRD_NONE,
};

static __always_inline void describe(struct packet *packet, __u32 hook, struct record *record)
{
	__u64 *ifname = (void *)record->ifname;

	record->timestamp = bpf_ktime_get_ns();
	record->skb = 0;
	record->netns = attached.netns;
	record->ifindex = attached.ifindex;
	record->length = packet->length;
	record->queue = 0;
	record->hook = hook;
	record->device_type = attached.device_type;
	record->vlan_proto = 0;
	record->vlan_tci = 0;
	record->cpu = bpf_get_smp_processor_id();
	record->packet_type = 0;
	record->verdict = 0;
	ifname[0] = 0;
	ifname[1] = 0;
}

static __always_inline int capture(__u64 buffer, __u64 length, __u32 hook)
{
	struct hook_stats *counted = stats_of(hook);

	if (!counted)
		return 0;
	counted->seen++;

	struct window window;
	struct packet packet = {
		.start = (const unsigned char *)buffer,
		.length = length < 0xffffffff ? length : 0xffffffff,
		.window = window.bytes,
	};
	bool matched = filter(&packet, link_type_of(attached.device_type));

	if (!matched || packet.failed) {
		counted->failed += packet.failed;
		return 0;
	}
	counted->matched++;

	struct record record;

	describe(&packet, hook, &record);
	send_bytes(&record, packet.length, FROM_USER, packet.start, counted);
	return 0;
}

//@each
SEC("uprobe/hook_target")
int hook_program(struct pt_regs *registers)
{
	return capture(argument(registers, HOOK_ARGUMENT), argument(registers, HOOK_LENGTH),
		       HOOK_hook_program);
}
//@end
