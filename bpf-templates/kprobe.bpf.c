/* kprobe: packets that any function of the kernel is called with, in an argument of our choice. */
#define SKB_UNTYPED
#define LOOK_UP_SYMBOLS
#define WINDOWS HOOK_COUNT
#include "include/generated.h"
#include "include/output_copy.h"
#include "include/capture_skb.h"
#include "include/registers.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

//@each
SEC("kprobe/hook_target")
int hook_program(struct pt_regs *registers)
{
	return capture((struct sk_buff *)argument(registers, HOOK_ARGUMENT), HOOK_hook_program,
		       HOOK_PLACE, 0);
}
//@end
