import type {
  InterfaceOptions,
  PacketOptions,
  SectionOptions,
  StatisticsOptions,
  Verdict,
} from './blocks.ts';
import { requirePacketLengths, requireUint, requireUint64 } from './check.ts';
import { ChunkBuffer, type WriteChunk } from './chunk-buffer.ts';
import {
  blockTypes,
  byteOrderMagic,
  commonOptions,
  filterKindText,
  interfaceOptions,
  packetOptions,
  sectionOptions,
  statisticsOptions,
  verdictKinds,
} from './format.ts';
import { verdictName } from './verdict.ts';
import {
  fixedOptionBound,
  putBytes,
  putEnd,
  putKindAndBytes,
  putKindAndI64,
  putPadded,
  putRaw,
  putString,
  putStrings,
  putTimestamp,
  putTimestampOption,
  putU32,
  putU64,
  rawBound,
  stringBound,
  stringsBound,
} from './write-options.ts';

export interface PacketToWrite {
  /** What `interface()` gave. */
  readonly interface: number;
  /** Nanoseconds since the epoch, unsigned 64-bit. */
  readonly timestamp: bigint;
  /** Copied during the call. */
  readonly data: Uint8Array;
  readonly originalLength: number;
  readonly options?: PacketOptions | undefined;
}

export interface StatisticsToWrite extends StatisticsOptions {
  readonly interface: number;
  /** When the counters were read, nanoseconds since the epoch. */
  readonly timestamp: bigint;
}

export interface PcapngWriterSettings {
  /**
   * `comment` writes a packet's verdict as the comment "verdict XDP_DROP". Wireshark up to 4.0
   * reads the option well, but destroys the file when it writes it anew (editcap, mergecap,
   * tshark -w): it gives the option the code of epb_queue. Default: `option`.
   */
  readonly verdicts?: 'option' | 'comment';
}

/** Type and two lengths. */
const blockFrame = 12;
const tsresolNanoseconds = Uint8Array.of(9);

/**
 * Writes a pcapng file of one section: little-endian, version 1.0, section length unknown,
 * nanosecond timestamps.
 *
 * Blocks gather in a buffer; `write` gets them in chunks of about 256 KiB, always whole blocks,
 * when the buffer is full and at `flush()`. What `write` throws comes out of the method that
 * needed it, and of every later call. Wrong arguments throw RangeError and write nothing.
 *
 * libpcap (tcpdump -r) refuses a file whose interfaces differ in link type or in snaplen:
 * give all interfaces one snaplen, and write an interface only when its first packet comes.
 */
export class PcapngWriter {
  readonly #buffer: ChunkBuffer;
  readonly #verdictsAsComments: boolean;
  readonly #snapLens: number[] = [];
  #blockStart = 0;

  constructor(
    write: WriteChunk,
    section: SectionOptions = {},
    settings: PcapngWriterSettings = {},
  ) {
    this.#buffer = new ChunkBuffer(write);
    this.#verdictsAsComments = settings.verdicts === 'comment';
    this.#section(section);
  }

  /** Bytes of the file so far, flushed or not. */
  get size(): number {
    return this.#buffer.size;
  }

  /** Writes an Interface Description Block; gives its number, counted from 0. */
  interface(options: InterfaceOptions): number {
    requireUint('link type', options.linkType, 16);
    requireUint('snapshot length', options.snapLen, 32);
    const { macAddress, speed } = options;
    if (macAddress !== undefined && macAddress.length !== 6) {
      throw new RangeError(`MAC address of ${macAddress.length} bytes instead of 6`);
    }
    const buffer = this.#begin(
      blockTypes.interfaceDescription,
      8 +
        3 * fixedOptionBound +
        stringBound(options.name) +
        stringBound(options.description) +
        stringBound(options.filter) +
        stringBound(options.os) +
        stringBound(options.hardware) +
        stringsBound(options.comments) +
        rawBound(options.others),
    );
    buffer.view.setUint16(buffer.at, options.linkType, true);
    buffer.view.setUint16(buffer.at + 2, 0, true);
    buffer.view.setUint32(buffer.at + 4, options.snapLen, true);
    buffer.at += 8;
    const code = interfaceOptions;
    putStrings(buffer, commonOptions.comment, options.comments);
    if (options.name !== undefined) putString(buffer, code.name, options.name);
    if (options.description !== undefined) putString(buffer, code.description, options.description);
    if (macAddress !== undefined) putBytes(buffer, code.macAddress, macAddress);
    if (speed !== undefined) putU64(buffer, code.speed, speed);
    putBytes(buffer, code.tsresol, tsresolNanoseconds);
    if (options.filter !== undefined) {
      putString(buffer, code.filter, options.filter, filterKindText);
    }
    if (options.os !== undefined) putString(buffer, code.os, options.os);
    if (options.hardware !== undefined) putString(buffer, code.hardware, options.hardware);
    putRaw(buffer, options.others);
    putEnd(buffer);
    this.#end();
    this.#snapLens.push(options.snapLen);
    return this.#snapLens.length - 1;
  }

  /** Writes an Enhanced Packet Block. Allocates nothing. */
  packet(packet: PacketToWrite): void {
    const { data, originalLength, options } = packet;
    const snapLen = this.#knownInterface(packet.interface);
    requirePacketLengths(data.length, originalLength, snapLen);
    const buffer = this.#begin(
      blockTypes.enhancedPacket,
      20 + data.length + 3 + (options === undefined ? 0 : packetOptionsBound(options)),
    );
    buffer.view.setUint32(buffer.at, packet.interface, true);
    buffer.at += 4;
    putTimestamp(buffer, packet.timestamp);
    buffer.view.setUint32(buffer.at, data.length, true);
    buffer.view.setUint32(buffer.at + 4, originalLength, true);
    buffer.at += 8;
    putPadded(buffer, data);
    if (options !== undefined) this.#packetOptions(options);
    this.#end();
  }

  /** Writes an Interface Statistics Block; may be repeated, the last one counts. */
  statistics(statistics: StatisticsToWrite): void {
    this.#knownInterface(statistics.interface);
    const buffer = this.#begin(
      blockTypes.interfaceStatistics,
      12 + 8 * fixedOptionBound + stringsBound(statistics.comments) + rawBound(statistics.others),
    );
    buffer.view.setUint32(buffer.at, statistics.interface, true);
    buffer.at += 4;
    putTimestamp(buffer, statistics.timestamp);
    const { start, end, received, dropped, accepted, osDropped, delivered } = statistics;
    const code = statisticsOptions;
    putStrings(buffer, commonOptions.comment, statistics.comments);
    if (start !== undefined) putTimestampOption(buffer, code.start, start);
    if (end !== undefined) putTimestampOption(buffer, code.end, end);
    if (received !== undefined) putU64(buffer, code.received, received);
    if (dropped !== undefined) putU64(buffer, code.dropped, dropped);
    if (accepted !== undefined) putU64(buffer, code.accepted, accepted);
    if (osDropped !== undefined) putU64(buffer, code.osDropped, osDropped);
    if (delivered !== undefined) putU64(buffer, code.delivered, delivered);
    putRaw(buffer, statistics.others);
    putEnd(buffer);
    this.#end();
  }

  /** Hands what is buffered to `write`. Call it at the end, and when a live reader waits. */
  flush(): void {
    this.#buffer.flush();
  }

  #section(section: SectionOptions): void {
    const buffer = this.#begin(
      blockTypes.sectionHeader,
      16 +
        fixedOptionBound +
        stringBound(section.hardware) +
        stringBound(section.os) +
        stringBound(section.application) +
        stringsBound(section.comments) +
        rawBound(section.others),
    );
    buffer.view.setUint32(buffer.at, byteOrderMagic, true);
    buffer.view.setUint16(buffer.at + 4, 1, true);
    buffer.view.setUint16(buffer.at + 6, 0, true);
    // Unknown: a stream can't go back to fill it in.
    buffer.view.setBigInt64(buffer.at + 8, -1n, true);
    buffer.at += 16;
    putStrings(buffer, commonOptions.comment, section.comments);
    const code = sectionOptions;
    if (section.hardware !== undefined) putString(buffer, code.hardware, section.hardware);
    if (section.os !== undefined) putString(buffer, code.os, section.os);
    if (section.application !== undefined) putString(buffer, code.application, section.application);
    putRaw(buffer, section.others);
    putEnd(buffer);
    this.#end();
  }

  #packetOptions(options: PacketOptions): void {
    const buffer = this.#buffer;
    const { flags, dropCount, packetId, queue, verdict, process } = options;
    const code = packetOptions;
    putStrings(buffer, commonOptions.comment, options.comments);
    if (flags !== undefined) putU32(buffer, code.flags, flags);
    if (dropCount !== undefined) putU64(buffer, code.dropCount, dropCount);
    if (packetId !== undefined) putU64(buffer, code.packetId, packetId);
    if (queue !== undefined) putU32(buffer, code.queue, queue);
    if (verdict !== undefined) {
      if (this.#verdictsAsComments) {
        putString(buffer, commonOptions.comment, `verdict ${verdictName(verdict)}`);
      } else {
        putVerdict(buffer, verdict);
      }
    }
    if (process !== undefined) putProcess(buffer, process);
    putRaw(buffer, options.others);
    putEnd(buffer);
  }

  #knownInterface(id: number): number {
    const snapLen = this.#snapLens[id];
    if (snapLen === undefined) {
      throw new RangeError(`no interface ${id}: ${this.#snapLens.length} written so far`);
    }
    return snapLen;
  }

  #begin(type: number, bodyBound: number): ChunkBuffer {
    const buffer = this.#buffer;
    buffer.reserve(blockFrame + bodyBound);
    this.#blockStart = buffer.at;
    buffer.view.setUint32(buffer.at, type, true);
    buffer.at += 8;
    return buffer;
  }

  #end(): void {
    const buffer = this.#buffer;
    const length = buffer.at + 4 - this.#blockStart;
    buffer.view.setUint32(this.#blockStart + 4, length, true);
    buffer.view.setUint32(buffer.at, length, true);
    buffer.at += 4;
    buffer.commit();
  }
}

function packetOptionsBound(options: PacketOptions): number {
  const { verdict } = options;
  // A hardware verdict as a comment takes two characters a byte.
  const verdictBound = verdict?.kind === 'hardware' ? 32 + 2 * verdict.data.length : 64;
  return (
    6 * fixedOptionBound + verdictBound + stringsBound(options.comments) + rawBound(options.others)
  );
}

/** The kind says how wide and whether signed; the value is in section byte order. */
function putVerdict(buffer: ChunkBuffer, verdict: Verdict): void {
  const code = packetOptions.verdict;
  switch (verdict.kind) {
    case 'tc':
      if (BigInt.asIntN(64, verdict.value) !== verdict.value) {
        throw new RangeError(`tc verdict ${verdict.value} is not a signed 64-bit number`);
      }
      putKindAndI64(buffer, code, verdictKinds.tc, verdict.value);
      break;
    case 'xdp':
      requireUint64('XDP verdict', verdict.value);
      putKindAndI64(buffer, code, verdictKinds.xdp, verdict.value);
      break;
    case 'hardware':
      putKindAndBytes(buffer, code, verdictKinds.hardware, verdict.data);
      break;
    default:
      verdict satisfies never;
  }
}

function putProcess(buffer: ChunkBuffer, { pid, tid }: { pid: number; tid: number }): void {
  requireUint('pid', pid, 32);
  requireUint('tid', tid, 32);
  putU64(buffer, packetOptions.process, 0n);
  buffer.view.setUint32(buffer.at - 8, pid, true);
  buffer.view.setUint32(buffer.at - 4, tid, true);
}
