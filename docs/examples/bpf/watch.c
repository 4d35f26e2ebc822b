// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Attaches the XDP program of an object to a device, and prints a line for each packet that matches,
 * until it is told to end; the program goes with it.
 *
 *   hookc --hook xdp --emit object -o icmp.bpf.o icmp
 *   cc watch.c -o watch -lbpf
 *   ./watch icmp.bpf.o eth0
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>

/* Begins as struct record of bpf-templates/include/record.h does; the packet's bytes follow that. */
struct record {
	unsigned long long timestamp, skb;
	unsigned int netns, ifindex, length, captured;
};

static int on_record(void *context, void *data, size_t size)
{
	const struct record *record = data;

	printf("%u bytes on interface %u\n", record->length, record->ifindex);
	return fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned int device = argc == 3 ? if_nametoindex(argv[2]) : 0;
	struct bpf_object *object = device ? bpf_object__open_file(argv[1], NULL) : NULL;

	if (!object || bpf_object__load(object)) /* libbpf says why on standard error */
		return 1;
	int events = bpf_object__find_map_fd_by_name(object, "events");
	struct ring_buffer *ring = ring_buffer__new(events, on_record, NULL, NULL);

	if (!ring || !bpf_program__attach_xdp(bpf_object__next_program(object, NULL), device))
		return 1;
	while (ring_buffer__consume(ring) >= 0) /* the kernel wakes readers at 64 KiB only */
		usleep(10000);
	return 1;
}
