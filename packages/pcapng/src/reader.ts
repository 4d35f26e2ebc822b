import type {
  CaptureBlock,
  InterfaceDescription,
  InterfaceStatistics,
  Packet,
  SectionHeader,
  UnknownBlock,
} from './blocks.ts';
import { ByteWindow } from './byte-window.ts';
import { CaptureFileError } from './error.ts';
import { blockTypes } from './format.ts';
import { PcapDecoder, readPcapMagic } from './read-pcap.ts';
import { PcapngDecoder } from './read-pcapng.ts';

export interface ReaderSettings {
  /**
   * Longest block (pcapng) or packet (pcap) in bytes; a longer one is `malformed`. It bounds the
   * memory that a broken length can ask for. Default: 16 MiB.
   */
  readonly maxBlockLength?: number;
}

export interface Capture {
  /** Undefined if the file is neither. */
  readonly format: 'pcapng' | 'pcap' | undefined;
  /** Empty for a classic pcap file. */
  readonly sections: readonly SectionHeader[];
  /** In file order through all sections: `interface` of packets and statistics is an index. */
  readonly interfaces: readonly InterfaceDescription[];
  readonly packets: readonly Packet[];
  readonly statistics: readonly InterfaceStatistics[];
  readonly unknown: readonly UnknownBlock[];
  /** Set if reading stopped before the end of the file; all in front of it is above. */
  readonly error?: CaptureFileError;
}

type Decoder = PcapngDecoder | PcapDecoder;

const defaultMaxBlockLength = 16 * 1024 * 1024;

/**
 * Reads a whole capture file, pcapng or pcap. Never throws over its content: look at `error`.
 * `data` of packets are views of `bytes`, not copies.
 */
export function readCapture(bytes: Uint8Array, settings: ReaderSettings = {}): Capture {
  const blocks = new BlockReader(new ByteWindow(bytes), settings);
  const sections: SectionHeader[] = [];
  const interfaces: InterfaceDescription[] = [];
  const packets: Packet[] = [];
  const statistics: InterfaceStatistics[] = [];
  const unknown: UnknownBlock[] = [];
  const error = caught(() => {
    for (let block = blocks.next(); block !== undefined; block = blocks.next()) {
      switch (block.kind) {
        case 'section':
          sections.push(block);
          break;
        case 'interface':
          interfaces.push(block);
          break;
        case 'packet':
        case 'simple-packet':
          packets.push(block);
          break;
        case 'statistics':
          statistics.push(block);
          break;
        case 'unknown':
          unknown.push(block);
          break;
        default:
          block satisfies never;
      }
    }
    blocks.end();
  });
  const { format } = blocks;
  const capture = { format, sections, interfaces, packets, statistics, unknown };
  return error === undefined ? capture : { ...capture, error };
}

/**
 * Reads a capture file, pcapng or pcap, as it comes:
 *
 *     for (const chunk of chunks) for (const block of reader.push(chunk)) …
 *     reader.end();
 *
 * Chunks may be cut anywhere. Throws CaptureFileError where the file goes wrong, after the blocks
 * in front of it, and the same one ever after.
 */
export class CaptureReader {
  readonly #window = new ByteWindow();
  readonly #blocks: BlockReader;

  constructor(settings: ReaderSettings = {}) {
    this.#blocks = new BlockReader(this.#window, settings);
  }

  /** Undefined until the first four bytes have been read. */
  get format(): 'pcapng' | 'pcap' | undefined {
    return this.#blocks.format;
  }

  /**
   * Copies `chunk` and gives the blocks that are complete now, decoded one by one as they are asked
   * for; what is not asked for comes with the next push. Their `data` stay valid.
   */
  push(chunk: Uint8Array): Iterable<CaptureBlock> {
    this.#window.append(chunk);
    return this.#rest();
  }

  /**
   * Call when the blocks of the last push have been taken: throws a `truncated` error if bytes are
   * left, that is, if the file ends inside a block.
   */
  end(): void {
    this.#blocks.end();
  }

  *#rest(): Generator<CaptureBlock> {
    for (let block = this.#blocks.next(); block !== undefined; block = this.#blocks.next()) {
      yield block;
    }
  }
}

/** Finds out the format, then gives block after block out of a window. */
class BlockReader {
  format: 'pcapng' | 'pcap' | undefined;
  readonly #window: ByteWindow;
  readonly #maxBlockLength: number;
  #decoder: Decoder | undefined;
  #failure: CaptureFileError | undefined;

  constructor(window: ByteWindow, settings: ReaderSettings) {
    this.#window = window;
    this.#maxBlockLength = settings.maxBlockLength ?? defaultMaxBlockLength;
  }

  next(): CaptureBlock | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    let block: CaptureBlock | undefined;
    this.#failure = caught(() => {
      this.#decoder ??= this.#choose();
      block = this.#decoder?.next(this.#window);
    });
    if (this.#failure !== undefined) throw this.#failure;
    return block;
  }

  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const { available, offset } = this.#window;
    if (available > 0 || this.format === undefined) {
      const what =
        offset + available === 0
          ? 'the file is empty'
          : `the file ends inside what starts here, after ${available} bytes of it`;
      throw new CaptureFileError('truncated', what, offset);
    }
  }

  #choose(): Decoder | undefined {
    const { view, at, available } = this.#window;
    if (available < 4) return undefined;
    if (view.getUint32(at) === blockTypes.sectionHeader) {
      this.format = 'pcapng';
      return new PcapngDecoder(this.#maxBlockLength);
    }
    const unit = readPcapMagic(view, at);
    if (unit !== undefined) {
      this.format = 'pcap';
      return new PcapDecoder(unit, this.#maxBlockLength);
    }
    if (view.getUint16(at) === 0x1f8b) {
      throw new CaptureFileError('unsupported', 'compressed with gzip: gunzip it first', 0);
    }
    throw new CaptureFileError('not-a-capture', 'neither a pcapng nor a pcap file', 0);
  }
}

/** The CaptureFileError that `action` throws; anything else is a bug of ours and goes on. */
function caught(action: () => void): CaptureFileError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof CaptureFileError) return error;
    throw error;
  }
}
