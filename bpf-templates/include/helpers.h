/* Kernel helpers by their number in enum bpf_func_id (include/uapi/linux/bpf.h, never renumbered). */
#pragma once
#include "types.h"

/* A symbol of the kernel, found when the object is loaded; weak: address 0 where there is none. */
#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#define __weak __attribute__((weak))
#endif

#define HELPER __attribute__((unused)) static

HELPER void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
HELPER __u64 (*bpf_ktime_get_ns)(void) = (void *)5;
HELPER __u32 (*bpf_get_smp_processor_id)(void) = (void *)8;
HELPER long (*bpf_perf_event_output)(void *context, void *map, __u64 flags, void *data,
				     __u64 size) = (void *)25;
HELPER long (*bpf_skb_load_bytes)(const void *skb, __u32 offset, void *to, __u32 size) = (void *)26;
HELPER long (*bpf_skb_output)(void *skb, void *map, __u64 flags, void *data, __u64 size) =
	(void *)111;
HELPER long (*bpf_probe_read_user)(void *to, __u32 size, const void *from) = (void *)112;
HELPER long (*bpf_probe_read_kernel)(void *to, __u32 size, const void *from) = (void *)113;
HELPER long (*bpf_xdp_output)(void *xdp, void *map, __u64 flags, void *data, __u64 size) =
	(void *)121;
HELPER long (*bpf_ringbuf_output)(void *ring, void *data, __u64 size, __u64 flags) = (void *)130;
HELPER void *(*bpf_ringbuf_reserve)(void *ring, __u64 size, __u64 flags) = (void *)131;
HELPER void (*bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)132;
HELPER void (*bpf_ringbuf_discard)(void *data, __u64 flags) = (void *)133;
HELPER __u64 (*bpf_ringbuf_query)(void *ring, __u64 what) = (void *)134;
HELPER long (*bpf_loop)(__u32 count, void *step, void *context, __u64 flags) = (void *)181;
HELPER __u64 (*bpf_xdp_get_buff_len)(void *context) = (void *)188;
HELPER long (*bpf_xdp_load_bytes)(void *context, __u32 offset, void *to, __u32 size) = (void *)189;
HELPER long (*bpf_dynptr_read)(void *to, __u32 size, const void *dynptr, __u32 offset, __u64 flags) =
	(void *)201;

enum { BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4, BPF_MAP_TYPE_PERCPU_ARRAY = 6, BPF_MAP_TYPE_RINGBUF = 27 };

#define BPF_F_CURRENT_CPU 0xffffffffULL
#define BPF_RB_NO_WAKEUP 1
#define BPF_RB_FORCE_WAKEUP 2
#define BPF_RB_AVAIL_DATA 0
