/** Option lists of pcapng blocks, read into typed fields. */

import type { RawOption, Verdict } from './blocks.ts';
import { CaptureFileError } from './error.ts';
import { commonOptions, filterKindText, verdictKinds } from './format.ts';
import { decodeUtf8 } from './utf8.ts';

/** The part of a file between a block's two lengths, or the rest of it. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** Indices in `bytes`. */
  readonly start: number;
  readonly end: number;
  /** Position in the file of bytes[0]. */
  readonly base: number;
}

/** Puts an option into its field; false if its form is not the specified one. */
type OptionField<T> = (target: T, option: Span) => boolean;
export type OptionFields<T> = Readonly<Record<number, OptionField<T>>>;

interface AnyOptions {
  comments?: readonly string[] | undefined;
  others?: readonly RawOption[] | undefined;
}

/**
 * Reads the options in `list` into `target`. The list ends with opt_endofopt or with the block.
 *
 * An option of the wrong length, a second one where one is allowed, and one without a field go to
 * `others`: the rest of the block is still good. (Wireshark up to 4.0 writes verdicts with the
 * code of epb_queue; such files remain readable here.)
 */
export function readOptions<T extends AnyOptions>(
  list: Span,
  fields: OptionFields<T>,
  target: T,
): T {
  const { view, littleEndian, bytes, end, base } = list;
  const comments: string[] = [];
  const others: RawOption[] = [];
  let at = list.start;
  while (at < end) {
    if (end - at < 4) {
      throw new CaptureFileError('malformed', 'an option has no room for its header', base + at);
    }
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === commonOptions.end) break;
    const start = at + 4;
    if (length > end - start) {
      throw new CaptureFileError(
        'malformed',
        `option ${code} of ${length} bytes does not fit in its block`,
        base + at,
      );
    }
    const option: Span = { bytes, view, littleEndian, start, end: start + length, base };
    if (code === commonOptions.comment) {
      comments.push(text(option));
    } else if (fields[code]?.(target, option) !== true) {
      others.push({ code, data: rest(option) });
    }
    // The padding of a list's last option may be missing: the loop ends all the same.
    at = start + length + (-length & 3);
  }
  if (comments.length > 0) target.comments = comments;
  if (others.length > 0) target.others = others;
  return target;
}

/** The field `name`, read by `decode`, which gives undefined for a form that it does not know. */
export function into<T, K extends keyof T>(
  name: K,
  decode: (option: Span) => T[K] | undefined,
): OptionField<T> {
  return (target, option) => {
    const value = target[name] === undefined ? decode(option) : undefined;
    if (value === undefined) return false;
    target[name] = value;
    return true;
  };
}

export function text(option: Span): string {
  return decodeUtf8(rest(option));
}

export function u8(option: Span): number | undefined {
  return sized(option, 1) ? option.bytes[option.start] : undefined;
}

export function u32(option: Span): number | undefined {
  return sized(option, 4) ? option.view.getUint32(option.start, option.littleEndian) : undefined;
}

export function u64(option: Span): bigint | undefined {
  return sized(option, 8) ? option.view.getBigUint64(option.start, option.littleEndian) : undefined;
}

export function i64(option: Span): bigint | undefined {
  return sized(option, 8) ? option.view.getBigInt64(option.start, option.littleEndian) : undefined;
}

/** Ticks, high word first in both byte orders. */
export function ticks(option: Span): bigint | undefined {
  return sized(option, 8) ? readTicks(option, option.start) : undefined;
}

export function readTicks({ view, littleEndian }: Span, at: number): bigint {
  const high = view.getUint32(at, littleEndian);
  return (BigInt(high) << 32n) | BigInt(view.getUint32(at + 4, littleEndian));
}

export function macAddress(option: Span): Uint8Array | undefined {
  return sized(option, 6) ? rest(option) : undefined;
}

export function filterText(option: Span): string | undefined {
  if (option.bytes[option.start] !== filterKindText || sized(option, 0)) return undefined;
  return text({ ...option, start: option.start + 1 });
}

export function verdict(option: Span): Verdict | undefined {
  if (sized(option, 0)) return undefined;
  const value = { ...option, start: option.start + 1 };
  switch (option.bytes[option.start]) {
    case verdictKinds.hardware:
      return { kind: 'hardware', data: rest(value) };
    case verdictKinds.tc: {
      const action = i64(value);
      return action === undefined ? undefined : { kind: 'tc', value: action };
    }
    case verdictKinds.xdp: {
      const action = u64(value);
      return action === undefined ? undefined : { kind: 'xdp', value: action };
    }
    default:
      return undefined;
  }
}

export function processAndThread(option: Span): { pid: number; tid: number } | undefined {
  if (!sized(option, 8)) return undefined;
  const { view, start, littleEndian } = option;
  return { pid: view.getUint32(start, littleEndian), tid: view.getUint32(start + 4, littleEndian) };
}

export function rest({ bytes, start, end }: Span): Uint8Array {
  return bytes.subarray(start, end);
}

function sized(option: Span, length: number): boolean {
  return option.end - option.start === length;
}
