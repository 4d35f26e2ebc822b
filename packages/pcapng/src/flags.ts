/**
 * epb_flags: what is known of how a packet arrived.
 *
 * Source: draft-ietf-opsawg-pcapng, "Enhanced Packet Block Flags Word". Wireshark 4.0 shows bits
 * 9 to 11 as reserved; it reads and keeps them.
 */

/** Absent fields are "not known". */
export interface PacketFlags {
  readonly direction?: 'inbound' | 'outbound';
  readonly reception?: 'unicast' | 'multicast' | 'broadcast' | 'promiscuous';
  /** Bytes of frame check sequence at the end of the data, 1 to 15. */
  readonly fcsLength?: number;
  /** The sender left the checksum to the device: it is wrong in the file. */
  readonly checksumNotReady?: boolean;
  /** The receiving device found the checksum right. */
  readonly checksumValid?: boolean;
  /** The packet is several of the wire's, not yet cut (TSO) or already joined (GRO). */
  readonly segmentationOffload?: boolean;
  /** Bits 16 to 31, depending on the link type (for Ethernet, bit 24 is "CRC error"), 16 bits. */
  readonly linkErrors?: number;
}

const directions = [undefined, 'inbound', 'outbound'] as const;
const receptions = [undefined, 'unicast', 'multicast', 'broadcast', 'promiscuous'] as const;

const receptionShift = 2;
const fcsShift = 5;
const checksumNotReady = 1 << 9;
const checksumValid = 1 << 10;
const segmentationOffload = 1 << 11;
const linkErrorShift = 16;

/** The 32-bit word for `PacketOptions.flags`. Throws RangeError on a field too large for its bits. */
export function buildPacketFlags(flags: PacketFlags): number {
  const { fcsLength = 0, linkErrors = 0 } = flags;
  requireBits('fcsLength', fcsLength, 4);
  requireBits('linkErrors', linkErrors, 16);
  const word =
    directions.indexOf(flags.direction) |
    (receptions.indexOf(flags.reception) << receptionShift) |
    (fcsLength << fcsShift) |
    (flags.checksumNotReady === true ? checksumNotReady : 0) |
    (flags.checksumValid === true ? checksumValid : 0) |
    (flags.segmentationOffload === true ? segmentationOffload : 0) |
    (linkErrors << linkErrorShift);
  return word >>> 0;
}

/** The inverse; bits and values without a meaning are left out. */
export function parsePacketFlags(word: number): PacketFlags {
  const direction = directions[word & 3];
  const reception = receptions[(word >> receptionShift) & 7];
  const fcsLength = (word >> fcsShift) & 15;
  const linkErrors = word >>> linkErrorShift;
  return {
    ...(direction !== undefined && { direction }),
    ...(reception !== undefined && { reception }),
    ...(fcsLength !== 0 && { fcsLength }),
    ...((word & checksumNotReady) !== 0 && { checksumNotReady: true }),
    ...((word & checksumValid) !== 0 && { checksumValid: true }),
    ...((word & segmentationOffload) !== 0 && { segmentationOffload: true }),
    ...(linkErrors !== 0 && { linkErrors }),
  };
}

function requireBits(name: string, value: number, bits: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
    throw new RangeError(`packet flags: ${name} ${value} does not fit in ${bits} bits`);
  }
}
