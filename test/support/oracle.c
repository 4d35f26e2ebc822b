/*
 * libpcap as an oracle: reads questions, a line each, and answers each with a line.
 *
 *   compile LINKTYPE SNAPLEN OPTIMIZE EXPRESSION   -> "ok PROGRAM" or "error TEXT"
 *   run PROGRAM WIRELENGTH HEX                     -> the return value of bpf_filter()
 *   judge PROGRAM[|PROGRAM]... WIRELENGTH:HEX...   -> what each program returns for each packet:
 *                                                    "a,b c,d", packets apart by blanks
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

/*
 * Before the program, all of its scratch memory is set to 0, as A is at the start: libpcap's
 * interpreter leaves there what was on the stack, and some of libpcap's own programs read a word
 * that was not written on the way (`geneve or tcp`).
 */
static unsigned read_program_to_run(const char *text)
{
	unsigned count = read_program(text);

	memmove(instructions + BPF_MEMWORDS, instructions, count * sizeof(*instructions));
	for (unsigned i = 0; i < BPF_MEMWORDS; i++)
		instructions[i] = (struct bpf_insn){ BPF_ST, 0, 0, i };
	return count + BPF_MEMWORDS;
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
	read_program_to_run(program);
	printf("%u\n", bpf_filter(instructions, packet, wire_length, length));
}

static unsigned read_hex(const char *hex, unsigned char *packet)
{
	static const signed char digits[256] = {
		['1'] = 1, ['2'] = 2, ['3'] = 3, ['4'] = 4, ['5'] = 5, ['6'] = 6, ['7'] = 7, ['8'] = 8,
		['9'] = 9, ['a'] = 10, ['b'] = 11, ['c'] = 12, ['d'] = 13, ['e'] = 14, ['f'] = 15,
	};
	unsigned length = *hex == '-' ? 0 : strlen(hex) / 2;

	for (unsigned i = 0; i < length; i++)
		packet[i] = digits[(unsigned char)hex[2 * i]] << 4 | digits[(unsigned char)hex[2 * i + 1]];
	return length;
}

static void judge(char *arguments)
{
	static struct bpf_insn *programs[256];
	unsigned count = 0;
	char *rest, *text = strtok_r(arguments, " ", &rest), *packet_text;

	for (char *more, *program = strtok_r(text, "|", &more); program; program = strtok_r(NULL, "|", &more)) {
		unsigned size = read_program_to_run(program);
		programs[count] = malloc(size * sizeof(*instructions));
		memcpy(programs[count++], instructions, size * sizeof(*instructions));
	}
	while ((packet_text = strtok_r(NULL, " ", &rest))) {
		static unsigned char packet[65536];
		unsigned wire_length = strtoul(packet_text, &packet_text, 10);
		unsigned length = read_hex(packet_text + 1, packet);
		for (unsigned i = 0; i < count; i++)
			printf("%u%c", bpf_filter(programs[i], packet, wire_length, length), i + 1 < count ? ',' : ' ');
	}
	puts("");
	while (count > 0)
		free(programs[--count]);
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
		} else if (strncmp(line, "judge ", 6) == 0) {
			judge(arguments);
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
