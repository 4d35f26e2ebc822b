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

/* How libbpf wants maps described in .maps: numbers as array lengths, types as pointers to them. */
#define __uint(name, value) int(*name)[value]
#define __type(name, value) __typeof__(value) *name

/*
 * Makes a value opaque to the compiler: what is compared afterwards and what is then used stay one
 * register, and the verifier, which knows bounds by register, can follow. For values of 64 bits: of
 * a narrower one it may not know that the upper half is 0.
 */
#define opaque(value) __asm__ volatile("" : "+r"(value))

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
