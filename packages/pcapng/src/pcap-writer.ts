import { requirePacketLengths, requireUint } from './check.ts';
import { ChunkBuffer, type WriteChunk } from './chunk-buffer.ts';
import { pcapMagics } from './format.ts';
import { nanosecondsPerSecond } from './timestamps.ts';

export interface PcapHeader {
  /** A LINKTYPE_ value, 16 bits. */
  readonly linkType: number;
  /** Longest captured length in bytes, at least 1: libpcap makes up a value for 0. */
  readonly snapLen: number;
}

export interface PcapPacketToWrite {
  /** Nanoseconds since the epoch; the format counts seconds in 32 bits, until 2106. */
  readonly timestamp: bigint;
  /** Copied during the call. */
  readonly data: Uint8Array;
  readonly originalLength: number;
}

const fileHeaderLength = 24;
const recordHeaderLength = 16;

/**
 * Writes a classic pcap file: little-endian, version 2.4, nanosecond timestamps. Chunks, errors and
 * arguments as with `PcapngWriter`. Source: draft-ietf-opsawg-pcap, pcap-savefile(5).
 */
export class PcapWriter {
  readonly #buffer: ChunkBuffer;
  readonly #snapLen: number;

  constructor(write: WriteChunk, { linkType, snapLen }: PcapHeader) {
    requireUint('link type', linkType, 16);
    requireUint('snapshot length', snapLen, 32);
    if (snapLen === 0) throw new RangeError('snapshot length 0 has no meaning in a pcap file');
    this.#snapLen = snapLen;
    this.#buffer = new ChunkBuffer(write);
    this.#buffer.reserve(fileHeaderLength);
    const { view } = this.#buffer;
    view.setUint32(0, pcapMagics.nanoseconds, true);
    view.setUint16(4, 2, true);
    view.setUint16(6, 4, true);
    // Time zone and accuracy: always 0.
    view.setUint32(8, 0, true);
    view.setUint32(12, 0, true);
    view.setUint32(16, snapLen, true);
    view.setUint32(20, linkType, true);
    this.#buffer.at += fileHeaderLength;
    this.#buffer.commit();
  }

  /** Bytes of the file so far, flushed or not. */
  get size(): number {
    return this.#buffer.size;
  }

  packet({ timestamp, data, originalLength }: PcapPacketToWrite): void {
    requirePacketLengths(data.length, originalLength, this.#snapLen);
    const seconds = Number(timestamp / nanosecondsPerSecond);
    if (timestamp < 0n || seconds > 0xffffffff) {
      throw new RangeError(`timestamp ${timestamp} does not fit in a pcap file`);
    }
    const buffer = this.#buffer;
    buffer.reserve(recordHeaderLength + data.length);
    const { view, at } = buffer;
    view.setUint32(at, seconds, true);
    view.setUint32(at + 4, Number(timestamp % nanosecondsPerSecond), true);
    view.setUint32(at + 8, data.length, true);
    view.setUint32(at + 12, originalLength, true);
    buffer.bytes.set(data, at + recordHeaderLength);
    buffer.at = at + recordHeaderLength + data.length;
    buffer.commit();
  }

  flush(): void {
    this.#buffer.flush();
  }
}
