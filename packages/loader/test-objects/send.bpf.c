/*
 * XDP programs that send, for each run, one record: a header with a running number, then the first
 * `payload` bytes of the packet. What could not be sent is counted.
 */
#include "bpf.h"

#define MOST 1024

const volatile u32 payload = 64;
const volatile u8 retval = XDP_PASS;

struct record {
  u64 number;
  u64 time;
  u32 cpu;
  u32 length;
  u8 bytes[MOST];
};
#define HEADER 24

struct counts {
  u64 sent;
  u64 failed;
};

struct {
  NUMBER(type, MAP_ARRAY);
  NUMBER(max_entries, 1);
  TYPE(key, u32);
  TYPE(value, struct counts);
} counts SEC(".maps");

struct {
  NUMBER(type, MAP_PERCPU_ARRAY);
  NUMBER(max_entries, 1);
  TYPE(key, u32);
  TYPE(value, struct record);
} scratch SEC(".maps");

struct {
  NUMBER(type, MAP_RINGBUF);
  NUMBER(max_entries, 1 << 20);
} ring SEC(".maps");

struct {
  NUMBER(type, MAP_PERF_EVENT_ARRAY);
  NUMBER(key_size, 4);
  NUMBER(value_size, 4);
} perf SEC(".maps");

/* The record of this run without its number, or 0; `size` is its length. */
static __attribute__((always_inline)) struct record *fill(struct xdp_md *ctx, u32 *size) {
  u32 zero = 0;
  struct record *record = bpf_map_lookup_elem(&scratch, &zero);
  if (!record) return 0;
  u8 *data = (u8 *)(long)ctx->data;
  u8 *end = (u8 *)(long)ctx->data_end;
  u32 length = payload;
  if (length > MOST) length = MOST;
  for (u32 i = 0; i < MOST; i++) {
    if (i >= length || data + i + 1 > end) break;
    record->bytes[i] = data[i];
  }
  record->time = bpf_ktime_get_ns();
  record->cpu = bpf_get_smp_processor_id();
  record->length = length;
  *size = HEADER + length;
  return record;
}

static __attribute__((always_inline)) struct counts *count(void) {
  u32 zero = 0;
  return bpf_map_lookup_elem(&counts, &zero);
}

SEC("xdp")
int send_ring(struct xdp_md *ctx) {
  u32 size;
  struct record *record = fill(ctx, &size);
  struct counts *counted = count();
  if (!record || !counted) return 0;
  record->number = counted->sent;
  if (size > sizeof *record) return 0;
  u64 flags = bpf_ringbuf_query(&ring, RB_AVAIL_DATA) >= 65536 ? RB_FORCE_WAKEUP : RB_NO_WAKEUP;
  if (bpf_ringbuf_output(&ring, record, size, flags) == 0)
    counted->sent++;
  else
    counted->failed++;
  return retval;
}

SEC("xdp")
int send_perf(struct xdp_md *ctx) {
  u32 size;
  struct record *record = fill(ctx, &size);
  struct counts *counted = count();
  if (!record || !counted) return 0;
  record->number = counted->sent;
  if (size > sizeof *record) return 0;
  if (bpf_perf_event_output(ctx, &perf, CURRENT_CPU, record, size) == 0)
    counted->sent++;
  else
    counted->failed++;
  return retval;
}
