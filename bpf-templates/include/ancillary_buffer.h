/* What a filter asks for beside the bytes, of a buffer of a process: nobody knows. */
#pragma once
#include "ancillary_unknown.h"
#include "helpers.h"
#include "interface_name.h"
#include "packet_buffer.h"

UNKNOWN(interface_index)
UNKNOWN(hardware_type)
UNKNOWN(queue)

static __always_inline __u32 ancillary_cpu(struct packet *packet)
{
	(void)packet;
	return bpf_get_smp_processor_id();
}

static __always_inline __u32 interface_name(struct packet *packet, const __u32 offset)
{
	(void)packet;
	(void)offset;
	return 0;
}
