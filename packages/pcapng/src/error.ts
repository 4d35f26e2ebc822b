/**
 * - `not-a-capture`: the first bytes are of no capture format
 * - `unsupported`: a capture file of a form that is not read (version, compression)
 * - `malformed`: the bytes contradict the format, or a block is longer than allowed
 * - `truncated`: the file ends inside a header, block or record
 */
export type CaptureFileErrorCode = 'not-a-capture' | 'unsupported' | 'malformed' | 'truncated';

/** The only thing that reading a file throws. */
export class CaptureFileError extends Error {
  override readonly name = 'CaptureFileError';
  readonly code: CaptureFileErrorCode;
  /** Byte position in the file of what is wrong; for `truncated`, of the incomplete block. */
  readonly offset: number;

  constructor(code: CaptureFileErrorCode, what: string, offset: number) {
    super(`byte ${offset}: ${what}`);
    this.code = code;
    this.offset = offset;
  }
}
