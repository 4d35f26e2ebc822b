export type * from './blocks.ts';
export type { WriteChunk } from './chunk-buffer.ts';
export { CaptureFileError, type CaptureFileErrorCode } from './error.ts';
export { buildPacketFlags, type PacketFlags, parsePacketFlags } from './flags.ts';
export { type LinkTypeName, linkTypeName, linkTypes, linkTypeText } from './link-types.ts';
export { type PcapHeader, type PcapPacketToWrite, PcapWriter } from './pcap-writer.ts';
export {
  type PacketToWrite,
  PcapngWriter,
  type PcapngWriterSettings,
  type StatisticsToWrite,
} from './pcapng-writer.ts';
export { type Capture, CaptureReader, type ReaderSettings, readCapture } from './reader.ts';
export { type Sll2Header, sll2Header, sll2HeaderLength, sll2PacketTypes } from './sll2.ts';
export { verdictName } from './verdict.ts';
