/**
 * Classic pcap, both byte orders, microseconds and nanoseconds. Source: draft-ietf-opsawg-pcap,
 * pcap-savefile(5).
 */

import type { CaptureBlock } from './blocks.ts';
import type { ByteWindow } from './byte-window.ts';
import { CaptureFileError } from './error.ts';
import { pcapMagics } from './format.ts';
import { toNanoseconds } from './timestamps.ts';

const fileHeaderLength = 24;
const recordHeaderLength = 16;

interface FileUnit {
  readonly littleEndian: boolean;
  readonly ticksPerSecond: bigint;
  readonly timestampOffset: 0n;
}

/** What the magic says; undefined if it is not classic pcap's. */
export function readPcapMagic(view: DataView, at: number): FileUnit | undefined {
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(at, littleEndian);
    if (magic === pcapMagics.microseconds) {
      return { littleEndian, ticksPerSecond: 1_000_000n, timestampOffset: 0n };
    }
    if (magic === pcapMagics.nanoseconds) {
      return { littleEndian, ticksPerSecond: 1_000_000_000n, timestampOffset: 0n };
    }
  }
  return undefined;
}

/** Gives one interface, then its packets. */
export class PcapDecoder {
  readonly #unit: FileUnit;
  readonly #maxBlockLength: number;
  #headerRead = false;

  constructor(unit: FileUnit, maxBlockLength: number) {
    this.#unit = unit;
    this.#maxBlockLength = maxBlockLength;
  }

  /** The next block, moving the window over it; undefined until all of it has arrived. */
  next(window: ByteWindow): CaptureBlock | undefined {
    if (this.#headerRead) return this.#record(window);
    const header = this.#header(window);
    this.#headerRead = header !== undefined;
    return header;
  }

  #header(window: ByteWindow): CaptureBlock | undefined {
    if (window.available < fileHeaderLength) return undefined;
    const { view, at, offset } = window;
    const { littleEndian, ticksPerSecond, timestampOffset } = this.#unit;
    const major = view.getUint16(at + 4, littleEndian);
    const minor = view.getUint16(at + 6, littleEndian);
    // Before 2.4 (1996) the two lengths of a record could stand in either order.
    if (major !== 2 || minor !== 4) {
      throw new CaptureFileError('unsupported', `pcap version ${major}.${minor}`, offset + 4);
    }
    window.at += fileHeaderLength;
    return {
      kind: 'interface',
      id: 0,
      // The upper half tells about frame check sequences; hardly any file has one.
      linkType: view.getUint32(at + 20, littleEndian) & 0xffff,
      snapLen: view.getUint32(at + 16, littleEndian),
      ticksPerSecond,
      timestampOffset,
    };
  }

  #record(window: ByteWindow): CaptureBlock | undefined {
    if (window.available < recordHeaderLength) return undefined;
    const { view, at, offset, bytes } = window;
    const { littleEndian, ticksPerSecond } = this.#unit;
    const length = view.getUint32(at + 8, littleEndian);
    if (length > this.#maxBlockLength) {
      throw new CaptureFileError(
        'malformed',
        `packet of ${length} bytes; at most ${this.#maxBlockLength} are allowed`,
        offset + 8,
      );
    }
    if (window.available < recordHeaderLength + length) return undefined;
    const seconds = BigInt(view.getUint32(at, littleEndian));
    const fraction = BigInt(view.getUint32(at + 4, littleEndian));
    window.at += recordHeaderLength + length;
    return {
      kind: 'packet',
      interface: 0,
      timestamp: toNanoseconds(seconds * ticksPerSecond + fraction, this.#unit),
      originalLength: view.getUint32(at + 12, littleEndian),
      data: bytes.subarray(at + recordHeaderLength, window.at),
      options: {},
    };
  }
}
