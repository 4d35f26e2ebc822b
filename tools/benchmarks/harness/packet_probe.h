/* The access strategy that others have at tracing hooks: a helper call for each load. */
#include "include/types.h"

struct packet {
	const __u8 *start;
	__u64 length;
	bool ended;
};

#include "include/access.h"
#include "include/helpers.h"

static __always_inline __u64 length_of(struct packet *packet)
{
	return packet->length;
}

static __always_inline bool fetch(struct packet *packet, __u64 at, const __u32 size, void *to)
{
	if (at + size <= packet->length && bpf_probe_read_kernel(to, size, packet->start + at) == 0)
		return true;
	packet->ended = true;
	return false;
}

/* No fast way. */
#define first_try(filter, packet) UNSURE

static __always_inline bool open_view(struct view *view, const __u64 most, const __u64 first,
				      const __u64 end)
{
	(void)view, (void)most, (void)first, (void)end;
	return false;
}

static __always_inline void peek(struct view view, __u64 offset, const __u32 size, void *to)
{
	(void)view, (void)offset, (void)size, (void)to;
}
