/**
 * What a capture file holds, free of any byte layout. What a reader gives, a writer takes.
 *
 * Source of the terms: draft-ietf-opsawg-pcapng. Timestamps are nanoseconds since the Unix epoch
 * everywhere in this package, whatever resolution a file uses. Optional fields admit `undefined`
 * so that a caller can keep one object and refill it per packet.
 */

/** An option that has no typed field here, or one whose length is not the specified one. */
export interface RawOption {
  readonly code: number;
  readonly data: Uint8Array;
}

/** What a Section Header Block says of the machine and the program that wrote the section. */
export interface SectionOptions {
  hardware?: string | undefined;
  os?: string | undefined;
  application?: string | undefined;
  comments?: readonly string[] | undefined;
  others?: readonly RawOption[] | undefined;
}

export interface InterfaceOptions {
  /** A LINKTYPE_ value (not a DLT_ one: RAW is 101, not 12). 16 bits. */
  linkType: number;
  /** Longest captured length in bytes; 0 means no limit. */
  snapLen: number;
  name?: string | undefined;
  description?: string | undefined;
  /** The capture filter, as pcap-filter(7) text. */
  filter?: string | undefined;
  os?: string | undefined;
  hardware?: string | undefined;
  /** 6 bytes. */
  macAddress?: Uint8Array | undefined;
  /** Bits per second. */
  speed?: bigint | undefined;
  comments?: readonly string[] | undefined;
  others?: readonly RawOption[] | undefined;
}

/**
 * What was decided about a packet. `tc` is a TC_ACT_ value (signed, -1 is TC_ACT_UNSPEC), `xdp` an
 * XDP_ value, `hardware` whatever bytes the hardware gave.
 */
export type Verdict =
  | { readonly kind: 'tc'; readonly value: bigint }
  | { readonly kind: 'xdp'; readonly value: bigint }
  | { readonly kind: 'hardware'; readonly data: Uint8Array };

export interface PacketOptions {
  comments?: readonly string[] | undefined;
  /** epb_flags, 32 bits: see `buildPacketFlags`. */
  flags?: number | undefined;
  /** Packets lost between the previous packet of this interface and this one. */
  dropCount?: bigint | undefined;
  /** The same number on two packets says that they are one packet seen at two places. */
  packetId?: bigint | undefined;
  queue?: number | undefined;
  /** A file may hold several; the reader puts the further ones among `others`. */
  verdict?: Verdict | undefined;
  /** epb_processid_threadid; no released Wireshark shows it. */
  process?: { readonly pid: number; readonly tid: number } | undefined;
  others?: readonly RawOption[] | undefined;
}

/** Counters of an interface since the start of the capture; all times in ns since the epoch. */
export interface StatisticsOptions {
  /** When the capture on this interface began and ended. */
  start?: bigint | undefined;
  end?: bigint | undefined;
  /** Packets that the interface received. */
  received?: bigint | undefined;
  /** Packets that the interface lost for lack of resources. */
  dropped?: bigint | undefined;
  /** Packets that the filter accepted. */
  accepted?: bigint | undefined;
  /** Packets that the operating system lost. */
  osDropped?: bigint | undefined;
  /** Packets that reached the user. */
  delivered?: bigint | undefined;
  comments?: readonly string[] | undefined;
  others?: readonly RawOption[] | undefined;
}

/** The start of a section of a pcapng file. A classic pcap file has none. */
export interface SectionHeader extends Readonly<SectionOptions> {
  readonly kind: 'section';
  readonly byteOrder: 'little' | 'big';
  readonly version: { readonly major: number; readonly minor: number };
  /** In bytes after the Section Header Block; undefined where the file does not say (-1). */
  readonly sectionLength: bigint | undefined;
}

/** An interface, from an Interface Description Block or from the header of a classic pcap file. */
export interface InterfaceDescription extends Readonly<InterfaceOptions> {
  readonly kind: 'interface';
  /** Counted through the whole file from 0. In a file of one section: the number in the file. */
  readonly id: number;
  /** Units of this interface's timestamps in the file: 1 000 000 unless if_tsresol says else. */
  readonly ticksPerSecond: bigint;
  /** if_tsoffset: seconds to add to the file's timestamps. Already added in `timestamp`. */
  readonly timestampOffset: bigint;
}

/** An Enhanced Packet Block, an obsolete Packet Block, or a record of a classic pcap file. */
export interface EnhancedPacket {
  readonly kind: 'packet';
  /** `id` of its interface. */
  readonly interface: number;
  /** Nanoseconds since the epoch; finer resolutions are rounded down. */
  readonly timestamp: bigint;
  /** Length on the wire; `data` can be shorter. */
  readonly originalLength: number;
  readonly data: Uint8Array;
  readonly options: PacketOptions;
}

/** A Simple Packet Block: a packet of the section's first interface, without a timestamp. */
export interface SimplePacket {
  readonly kind: 'simple-packet';
  readonly interface: number;
  readonly timestamp?: undefined;
  readonly originalLength: number;
  readonly data: Uint8Array;
  readonly options: PacketOptions;
}

export type Packet = EnhancedPacket | SimplePacket;

/** An Interface Statistics Block. */
export interface InterfaceStatistics extends Readonly<StatisticsOptions> {
  readonly kind: 'statistics';
  readonly interface: number;
  /** When the counters were read, nanoseconds since the epoch. */
  readonly timestamp: bigint;
}

/** A block that is not interpreted: name resolution, decryption secrets, custom, or unheard of. */
export interface UnknownBlock {
  readonly kind: 'unknown';
  readonly type: number;
  /** Between the two lengths, in the section's byte order. */
  readonly body: Uint8Array;
}

export type CaptureBlock =
  | SectionHeader
  | InterfaceDescription
  | Packet
  | InterfaceStatistics
  | UnknownBlock;
