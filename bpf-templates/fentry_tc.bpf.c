/* fentry, fexit: packets that a running tc program is called with; behind it, what it returned. */
#define LOOK_UP_SYMBOLS
#define WINDOWS HOOK_COUNT
#include "include/generated.h"
#include "include/output_perf.h"
#include "include/capture_skb.h"
#include "include/verdict.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

//@each
/* User space names the program before loading. The verifier knows that its context is an sk_buff. */
SEC("hook_section")
int hook_program(__u64 *arguments)
{
	return capture((struct sk_buff *)arguments[0], HOOK_hook_program, ANYWHERE,
		       HOOK_RETURNED ? verdict_of(arguments[HOOK_RETURNED]) : 0);
}
//@end
