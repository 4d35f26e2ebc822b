/* fentry, fexit: packets that a function of the kernel is called with, before it or behind it. */
#define LOOK_UP_SYMBOLS
/* `data` may have moved on to the transport header's payload. */
#define MAX_MAC_HEADER 128
#define WINDOWS HOOK_COUNT
#include "include/generated.h"
#include "include/output_perf.h"
#include "include/capture_skb.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

//@each
SEC("hook_section/hook_target")
int hook_program(__u64 *arguments)
{
	return capture((struct sk_buff *)arguments[HOOK_ARGUMENT], HOOK_hook_program, HOOK_PLACE, 0);
}
//@end
