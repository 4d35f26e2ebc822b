/*
 * What the test objects need of the BPF ABI, in our own words: they take neither vmlinux.h nor the
 * headers of libc or libbpf. Numbers are those of linux/bpf.h.
 */
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))

/* libbpf reads a map's definition from the types of these members. */
#define NUMBER(name, value) int(*name)[value]
#define TYPE(name, type) type *name

#define MAP_HASH 1
#define MAP_ARRAY 2
#define MAP_PERF_EVENT_ARRAY 4
#define MAP_PERCPU_ARRAY 6
#define MAP_RINGBUF 27

#define RB_NO_WAKEUP 1
#define RB_FORCE_WAKEUP 2
#define RB_AVAIL_DATA 0

#define CURRENT_CPU 0xffffffffULL

#define XDP_DROP 1
#define XDP_PASS 2

struct xdp_md {
  u32 data;
  u32 data_end;
  u32 data_meta;
  u32 ingress_ifindex;
  u32 rx_queue_index;
  u32 egress_ifindex;
};

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static long (*const bpf_perf_event_output)(void *ctx, void *map, u64 flags, void *data,
                                           u64 size) = (void *)25;
static void *(*const bpf_ringbuf_reserve)(void *ringbuf, u64 size, u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, u64 flags) = (void *)132;
static void (*const bpf_ringbuf_discard)(void *data, u64 flags) = (void *)133;
static long (*const bpf_ringbuf_output)(void *ringbuf, void *data, u64 size, u64 flags) = (void *)130;
static u64 (*const bpf_ringbuf_query)(void *ringbuf, u64 flags) = (void *)134;

const char gpl[] SEC("license") = "GPL";
