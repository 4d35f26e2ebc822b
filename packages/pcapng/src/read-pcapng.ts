/** pcapng, both byte orders, any number of sections. Source: draft-ietf-opsawg-pcapng. */

import type {
  CaptureBlock,
  InterfaceDescription,
  InterfaceOptions,
  InterfaceStatistics,
  Packet,
  PacketOptions,
  SectionHeader,
  SectionOptions,
  StatisticsOptions,
} from './blocks.ts';
import type { ByteWindow } from './byte-window.ts';
import { CaptureFileError } from './error.ts';
import {
  blockTypes,
  byteOrderMagic,
  interfaceOptions,
  packetOptions,
  sectionOptions,
  statisticsOptions,
} from './format.ts';
import {
  filterText,
  i64,
  into,
  macAddress,
  type OptionFields,
  processAndThread,
  readOptions,
  readTicks,
  rest,
  type Span,
  text,
  ticks,
  u8,
  u32,
  u64,
  verdict,
} from './read-options.ts';
import { defaultTicksPerSecond, ticksPerSecond, toNanoseconds } from './timestamps.ts';

const sectionFields: OptionFields<SectionOptions> = {
  [sectionOptions.hardware]: into('hardware', text),
  [sectionOptions.os]: into('os', text),
  [sectionOptions.application]: into('application', text),
};

/** With the two options that say what a timestamp means; they don't get out of here. */
interface InterfaceFields extends InterfaceOptions {
  tsresol?: number | undefined;
  tsoffset?: bigint | undefined;
}

const interfaceFields: OptionFields<InterfaceFields> = {
  [interfaceOptions.name]: into('name', text),
  [interfaceOptions.description]: into('description', text),
  [interfaceOptions.macAddress]: into('macAddress', macAddress),
  [interfaceOptions.speed]: into('speed', u64),
  [interfaceOptions.tsresol]: into('tsresol', u8),
  [interfaceOptions.filter]: into('filter', filterText),
  [interfaceOptions.os]: into('os', text),
  [interfaceOptions.tsoffset]: into('tsoffset', i64),
  [interfaceOptions.hardware]: into('hardware', text),
};

const packetFields: OptionFields<PacketOptions> = {
  [packetOptions.flags]: into('flags', u32),
  [packetOptions.dropCount]: into('dropCount', u64),
  [packetOptions.packetId]: into('packetId', u64),
  [packetOptions.queue]: into('queue', u32),
  [packetOptions.verdict]: into('verdict', verdict),
  [packetOptions.process]: into('process', processAndThread),
};

/** The obsolete Packet Block knows comments, flags and a hash. */
const oldPacketFields: OptionFields<PacketOptions> = {
  [packetOptions.flags]: into('flags', u32),
};

const statisticsFields: OptionFields<StatisticsOptions> = {
  [statisticsOptions.start]: into('start', ticks),
  [statisticsOptions.end]: into('end', ticks),
  [statisticsOptions.received]: into('received', u64),
  [statisticsOptions.dropped]: into('dropped', u64),
  [statisticsOptions.accepted]: into('accepted', u64),
  [statisticsOptions.osDropped]: into('osDropped', u64),
  [statisticsOptions.delivered]: into('delivered', u64),
};

/** The obsolete Packet Block's 16-bit drop count when nothing is known. */
const unknownDropCount = 0xffff;

export class PcapngDecoder {
  readonly #maxBlockLength: number;
  readonly #interfaces: InterfaceDescription[] = [];
  /** Interfaces of earlier sections: a section's own numbers start at 0. */
  #earlierInterfaces = 0;
  #littleEndian = true;

  constructor(maxBlockLength: number) {
    this.#maxBlockLength = maxBlockLength;
  }

  /** The next block, moving the window over it; undefined until all of it has arrived. */
  next(window: ByteWindow): CaptureBlock | undefined {
    if (window.available < 12) return undefined;
    const { view, at, offset } = window;
    const type = view.getUint32(at, this.#littleEndian);
    if (type === blockTypes.sectionHeader) {
      this.#littleEndian = readByteOrder(view, at + 8, offset + 8);
    }
    const littleEndian = this.#littleEndian;
    const length = view.getUint32(at + 4, littleEndian);
    if (length < 12 || length % 4 !== 0) {
      throw new CaptureFileError('malformed', `impossible block length ${length}`, offset + 4);
    }
    if (length > this.#maxBlockLength) {
      throw new CaptureFileError(
        'malformed',
        `block of ${length} bytes; at most ${this.#maxBlockLength} are allowed`,
        offset + 4,
      );
    }
    if (window.available < length) return undefined;
    const end = at + length - 4;
    const trailer = view.getUint32(end, littleEndian);
    if (trailer !== length) {
      throw new CaptureFileError(
        'malformed',
        `block length is ${length} at its start, ${trailer} at its end`,
        offset + length - 4,
      );
    }
    window.at += length;
    const { bytes } = window;
    const base = offset - at;
    return this.#block(type, { bytes, view, littleEndian, start: at + 8, end, base });
  }

  #block(type: number, body: Span): CaptureBlock {
    switch (type) {
      case blockTypes.sectionHeader:
        this.#earlierInterfaces = this.#interfaces.length;
        return readSection(body);
      case blockTypes.interfaceDescription: {
        const description = readInterface(body, this.#interfaces.length);
        this.#interfaces.push(description);
        return description;
      }
      case blockTypes.enhancedPacket:
        return this.#enhancedPacket(body);
      case blockTypes.simplePacket:
        return this.#simplePacket(body);
      case blockTypes.packet:
        return this.#oldPacket(body);
      case blockTypes.interfaceStatistics:
        return this.#statistics(body);
      default:
        return { kind: 'unknown', type, body: rest(body) };
    }
  }

  #enhancedPacket(body: Span): Packet {
    requireLength(body, 20, 'Enhanced Packet Block');
    const { view, start, littleEndian } = body;
    const description = this.#interface(body, view.getUint32(start, littleEndian));
    const data = packetData(body, start + 20, view.getUint32(start + 12, littleEndian));
    return {
      kind: 'packet',
      interface: description.id,
      timestamp: toNanoseconds(readTicks(body, start + 4), description),
      originalLength: view.getUint32(start + 16, littleEndian),
      data: rest(data),
      options: readOptions(afterPadding(body, data), packetFields, {}),
    };
  }

  #oldPacket(body: Span): Packet {
    requireLength(body, 20, 'Packet Block');
    const { view, start, littleEndian } = body;
    const description = this.#interface(body, view.getUint16(start, littleEndian));
    const drops = view.getUint16(start + 2, littleEndian);
    const data = packetData(body, start + 20, view.getUint32(start + 12, littleEndian));
    const options: PacketOptions = drops === unknownDropCount ? {} : { dropCount: BigInt(drops) };
    return {
      kind: 'packet',
      interface: description.id,
      timestamp: toNanoseconds(readTicks(body, start + 4), description),
      originalLength: view.getUint32(start + 16, littleEndian),
      data: rest(data),
      options: readOptions(afterPadding(body, data), oldPacketFields, options),
    };
  }

  /** Its captured length is not written down: the interface's snaplen and the block tell it. */
  #simplePacket(body: Span): Packet {
    requireLength(body, 4, 'Simple Packet Block');
    const description = this.#interface(body, 0);
    const originalLength = body.view.getUint32(body.start, body.littleEndian);
    const { snapLen } = description;
    const length = snapLen === 0 ? originalLength : Math.min(originalLength, snapLen);
    return {
      kind: 'simple-packet',
      interface: description.id,
      originalLength,
      data: rest(packetData(body, body.start + 4, length)),
      options: {},
    };
  }

  #statistics(body: Span): InterfaceStatistics {
    requireLength(body, 12, 'Interface Statistics Block');
    const { view, start, littleEndian } = body;
    const description = this.#interface(body, view.getUint32(start, littleEndian));
    const options = readOptions<StatisticsOptions>(from(body, start + 12), statisticsFields, {});
    if (options.start !== undefined) options.start = toNanoseconds(options.start, description);
    if (options.end !== undefined) options.end = toNanoseconds(options.end, description);
    return {
      kind: 'statistics',
      interface: description.id,
      timestamp: toNanoseconds(readTicks(body, start + 4), description),
      ...options,
    };
  }

  #interface({ base, start }: Span, id: number): InterfaceDescription {
    const description = this.#interfaces[this.#earlierInterfaces + id];
    if (description === undefined) {
      const known = this.#interfaces.length - this.#earlierInterfaces;
      throw new CaptureFileError(
        'malformed',
        `interface ${id} is not described; the section has ${known} so far`,
        base + start,
      );
    }
    return description;
  }
}

function readByteOrder(view: DataView, at: number, offset: number): boolean {
  if (view.getUint32(at, true) === byteOrderMagic) return true;
  if (view.getUint32(at, false) === byteOrderMagic) return false;
  throw new CaptureFileError('malformed', 'a section without the byte-order magic', offset);
}

function readSection(body: Span): SectionHeader {
  requireLength(body, 16, 'Section Header Block');
  const { view, start, littleEndian, base } = body;
  const major = view.getUint16(start + 4, littleEndian);
  const minor = view.getUint16(start + 6, littleEndian);
  // The draft: readers treat minor version 2 as 0; some programs wrote it.
  if (major !== 1 || (minor !== 0 && minor !== 2)) {
    throw new CaptureFileError('unsupported', `pcapng version ${major}.${minor}`, base + start + 4);
  }
  const length = view.getBigInt64(start + 8, littleEndian);
  return {
    kind: 'section',
    byteOrder: littleEndian ? 'little' : 'big',
    version: { major, minor },
    sectionLength: length === -1n ? undefined : length,
    ...readOptions<SectionOptions>(from(body, start + 16), sectionFields, {}),
  };
}

function readInterface(body: Span, id: number): InterfaceDescription {
  requireLength(body, 8, 'Interface Description Block');
  const { view, start, littleEndian, base } = body;
  const { tsresol, tsoffset, ...options } = readOptions<InterfaceFields>(
    from(body, start + 8),
    interfaceFields,
    {
      linkType: view.getUint16(start, littleEndian),
      snapLen: view.getUint32(start + 4, littleEndian),
    },
  );
  // Unlike any other misshapen option: without these two no timestamp can be trusted.
  for (const { code } of options.others ?? []) {
    if (code === interfaceOptions.tsresol || code === interfaceOptions.tsoffset) {
      throw new CaptureFileError(
        'malformed',
        `option ${code}, which gives timestamps their meaning, is misshapen or given twice`,
        base + start + 8,
      );
    }
  }
  return {
    kind: 'interface',
    id,
    ticksPerSecond: tsresol === undefined ? defaultTicksPerSecond : ticksPerSecond(tsresol),
    timestampOffset: tsoffset ?? 0n,
    ...options,
  };
}

function requireLength({ start, end, base }: Span, length: number, what: string): void {
  if (end - start < length) {
    throw new CaptureFileError(
      'malformed',
      `${what} with ${end - start} bytes of body instead of ${length} or more`,
      base + start - 8,
    );
  }
}

function packetData(body: Span, start: number, length: number): Span {
  if (length > body.end - start) {
    throw new CaptureFileError(
      'malformed',
      `packet of ${length} bytes in a block with room for ${body.end - start}`,
      body.base + start,
    );
  }
  return { ...body, start, end: start + length };
}

function afterPadding(body: Span, data: Span): Span {
  // Blocks and their fields are 4-aligned, so the padding is inside the block if the data is.
  return from(body, data.end + (-(data.end - data.start) & 3));
}

function from(body: Span, start: number): Span {
  return { ...body, start };
}
