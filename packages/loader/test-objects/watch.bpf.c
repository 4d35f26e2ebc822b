/* Programs that do nothing but count, one for a tracepoint and one for XDP; and some maps. */
#include "bpf.h"

struct {
  NUMBER(type, MAP_HASH);
  NUMBER(max_entries, 4);
  TYPE(key, u32);
  TYPE(value, u64);
} table SEC(".maps");

struct {
  NUMBER(type, MAP_PERCPU_ARRAY);
  NUMBER(max_entries, 2);
  NUMBER(key_size, 4);
  NUMBER(value_size, 12);
} percpu SEC(".maps");

static __attribute__((always_inline)) void count(u32 key) {
  u32 *value = bpf_map_lookup_elem(&percpu, &key);
  if (value) value[0]++;
}

SEC("tp_btf/netif_receive_skb")
int watch_receive(u64 *ctx) {
  count(0);
  return 0;
}

SEC("xdp")
int watch_xdp(struct xdp_md *ctx) {
  count(1);
  return XDP_PASS;
}
