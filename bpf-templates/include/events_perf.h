/* The perf buffer through which records leave. */
#pragma once
#include "helpers.h"
#include "record.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 0); /* libbpf: the number of CPUs */
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

/*
 * perf_event_header.size has 16 bits; a larger sample would be written with a wrong size and spoil
 * the ring. 64 bytes are left for the sample's own headers and padding.
 */
#define MAX_CAPTURED (0xffff - 64 - sizeof(struct record))
