import type { FieldWord } from '../../ast/types.ts';
import type { LoadSize } from '../../ir/types.ts';
import * as messages from '../../messages/lower.ts';
import type { Headers, MtpOffsets } from '../headers.ts';
import { loadAt } from '../headers.ts';
import { arith, constant, load, type Tree } from '../tree.ts';
import { anyOf, type Condition, compare } from './condition.ts';
import { type Context, type TestOf, whereOf } from './context.ts';

/** A field of MTP3's header, and how a number stands in it. */
interface MtpField {
  readonly at: 'sio' | 'opc' | 'dpc' | 'sls';
  readonly size: LoadSize;
  readonly mask?: number;
  /** The number as the load gives it, big-endian and in place. */
  readonly inPlace: (value: number) => number;
}

/**
 * ITU-T Q.704 clause 2.2. Point codes are little-endian and not aligned to bytes, so that numbers are
 * swapped to be compared: `=` is what it seems, `<` and `>` order by the swapped number, as in
 * libpcap (gencode.c: gen_mtp3field_code_internal()).
 */
const mtpFields: Readonly<Record<'sio' | 'opc' | 'dpc' | 'sls', MtpField>> = {
  sio: { at: 'sio', size: 1, inPlace: (value) => value },
  opc: { at: 'opc', size: 4, mask: 0x00c0ff0f, inPlace: (value) => swap4(value << 14) },
  dpc: { at: 'dpc', size: 2, mask: 0xff3f, inPlace: (value) => swap2(value) },
  sls: { at: 'sls', size: 1, mask: 0xf0, inPlace: (value) => value << 4 },
};

/** On high-speed links the header is so many bytes further on. */
const highSpeed = 3;

const swap2 = (value: number): number => ((value & 0xff) << 8) | (value >>> 8);
const swap4 = (value: number): number =>
  ((swap2(value & 0xffff) << 16) | swap2(value >>> 16)) >>> 0;

/** True if one of the alternatives is. */
export function field(context: Context, test: TestOf<'field'>): Condition {
  const source = sourceOf(context, test.field);
  if (source === false) return false;
  return anyOf(
    ...test.alternatives.map(({ op, value }) =>
      compare(op, source.value, constant(source.inPlace(value))),
    ),
  );
}

interface Source {
  readonly value: Tree;
  readonly inPlace: (value: number) => number;
}

function sourceOf({ headers, refuse }: Context, word: FieldWord): Source | false {
  const { atm, mtp } = headers.link;
  if (word === 'vpi' || word === 'vci') {
    if (atm === undefined)
      return refuse((span) => messages.onlyOnAtm(span, word, whereOf(headers)));
    return { value: atmField(headers, word, atm[word]), inPlace: (value) => value };
  }
  if (mtp === undefined) return refuse((span) => messages.onlyOnSs7(span, word, whereOf(headers)));
  return mtpSource(mtp, word);
}

/** (gencode.c: gen_atmfield_code_internal()) */
const atmField = ({ header }: Headers, word: 'vpi' | 'vci', offset: number): Tree =>
  loadAt(word === 'vpi' ? 1 : 2, header, offset);

function mtpSource(mtp: MtpOffsets, word: Exclude<FieldWord, 'vpi' | 'vci'>): Source {
  const high = word.startsWith('h');
  const { at, size, mask, inPlace } = mtpFields[(high ? word.slice(1) : word) as MtpField['at']];
  const loaded = load(size, mtp[at] + (high ? highSpeed : 0));
  return { value: mask === undefined ? loaded : arith('&', loaded, constant(mask)), inPlace };
}
