import { type EmitOptions, emitC, windowBytes } from '@hookdump/codegen';
import type { Program } from '@hookdump/filter';
import { inlineHeaders } from '../../packages/codegen/src/source/render.ts';
import type { Field } from '../../packages/codegen/src/testing/programs.ts';

/**
 * Two XDP programs around the access strategy for sk_buffs, which cannot be test-run itself: the
 * frame is where an sk_buff's would be, as far as bpf_probe_read_kernel sees. The last `paged` bytes
 * are claimed to be in pages. `verdict` returns the filter's value, `undecided` whether it gave up.
 *
 * @param known what the kernel would say of every frame beside its bytes
 * @param options how the filter's function is emitted
 */
export function skbHarness(
  program: Program,
  paged: number,
  known: Readonly<Record<Field, number>>,
  options: Omit<EmitOptions, 'name'> = {},
): string {
  return inlineHeaders(
    [
      'enum { WINDOW = ',
      String(windowBytes([program])),
      ' };\n',
      // There is no sk_buff: what is read of it fails.
      '#define SKB_UNTYPED\n#include "include/packet_skb.h"\n',
      ...Object.entries(known).map(([field, value]) => ancillaryFunction(field, value)),
      emitC(program, { ...options, name: 'filter' }),
      HARNESS.replaceAll('PAGED', String(paged)),
    ].join(''),
  );
}

/** A function as ancillary_skb.h has them; the compiler cannot know what it gives. */
function ancillaryFunction(field: string, value: number): string {
  const name = field.replaceAll('-', '_');
  return `
const volatile __u32 known_${name} = ${value};

static __always_inline __u32 ancillary_${name}(struct packet *packet)
{
	(void)packet;
	return known_${name};
}
`;
}

const HARNESS = `
char LICENSE[] SEC("license") = "GPL";

struct xdp_md {
	__u32 data;
	__u32 data_end;
};

struct {
	__uint(type, 2); /* BPF_MAP_TYPE_ARRAY */
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} scratch SEC(".maps");

static __always_inline __u32 decide(struct xdp_md *context, bool want_verdict)
{
	__u32 zero = 0;
	__u64 *slot = bpf_map_lookup_elem(&scratch, &zero);

	if (!slot)
		return 77;
	/* Through a map: what was a packet pointer for the verifier is a number. */
	*(volatile __u64 *)slot = (__u64)context->data;

	__u32 length = (const __u8 *)(__u64)context->data_end - (const __u8 *)(__u64)context->data;

	struct packet packet = {
		.start = (const unsigned char *)*(volatile __u64 *)slot,
		.length = length,
		.linear = length > PAGED ? length - PAGED : 0,
	};

	if (!open_packet(&packet, 0))
		return 78;
	__u32 verdict = filter(&packet);

	if (packet.failed)
		return 79;
	return want_verdict ? verdict : verdict == 0 && is_undecided(&packet);
}

SEC("xdp")
int verdict(struct xdp_md *context)
{
	return decide(context, true);
}

SEC("xdp")
int undecided(struct xdp_md *context)
{
	return decide(context, false);
}
`;
