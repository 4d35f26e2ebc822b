import * as messages from '../../messages/lower.ts';
import type { MtpWord } from '../../predicate/types.ts';
import type { MtpOffsets } from '../headers.ts';
import { arith, constant, load, type Tree } from '../tree.ts';
import { allOf, type Condition, compare } from './condition.ts';
import { type Context, type TestOf, whereOf } from './context.ts';

/**
 * A signal unit is told by the length of what follows (ITU-T Q.703 clause 2.3.3): nothing is a
 * fill-in, one or two bytes a link status, more a message. On high-speed links the length is nine
 * bits and begins in the second of two bytes (annex A).
 */
interface Length {
  readonly of: (mtp: MtpOffsets) => Tree;
  /** The largest length of a link status signal unit, in place in the field. */
  readonly status: number;
}

const ordinary: Length = {
  of: (mtp) => arith('&', load(1, mtp.length), constant(0x3f)),
  status: 2,
};
const highSpeed: Length = {
  of: (mtp) => arith('&', load(2, mtp.lengthHsl), constant(0xff80)),
  status: 2 << 7,
};

const fillIn = (length: Tree): Condition => compare('=', length, constant(0));
const status = (length: Tree, most: number): Condition =>
  allOf(compare('>', length, constant(0)), compare('<=', length, constant(most)));
const message = (length: Tree, most: number): Condition => compare('>', length, constant(most));

const words: Readonly<
  Record<MtpWord, readonly [Length, (length: Tree, most: number) => Condition]>
> = {
  fisu: [ordinary, fillIn],
  lssu: [ordinary, status],
  msu: [ordinary, message],
  hfisu: [highSpeed, fillIn],
  hlssu: [highSpeed, status],
  hmsu: [highSpeed, message],
};

/** (gencode.c: gen_mtp2type_abbrev()) */
export function mtpWord({ headers, refuse }: Context, { word }: TestOf<'mtp-word'>): Condition {
  const { mtp } = headers.link;
  if (mtp === undefined) return refuse((span) => messages.onlyOnSs7(span, word, whereOf(headers)));
  const [length, test] = words[word];
  return test(length.of(mtp), length.status);
}
