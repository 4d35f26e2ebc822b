/* One program for each way to be refused; which one is chosen by -D. */
#include "bpf.h"

struct {
  NUMBER(type, MAP_ARRAY);
  NUMBER(max_entries, 1);
  NUMBER(key_size, 4);
  NUMBER(value_size, 64);
} table SEC(".maps");

#ifdef INVALID_ACCESS
SEC("xdp")
int refused(struct xdp_md *ctx) {
  return *(u8 *)(long)(ctx->rx_queue_index + 64ULL); /* a number is no pointer */
}
#endif

#ifdef PACKET_BOUNDS
SEC("xdp")
int refused(struct xdp_md *ctx) {
  return ((u8 *)(long)ctx->data)[13]; /* data_end not looked at */
}
#endif

#ifdef UNKNOWN_HELPER
static long (*const not_there)(void) = (void *)9999;
SEC("xdp")
int refused(struct xdp_md *ctx) {
  return not_there();
}
#endif

#ifdef FORBIDDEN_HELPER
static long (*const bpf_skb_output)(void *ctx, void *map, u64 flags, void *data, u64 size) = (void *)111;
SEC("xdp")
int refused(struct xdp_md *ctx) {
  u64 nothing = 0;
  return bpf_skb_output(ctx, &table, 0, &nothing, 8);
}
#endif

#ifdef UNBOUNDED
SEC("xdp")
int refused(struct xdp_md *ctx) {
  u32 zero = 0;
  u8 *value = bpf_map_lookup_elem(&table, &zero);
  return value ? value[ctx->rx_queue_index] : 0;
}
#endif

#ifdef TOO_COMPLEX
SEC("xdp")
int refused(struct xdp_md *ctx) {
  volatile u64 sum = 0;
  for (u64 i = 0; i < 100000000; i++) sum += i;
  return sum;
}
#endif

#ifdef STACK
static __attribute__((noinline)) int inner(u32 n) {
  volatile u8 room[400];
  room[n & 255] = 1;
  return room[n & 127];
}
SEC("xdp")
int refused(struct xdp_md *ctx) {
  volatile u8 room[400];
  room[ctx->rx_queue_index & 255] = 1;
  return inner(ctx->rx_queue_index) + room[0];
}
#endif

#ifdef UNKNOWN_TRACEPOINT
SEC("tp_btf/no_such_tracepoint")
int refused(u64 *ctx) {
  return 0;
}
#endif

#ifdef NO_PERMISSION_XDP
SEC("xdp")
int refused(struct xdp_md *ctx) {
  return XDP_PASS;
}
#endif

#ifdef NO_PERMISSION_TRACING
SEC("tp_btf/netif_receive_skb")
int refused(u64 *ctx) {
  return 0;
}
#endif
