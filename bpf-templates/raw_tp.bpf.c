/* raw_tp: packets that a tracepoint is called with, in an argument of our choice. */
#define SKB_UNTYPED
#define LOOK_UP_SYMBOLS
#define WINDOWS HOOK_COUNT
#include "include/generated.h"
#include "include/output_copy.h"
#include "include/capture_skb.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

//@each
SEC("raw_tp/hook_target")
int hook_program(__u64 *arguments)
{
	return capture((struct sk_buff *)arguments[HOOK_ARGUMENT], HOOK_hook_program, HOOK_PLACE, 0);
}
//@end
