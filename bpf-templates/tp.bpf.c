/* tp: packets of the classic tracepoints, whose events hold the sk_buff's address. */
#define SKB_UNTYPED
#define LOOK_UP_SYMBOLS
#define WINDOWS HOOK_COUNT
#include "include/generated.h"
#include "include/output_copy.h"
#include "include/capture_skb.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

//@each
/* The event of hook_target: where the address is differs from event to event and kernel to kernel. */
struct trace_event_raw_hook_event___hook_program {
	void *skbaddr;
} __attribute__((preserve_access_index));

SEC("tp/hook_target")
int hook_program(struct trace_event_raw_hook_event___hook_program *event)
{
	return capture(event->skbaddr, HOOK_hook_program, HOOK_PLACE, 0);
}
//@end
