import { readFileSync } from 'node:fs';
import { type Packet, readCapture } from '@hookdump/pcapng';

/** A packet as two captures of it are compared. */
export interface Frame {
  /** Hexadecimal, then the length on the wire. */
  readonly text: string;
  /** Nanoseconds since the epoch. */
  readonly timestamp: bigint;
  /** The interface's name in the file; empty in classic pcap. */
  readonly interface: string;
}

/** All packets of a capture file, pcap or pcapng. */
export function readFrames(path: string): Frame[] {
  const { packets, interfaces, error } = readCapture(readFileSync(path));
  if (error !== undefined) throw error;
  return packets.map((packet: Packet) => ({
    text: `${Buffer.from(packet.data).toString('hex')} of ${packet.originalLength}`,
    timestamp: packet.timestamp ?? 0n,
    interface: interfaces[packet.interface]?.name ?? '',
  }));
}
