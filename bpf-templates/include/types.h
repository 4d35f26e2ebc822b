/* The few words of C that a BPF program needs and that a freestanding compiler does not have. */
#pragma once

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;

typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

#define SEC(name) __attribute__((section(name), used))
/* "unused": every filter uses some of the functions here, none uses all. */
#define __always_inline inline __attribute__((always_inline, unused))
#define __noinline __attribute__((noinline, unused))
/*
 * Inlined, and what messages of the verifier quote is the line that it is called from. Not for what
 * reads the kernel's structs, which the loader finds by debug information.
 */
#define __transparent __always_inline __attribute__((nodebug))

/* How libbpf wants maps described in .maps: numbers as array lengths, types as pointers to them. */
#define __uint(name, value) int(*name)[value]
#define __type(name, value) __typeof__(value) *name

/* Where a field is compared with several numbers, a compiler asks for the likely one first. */
#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/*
 * Makes a value opaque to the compiler: what is compared afterwards and what is then used stay one
 * register, and the verifier, which knows bounds by register, can follow. For values of 64 bits: of
 * a narrower one it may not know that the upper half is 0.
 */
#define opaque(value) __asm__ volatile("" : "+r"(value))

/*
 * Makes a value of 64 bits `most` where it is more. In one register: compilers may compare a copy of
 * what they have put on the stack, and from that the verifier learns nothing of what is there.
 */
#define cap(value, most)                                                                           \
	__asm__ volatile("if %0 <= %1 goto +1\n\t%0 = %1" : "+r"(value) : "i"(most))

/* The number whose `size` bytes (1 to 8) are the first of `number` in memory, the others being 0. */
static __transparent __u64 first_bytes(__u64 number, __u32 size)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? number : number >> (64 - 8 * size);
}

/* Packets are big-endian. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define from_be16(value) __builtin_bswap16(value)
#define from_be32(value) __builtin_bswap32(value)
#define from_be64(value) __builtin_bswap64(value)
#else
#define from_be16(value) (value)
#define from_be32(value) (value)
#define from_be64(value) (value)
#endif
