// Written by tools/gen-record.mjs from bpf-templates/include/record.h: edit that, then run it.
// Offsets and sizes in bytes; integers are in the host's byte order.

/** One captured packet; `captured` bytes of it follow, from the frame's first byte. */
export const RECORD = {
  /** CLOCK_MONOTONIC, nanoseconds. */
  timestamp: { offset: 0, size: 8 },
  /** The sk_buff's address in the kernel: the same packet at two hooks has the same; 0 at XDP. */
  skb: { offset: 8, size: 8 },
  /** Inode number of the network namespace, as in /proc/PID/ns/net. */
  netns: { offset: 16, size: 4 },
  ifindex: { offset: 20, size: 4 },
  /** Bytes of the frame, from its first byte; a VLAN tag in metadata is not counted. */
  length: { offset: 24, size: 4 },
  /** Bytes that follow this record; the transport may pad after them. */
  captured: { offset: 28, size: 4 },
  /** Receive or transmit queue, from 0. */
  queue: { offset: 32, size: 4 },
  /** Index in the object's list of hooks. */
  hook: { offset: 36, size: 2 },
  /** ARPHRD_* of the device: what the frame begins with. */
  deviceType: { offset: 38, size: 2 },
  /** EtherType of the VLAN tag that the kernel keeps beside the bytes, host order; 0: no tag. */
  vlanProto: { offset: 40, size: 2 },
  /** That tag's priority, drop and id bits, host order. */
  vlanTci: { offset: 42, size: 2 },
  cpu: { offset: 44, size: 2 },
  /**
   * PACKET_* of if_packet.h: 0 for us, 1 broadcast, 2 multicast, 3 other host, 4 outgoing;
   * always 0 at XDP, where the kernel has not looked yet.
   */
  packetType: { offset: 46, size: 1 },
  /**
   * At fexit of a BPF program, what it returned (XDP_*, TC_ACT_*) plus 2, 255 for any number
   * that does not fit; else 0.
   */
  verdict: { offset: 47, size: 1 },
  /** The device's name, NUL-terminated. */
  ifname: { offset: 48, size: 16 },
} as const;

/** Bytes of a `struct record`. */
export const RECORD_SIZE = 64;

/** Counters of one hook; one for each CPU, in map `stats` under the hook's index. */
export const HOOK_STATS = {
  /** Packets that the hook saw where it was told to look. */
  seen: { offset: 0, size: 8 },
  /** Packets that the filter accepted, also if they were lost afterwards. */
  matched: { offset: 8, size: 8 },
  /** Accepted, but the buffer to user space was full. */
  lost: { offset: 16, size: 8 },
  /** Not decided or not captured because kernel memory could not be read. */
  failed: { offset: 24, size: 8 },
  /** The filter asked for bytes that are in pages, out of its reach; taken as no match. */
  undecided: { offset: 32, size: 8 },
  /** From a device whose link type no filter was compiled for; taken as no match. */
  unsupported: { offset: 40, size: 8 },
} as const;

/** Bytes of a `struct hook_stats`. */
export const HOOK_STATS_SIZE = 48;

/** A place to look at. */
export const TARGET = {
  /** Inode number of the network namespace. */
  netns: { offset: 0, size: 4 },
  /** 0: every device of the namespace. */
  ifindex: { offset: 4, size: 4 },
} as const;

/** Bytes of a `struct target`. */
export const TARGET_SIZE = 8;

/** The device that an XDP program is attached to, which the program itself cannot ask for. */
export const ATTACHED = {
  netns: { offset: 0, size: 4 },
  ifindex: { offset: 4, size: 4 },
  ifname: { offset: 8, size: 16 },
  /** ARPHRD_* */
  deviceType: { offset: 24, size: 4 },
} as const;

/** Bytes of a `struct attached`. */
export const ATTACHED_SIZE = 28;

/** How this kernel's pages are found in memory: both 0 where user space does not know. */
export const PAGE_MAP = {
  /** Where all of memory is mapped, from its byte 0 on: page_offset_base, PAGE_OFFSET. */
  memory: { offset: 0, size: 8 },
  /** The struct page of page 0: vmemmap. */
  pages: { offset: 8, size: 8 },
} as const;

/** Bytes of a `struct page_map`. */
export const PAGE_MAP_SIZE = 16;

export const MAX_TARGETS = 16;
