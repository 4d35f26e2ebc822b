/**
 * Options of pcapng blocks, written in place: u16 code, u16 length without padding, data, padding
 * to 4 bytes. Little-endian. Every `put…` expects room for it in the buffer; `…Bound` gives how
 * much suffices.
 */

import type { RawOption } from './blocks.ts';
import { requireUint, requireUint64 } from './check.ts';
import type { ChunkBuffer } from './chunk-buffer.ts';
import { commonOptions, maxOptionLength } from './format.ts';
import { encodeUtf8Into } from './utf8.ts';

const head = 4;

/** Room for any of the fixed-size options, padding included. */
export const fixedOptionBound = head + 12;

/** Room for a string option with its first byte (if_filter), and its padding. */
export function stringBound(text: string | undefined): number {
  if (text === undefined) return 0;
  // A UTF-16 unit gives one byte or more: refuse before making room for a monster.
  if (text.length > maxOptionLength) throw tooLong('string', text.length);
  return head + 1 + 3 * text.length + 3;
}

export function stringsBound(texts: readonly string[] | undefined): number {
  let bound = 0;
  if (texts !== undefined) for (const text of texts) bound += stringBound(text);
  return bound;
}

export function rawBound(options: readonly RawOption[] | undefined): number {
  let bound = 0;
  if (options !== undefined) for (const { data } of options) bound += head + data.length + 3;
  return bound;
}

export function putU32(buffer: ChunkBuffer, code: number, value: number): void {
  requireUint(code, value, 32);
  putHead(buffer, code, 4);
  buffer.view.setUint32(buffer.at, value, true);
  buffer.at += 4;
}

export function putU64(buffer: ChunkBuffer, code: number, value: bigint): void {
  requireUint64(code, value);
  putHead(buffer, code, 8);
  buffer.view.setBigUint64(buffer.at, value, true);
  buffer.at += 8;
}

/** Timestamps go high word first in both byte orders. */
export function putTimestampOption(buffer: ChunkBuffer, code: number, timestamp: bigint): void {
  putHead(buffer, code, 8);
  putTimestamp(buffer, timestamp);
}

export function putTimestamp(buffer: ChunkBuffer, timestamp: bigint): void {
  requireUint64('timestamp', timestamp);
  const { view, at } = buffer;
  // Stored whole, then swapped: shifting a bigint apart would allocate.
  view.setBigUint64(at, timestamp, true);
  const low = view.getUint32(at, true);
  view.setUint32(at, view.getUint32(at + 4, true), true);
  view.setUint32(at + 4, low, true);
  buffer.at = at + 8;
}

export function putBytes(buffer: ChunkBuffer, code: number, data: Uint8Array): void {
  putHead(buffer, code, data.length);
  putPadded(buffer, data);
}

/** One byte that says what kind of data follows, then the data. */
export function putKindAndBytes(
  buffer: ChunkBuffer,
  code: number,
  kind: number,
  data: Uint8Array,
): void {
  putHead(buffer, code, 1 + data.length);
  buffer.bytes[buffer.at++] = kind;
  buffer.bytes.set(data, buffer.at);
  buffer.at += data.length;
  putPadding(buffer, 1 + data.length);
}

export function putKindAndI64(
  buffer: ChunkBuffer,
  code: number,
  kind: number,
  value: bigint,
): void {
  putHead(buffer, code, 9);
  buffer.bytes[buffer.at] = kind;
  // Two's complement: the same bits for a signed and for an unsigned value.
  buffer.view.setBigInt64(buffer.at + 1, value, true);
  buffer.at += 9;
  putPadding(buffer, 9);
}

/** A string, after a kind byte if one is given. */
export function putString(buffer: ChunkBuffer, code: number, text: string, kind?: number): void {
  const lengthAt = buffer.at + 2;
  putHead(buffer, code, 0);
  let length = 0;
  if (kind !== undefined) {
    buffer.bytes[buffer.at] = kind;
    length = 1;
  }
  length += encodeUtf8Into(text, buffer.bytes, buffer.at + length);
  if (length > maxOptionLength) throw tooLong('string', length);
  buffer.view.setUint16(lengthAt, length, true);
  buffer.at += length;
  putPadding(buffer, length);
}

export function putStrings(
  buffer: ChunkBuffer,
  code: number,
  texts: readonly string[] | undefined,
): void {
  if (texts !== undefined) for (const text of texts) putString(buffer, code, text);
}

export function putRaw(buffer: ChunkBuffer, options: readonly RawOption[] | undefined): void {
  if (options === undefined) return;
  for (const { code, data } of options) {
    requireUint('option code', code, 16);
    if (code === commonOptions.end) throw new RangeError('option code 0 ends the list of options');
    putBytes(buffer, code, data);
  }
}

export function putEnd(buffer: ChunkBuffer): void {
  buffer.view.setUint32(buffer.at, 0, true);
  buffer.at += 4;
}

/** Data and zeros up to the next multiple of 4. */
export function putPadded(buffer: ChunkBuffer, data: Uint8Array): void {
  buffer.bytes.set(data, buffer.at);
  buffer.at += data.length;
  putPadding(buffer, data.length);
}

function putPadding(buffer: ChunkBuffer, length: number): void {
  for (let missing = -length & 3; missing > 0; missing--) buffer.bytes[buffer.at++] = 0;
}

function putHead(buffer: ChunkBuffer, code: number, length: number): void {
  if (length > maxOptionLength) throw tooLong(`option ${code}`, length);
  buffer.view.setUint16(buffer.at, code, true);
  buffer.view.setUint16(buffer.at + 2, length, true);
  buffer.at += 4;
}

function tooLong(what: string, length: number): RangeError {
  return new RangeError(
    `${what} of ${length} bytes: a pcapng option holds ${maxOptionLength} at most`,
  );
}
