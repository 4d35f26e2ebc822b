/**
 * The numbers of the two file formats, shared by writers and readers.
 *
 * Sources: draft-ietf-opsawg-pcapng, draft-ietf-opsawg-pcap (pcap-savefile(5) for the magics).
 */

export const blockTypes = {
  interfaceDescription: 1,
  /** Obsolete since 2004; still met in old files. */
  packet: 2,
  simplePacket: 3,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  /** The same in both byte orders, so that it can be found before the order is known. */
  sectionHeader: 0x0a0d0d0a,
} as const;

export const byteOrderMagic = 0x1a2b3c4d;

/** Option codes that mean the same in every block. */
export const commonOptions = { end: 0, comment: 1 } as const;

export const sectionOptions = { hardware: 2, os: 3, application: 4 } as const;

export const interfaceOptions = {
  name: 2,
  description: 3,
  macAddress: 6,
  speed: 8,
  tsresol: 9,
  filter: 11,
  os: 12,
  tsoffset: 14,
  hardware: 15,
} as const;

/** First byte of if_filter when the rest is pcap-filter(7) text. */
export const filterKindText = 0;

export const packetOptions = {
  flags: 2,
  dropCount: 4,
  packetId: 5,
  queue: 6,
  verdict: 7,
  process: 8,
} as const;

/** First byte of epb_verdict. */
export const verdictKinds = { hardware: 0, tc: 1, xdp: 2 } as const;

export const statisticsOptions = {
  start: 2,
  end: 3,
  received: 4,
  dropped: 5,
  accepted: 6,
  osDropped: 7,
  delivered: 8,
} as const;

/** Magics of classic pcap files: what the timestamps' second field counts. */
export const pcapMagics = { microseconds: 0xa1b2c3d4, nanoseconds: 0xa1b23c4d } as const;

/** Option lengths are 16-bit. */
export const maxOptionLength = 0xffff;
