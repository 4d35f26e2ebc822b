import type { Instruction } from '@hookdump/filter';
import { ipv4Number } from '../../support/names.ts';
import { conformance } from '../../support/shared.ts';

/** libpcap's own tests, recorded from 1.11's development version: `cases.json`. */
export interface Cases {
  readonly accept: readonly AcceptCase[];
  readonly reject: readonly RejectCase[];
  readonly apply: readonly ApplyCase[];
}

export interface AcceptCase {
  readonly name: string;
  readonly linkType: string;
  readonly snapLen: number;
  /** All mean the same. */
  readonly expressions: readonly string[];
  /** libpcap's unoptimized program, as `[code, jt, jf, k]`. */
  readonly program: readonly (readonly [number, number, number, number])[];
  /** Instructions after libpcap's optimizer; null where there are none: `rejectsAll`. */
  readonly optimizedLength: number | null;
  /** libpcap refuses it when it optimizes, since no packet can match. */
  readonly rejectsAll?: boolean;
  readonly linux?: boolean;
  readonly netmask?: string;
}

export interface RejectCase {
  readonly name: string;
  readonly linkType: string;
  readonly expression: string;
  /** What libpcap says. */
  readonly error: string;
}

export interface ApplyCase {
  readonly name: string;
  readonly savefile: string;
  readonly expression: string;
  /** The filter's return value for each packet of the file. */
  readonly results: readonly number[];
}

export const readCases = (): Cases => conformance<Cases>('cases.json');

export const instructions = (program: AcceptCase['program']): Instruction[] =>
  program.map(([code, jt, jf, k]) => ({ code, jt, jf, k }));

export const optionsOf = ({ linkType, snapLen, linux, netmask }: AcceptCase) => ({
  linkType,
  snapLen,
  linux: linux === true,
  ...(netmask !== undefined && { netmask: ipv4Number(netmask) }),
});
