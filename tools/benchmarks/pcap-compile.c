/*
 * Times libpcap's compiler. Reads questions, a line each, "OPTIMIZE COUNT FILTER", and answers each
 * with the nanoseconds that COUNT times pcap_compile() and pcap_freecode() took, for Ethernet.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(void)
{
	pcap_t *handle = pcap_open_dead(DLT_EN10MB, 262144);
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	while ((length = getline(&line, &size, stdin)) > 0) {
		int optimize, count, used;
		struct bpf_program program;

		line[length - 1] = 0;
		if (sscanf(line, "%d %d %n", &optimize, &count, &used) != 2)
			return 2;
		double start = now();
		for (int i = 0; i < count; i++) {
			if (pcap_compile(handle, &program, line + used, optimize, PCAP_NETMASK_UNKNOWN) < 0) {
				fprintf(stderr, "%s\n", pcap_geterr(handle));
				return 1;
			}
			pcap_freecode(&program);
		}
		printf("%.0f\n", now() - start);
		fflush(stdout);
	}
	return 0;
}
