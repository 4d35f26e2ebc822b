/*
 * libpcap as an oracle: reads questions, a line each, and answers each with a line.
 *
 *   compile LINKTYPE SNAPLEN OPTIMIZE EXPRESSION   -> "ok PROGRAM" or "error TEXT"
 *   run PROGRAM WIRELENGTH HEX                     -> the return value of bpf_filter()
 *   valid PROGRAM                                  -> 1 or 0, bpf_validate()
 *   image PROGRAM                                  -> bpf_image() of each instruction, joined by "|"
 *
 * A program is "code,jt,jf,k;code,jt,jf,k;..."; "-" stands for a packet without bytes.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bpf_insn instructions[65536];

static unsigned read_program(const char *text)
{
	unsigned count = 0, code, jt, jf, k;
	int used;

	while (sscanf(text, "%u,%u,%u,%u;%n", &code, &jt, &jf, &k, &used) == 4) {
		instructions[count++] = (struct bpf_insn){ code, jt, jf, k };
		text += used;
	}
	return count;
}

static void compile(char *arguments)
{
	int used = 0, snaplen, optimize;
	char link_type[64];
	struct bpf_program program;
	pcap_t *handle;

	if (sscanf(arguments, "%63s %d %d %n", link_type, &snaplen, &optimize, &used) != 3) {
		puts("error bad question");
		return;
	}
	handle = pcap_open_dead(pcap_datalink_name_to_val(link_type), snaplen);
	if (pcap_compile(handle, &program, arguments + used, optimize, PCAP_NETMASK_UNKNOWN) < 0) {
		printf("error %s\n", pcap_geterr(handle));
	} else {
		printf("ok ");
		for (unsigned i = 0; i < program.bf_len; i++) {
			struct bpf_insn *at = &program.bf_insns[i];
			printf("%u,%u,%u,%u;", at->code, at->jt, at->jf, at->k);
		}
		puts("");
		pcap_freecode(&program);
	}
	pcap_close(handle);
}

static void run(char *arguments)
{
	static unsigned char packet[65536];
	char *program = strtok(arguments, " ");
	unsigned wire_length = strtoul(strtok(NULL, " "), NULL, 10);
	char *hex = strtok(NULL, " ");
	unsigned length = *hex == '-' ? 0 : strlen(hex) / 2;

	/* Exactly as large as the packet, so that a sanitizer would see a read beyond it. */
	for (unsigned i = 0; i < length; i++) {
		unsigned byte;
		sscanf(hex + 2 * i, "%2x", &byte);
		packet[i] = byte;
	}
	read_program(program);
	printf("%u\n", bpf_filter(instructions, packet, wire_length, length));
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	while ((length = getline(&line, &size, stdin)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = 0;
		char *arguments = strchr(line, ' ') + 1;
		if (strncmp(line, "compile ", 8) == 0) {
			compile(arguments);
		} else if (strncmp(line, "run ", 4) == 0) {
			run(arguments);
		} else if (strncmp(line, "valid ", 6) == 0) {
			unsigned count = read_program(arguments);
			printf("%d\n", bpf_validate(instructions, count));
		} else {
			unsigned count = read_program(arguments);
			for (unsigned i = 0; i < count; i++)
				printf("%s|", bpf_image(&instructions[i], i));
			puts("");
		}
	}
	return 0;
}
