import type { Instruction } from '@hookdump/filter';
import { type Answering, buildAnswering } from './built.ts';

/** libpcap, asked in batches: see oracle.c. */
export type Oracle = Answering;

/** Builds the oracle, or says why it can't be had. */
export const openOracle = (): Oracle | { readonly missing: string } =>
  buildAnswering(new URL('oracle.c', import.meta.url).pathname);

/** A program as the oracle reads it. */
export function programText(program: readonly Instruction[]): string {
  return program.map(({ code, jt, jf, k }) => `${code},${jt},${jf},${k};`).join('');
}

/** The same read: what `compile` of the oracle answers behind its `ok `. */
export function readProgram(text: string): Instruction[] {
  return text
    .split(';')
    .slice(0, -1)
    .map((instruction) => {
      const [code, jt, jf, k] = instruction.split(',').map(Number);
      return { code: code!, jt: jt!, jf: jf!, k: k! };
    });
}

export function hex(packet: Uint8Array): string {
  return packet.length === 0 ? '-' : Buffer.from(packet).toString('hex');
}

/** A packet as `judge` of the oracle reads it. */
export const packetText = ({
  data,
  wireLength,
}: {
  data: Uint8Array;
  wireLength: number;
}): string => `${wireLength}:${hex(data)}`;

/** What each program returns for each packet: rows are packets. */
export const readJudgement = (answer: string): number[][] =>
  answer
    .trim()
    .split(' ')
    .map((row) => row.split(',').map(Number));
