import { RECORD, RECORD_SIZE } from '@hookdump/codegen/record';
import { littleEndian } from './host-order.ts';

/** One record of the kernel: `struct record` of bpf-templates/include/record.h, and the packet. */
export interface CaptureRecord {
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly timestamp: bigint;
  /** The same time as a number, exact for 104 days of uptime: quick to compare. */
  readonly order: number;
  readonly skb: bigint;
  readonly netns: number;
  readonly ifindex: number;
  /** Bytes of the frame; more than `data` holds if it was cut. */
  readonly length: number;
  readonly queue: number;
  readonly hook: number;
  readonly deviceType: number;
  /** EtherType of the tag that the kernel took out of the frame; 0: none. */
  readonly vlanProto: number;
  readonly vlanTci: number;
  readonly packetType: number;
  readonly ifname: string;
  /** A view into the sample, without what the kernel padded it with. */
  readonly data: Uint8Array;
}

/**
 * Reads a sample.
 *
 * @throws RangeError for a sample that is shorter than it says
 */
export function decodeRecord(sample: Uint8Array): CaptureRecord {
  const view = new DataView(sample.buffer, sample.byteOffset, sample.length);
  const captured = view.getUint32(RECORD.captured.offset, littleEndian);
  if (RECORD_SIZE + captured > sample.length) {
    throw new RangeError(`a record of ${captured} bytes in a sample of ${sample.length}`);
  }
  const timestamp = view.getBigUint64(RECORD.timestamp.offset, littleEndian);
  return {
    timestamp,
    order: Number(timestamp),
    skb: view.getBigUint64(RECORD.skb.offset, littleEndian),
    netns: view.getUint32(RECORD.netns.offset, littleEndian),
    ifindex: view.getUint32(RECORD.ifindex.offset, littleEndian),
    length: view.getUint32(RECORD.length.offset, littleEndian),
    queue: view.getUint32(RECORD.queue.offset, littleEndian),
    hook: view.getUint16(RECORD.hook.offset, littleEndian),
    deviceType: view.getUint16(RECORD.deviceType.offset, littleEndian),
    vlanProto: view.getUint16(RECORD.vlanProto.offset, littleEndian),
    vlanTci: view.getUint16(RECORD.vlanTci.offset, littleEndian),
    packetType: view.getUint8(RECORD.packetType.offset),
    ifname: name(sample.subarray(RECORD.ifname.offset, RECORD.ifname.offset + RECORD.ifname.size)),
    data: sample.subarray(RECORD_SIZE, RECORD_SIZE + captured),
  };
}

/** A device's name is all bytes but NUL, `/` and white space (dev_valid_name() in Linux). */
function name(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
