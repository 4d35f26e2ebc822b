import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/classic.ts';
import type { Span } from '../../source.ts';
import { type Instruction, largestInField } from '../opcodes.ts';

/** A program as it was read, with the place of each instruction in what was read. */
export type ReadClassic =
  | {
      readonly ok: true;
      readonly instructions: readonly Instruction[];
      readonly spans: readonly Span[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** The four fields in order, with the largest number that each can hold. */
const fields = Object.entries(largestInField);

/**
 * Reads the text of `tcpdump -ddd`: the number of instructions, then `code jt jf k` for each, in
 * decimal. Commas may stand for line ends, as `iptables -m bpf --bytecode` wants them.
 *
 * Whether the program makes sense is `checkClassic`'s business, or that of `fromClassic`.
 *
 * @returns spans in characters of `text`
 */
export function readClassicText(text: string): ReadClassic {
  const [head, ...rest] = linesOf(text);
  if (head === undefined) {
    return { ok: false, diagnostics: [messages.noProgram({ start: 0, end: text.length })] };
  }
  const diagnostics: Diagnostic[] = [];
  if (!/^\d+$/.test(head.text)) diagnostics.push(messages.notACount(head.span, head.text));
  else if (Number(head.text) !== rest.length) {
    diagnostics.push(messages.wrongCount(head.span, Number(head.text), rest.length));
  }
  const instructions = rest.map(({ text: line, span }, index): Instruction => {
    const numbers = /^\d+[ \t]+\d+[ \t]+\d+[ \t]+\d+$/.test(line)
      ? line.split(/[ \t]+/).map(Number)
      : undefined;
    if (numbers === undefined) diagnostics.push(messages.notFourNumbers(span, line));
    fields.forEach(([name, most], field) => {
      const value = numbers?.[field] ?? 0;
      if (value > most) {
        diagnostics.push(messages.noField(span, index, name, value, most));
      }
    });
    const [code = 0, jt = 0, jf = 0, k = 0] = numbers ?? [];
    return { code, jt, jf, k };
  });
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  return { ok: true, instructions, spans: rest.map(({ span }) => span) };
}

/** The lines that hold something, without the blanks around it. */
function linesOf(text: string): { readonly text: string; readonly span: Span }[] {
  return [...text.matchAll(/[^\s,](?:[^\n\r,]*[^\s,])?/g)].map(({ 0: line, index }) => ({
    text: line,
    span: { start: index, end: index + line.length },
  }));
}

/**
 * Reads an array of `struct sock_filter` (which is libpcap's `struct bpf_insn` too), 8 bytes each:
 * code in two bytes, jt, jf, k in four. Little-endian, as on x86-64 and arm64.
 *
 * @returns spans in bytes
 */
export function readClassicBytes(bytes: Uint8Array): ReadClassic {
  const all = { start: 0, end: bytes.length };
  if (bytes.length === 0) return { ok: false, diagnostics: [messages.noProgram(all)] };
  if (bytes.length % 8 !== 0) {
    return { ok: false, diagnostics: [messages.notWhole(all, bytes.length)] };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const starts = Array.from({ length: bytes.length / 8 }, (_, index) => 8 * index);
  return {
    ok: true,
    instructions: starts.map((at) => ({
      code: view.getUint16(at, true),
      jt: view.getUint8(at + 2),
      jf: view.getUint8(at + 3),
      k: view.getUint32(at + 4, true),
    })),
    spans: starts.map((start) => ({ start, end: start + 8 })),
  };
}
