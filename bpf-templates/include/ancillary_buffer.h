/* What a filter asks for beside the bytes, of a buffer of a process: nobody knows. */
#pragma once
#include "ancillary_unknown.h"
#include "helpers.h"
#include "packet_buffer.h"

UNKNOWN(interface_index)
UNKNOWN(hardware_type)
UNKNOWN(queue)

static __always_inline __u32 ancillary_cpu(struct packet *packet)
{
	(void)packet;
	return bpf_get_smp_processor_id();
}
