/*
 * A process with a function that gets packets: reads them as lines of hex, calls emit() with each and
 * then answers `ok`. A packet ends where memory does: what is read behind it is a fault.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

/* Called through a volatile pointer, so that no compiler knows what becomes of the arguments. */
__attribute__((noinline)) void emit(const unsigned char *packet, unsigned long length)
{
	__asm__ volatile("" : : "r"(packet), "r"(length) : "memory");
}
static void (*volatile emit_to)(const unsigned char *, unsigned long) = emit;

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

int main(void)
{
	const size_t room = 65536;
	unsigned char *memory = mmap(NULL, 2 * room, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char *end = memory + room;
	char *line = NULL;
	size_t size = 0;
	ssize_t got;

	if (memory == MAP_FAILED || mprotect(end, room, PROT_NONE))
		return 1;
	/* A uprobe sees all processes of the file: one after the other. Ends with the process. */
	if (flock(open("/proc/self/exe", O_RDONLY), LOCK_EX))
		return 1;
	puts("ready");
	fflush(stdout);
	while ((got = getline(&line, &size, stdin)) > 0) {
		size_t length = got / 2;

		if (length > room)
			return 1;
		for (size_t i = 0; i < length; i++)
			(end - length)[i] = digit(line[2 * i]) << 4 | digit(line[2 * i + 1]);
		emit_to(end - length, length);
		puts("ok");
		fflush(stdout);
	}
	return 0;
}
