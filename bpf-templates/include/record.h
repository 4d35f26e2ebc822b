/*
 * What the kernel side and user space both know. User space's offsets are generated from this file
 * by tools/gen-record.mjs: fixed-width fields, naturally aligned, no implicit padding, and a comment
 * above or beside each field.
 */
#pragma once
#include "types.h"

/** One captured packet; `captured` bytes of it follow, from the frame's first byte. */
struct record {
	/** CLOCK_MONOTONIC, nanoseconds. */
	__u64 timestamp;
	/** The sk_buff's address in the kernel: the same packet at two hooks has the same; 0 at XDP. */
	__u64 skb;
	/** Inode number of the network namespace, as in /proc/PID/ns/net. */
	__u32 netns;
	__u32 ifindex;
	/** Bytes of the frame, from its first byte; a VLAN tag in metadata is not counted. */
	__u32 length;
	/** Bytes that follow this record; the transport may pad after them. */
	__u32 captured;
	/** Receive or transmit queue, from 0. */
	__u32 queue;
	/** Index in the object's list of hooks. */
	__u16 hook;
	/** ARPHRD_* of the device: what the frame begins with. */
	__u16 device_type;
	/** EtherType of the VLAN tag that the kernel keeps beside the bytes, host order; 0: no tag. */
	__u16 vlan_proto;
	/** That tag's priority, drop and id bits, host order. */
	__u16 vlan_tci;
	__u16 cpu;
	/** PACKET_* of if_packet.h: 0 for us, 1 broadcast, 2 multicast, 3 other host, 4 outgoing;
	 * always 0 at XDP, where the kernel has not looked yet. */
	__u8 packet_type;
	/** At fexit of a BPF program, what it returned (XDP_*, TC_ACT_*) plus 2, 255 for any number
	 * that does not fit; else 0. */
	__u8 verdict;
	/** The device's name, NUL-terminated. */
	char ifname[16];
};

/** Counters of one hook; one for each CPU, in map `stats` under the hook's index. */
struct hook_stats {
	/** Packets that the hook saw where it was told to look. */
	__u64 seen;
	/** Packets that the filter accepted, also if they were lost afterwards. */
	__u64 matched;
	/** Accepted, but the buffer to user space was full. */
	__u64 lost;
	/** Not decided or not captured because kernel memory could not be read. */
	__u64 failed;
	/** The filter asked for bytes that are in pages, out of its reach; taken as no match. */
	__u64 undecided;
	/** From a device whose link type no filter was compiled for; taken as no match. */
	__u64 unsupported;
};

/** A place to look at. */
struct target {
	/** Inode number of the network namespace. */
	__u32 netns;
	/** 0: every device of the namespace. */
	__u32 ifindex;
};

/** The device that an XDP program is attached to, which the program itself cannot ask for. */
struct attached {
	__u32 netns;
	__u32 ifindex;
	char ifname[16];
	/** ARPHRD_* */
	__u32 device_type;
};

/** How this kernel's pages are found in memory: both 0 where user space does not know. */
struct page_map {
	/** Where all of memory is mapped, from its byte 0 on: page_offset_base, PAGE_OFFSET. */
	__u64 memory;
	/** The struct page of page 0: vmemmap. */
	__u64 pages;
};

_Static_assert(sizeof(struct record) == 64, "struct record has padding");
_Static_assert(sizeof(struct hook_stats) == 48, "struct hook_stats has padding");
_Static_assert(sizeof(struct target) == 8, "struct target has padding");
_Static_assert(sizeof(struct attached) == 28, "struct attached has padding");
_Static_assert(sizeof(struct page_map) == 16, "struct page_map has padding");

/* Entries of `targets`. */
#define MAX_TARGETS 16
