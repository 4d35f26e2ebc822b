/* Counters that user space reads: nothing is dropped in silence. */
#pragma once
#include "helpers.h"
#include "record.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, HOOK_COUNT);
	__type(key, __u32);
	__type(value, struct hook_stats);
} stats SEC(".maps");

static __always_inline struct hook_stats *stats_of(__u32 hook)
{
	return bpf_map_lookup_elem(&stats, &hook);
}
