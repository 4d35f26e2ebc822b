import type { Direction } from '../../ast/types.ts';
import { type Headers, loadAt, type Place } from '../headers.ts';
import { constant } from '../tree.ts';
import { bytesAt } from './bytes.ts';
import {
  allOf,
  anyOf,
  type Blocks,
  bitsIn,
  type Condition,
  choose,
  field,
  negate,
} from './condition.ts';

/** Where an 802.11 header has its four addresses (IEEE 802.11 clause 9.2.4). */
const at = { address1: 4, address2: 10, address3: 16, address4: 24 } as const;

/** In the first byte of frame control: type and subtype. */
const control = { mask: 0x0c, value: 0x04 } as const;
const subtypes = { mask: 0xf0, cts: 0xc0, ack: 0xd0 } as const;

/**
 * An address of an 802.11 frame. Which of the four is the sender's and which the receiver's depends
 * on the frame; some frames don't have it. (gencode.c: gen_wlanhostop())
 */
export function wlanAddress(
  headers: Headers,
  direction: Direction,
  address: readonly number[],
): Condition {
  const { header } = headers;
  const is = (offset: number): Condition => bytesAt(header, offset, address);
  switch (direction) {
    case 'src':
      return source(header, is);
    case 'dst':
      return destination(header, is);
    case 'src or dst':
      return anyOf(source(header, is), destination(header, is));
    case 'src and dst':
      return allOf(source(header, is), destination(header, is));
    case 'addr1':
      return is(at.address1);
    case 'addr2':
      return allOf(hasAddress2(header), is(at.address2));
    case 'addr3':
      return allOf(
        field(header, { offset: 0, size: 1, ...control, negated: true }),
        is(at.address3),
      );
    case 'addr4':
      return allOf(field(header, { offset: 1, size: 1, mask: 3, value: 3 }), is(at.address4));
    case 'ra':
      return allOf(typeBit(header, 0x08), is(at.address1));
    case 'ta':
      return allOf(typeBit(header, 0x08), hasAddress2(header), is(at.address2));
    default:
      return direction satisfies never;
  }
}

/** The sender: not in control frames; address 2, 3 or 4 of data frames, address 2 of others. */
function source(header: Place, is: (offset: number) => Condition): Condition {
  return allOf(
    negate(typeBit(header, 0x04)),
    choose(
      typeBit(header, 0x08),
      choose(
        fromDistribution(header),
        choose(toDistribution(header), is(at.address4), is(at.address3)),
        is(at.address2),
      ),
      is(at.address2),
    ),
  );
}

/** The receiver: not in control frames; address 1 or 3 of data frames, address 1 of others. */
export function destination(header: Place, is: (offset: number) => Condition): Condition {
  return allOf(
    negate(typeBit(header, 0x04)),
    choose(
      typeBit(header, 0x08),
      choose(toDistribution(header), is(at.address3), is(at.address1)),
      is(at.address1),
    ),
  );
}

/** All frames but clear to send and acknowledgement have an address 2. */
const hasAddress2 = (header: Place): Condition =>
  anyOf(
    field(header, { offset: 0, size: 1, ...control, negated: true }),
    allOf(
      field(header, {
        offset: 0,
        size: 1,
        mask: subtypes.mask,
        value: subtypes.cts,
        negated: true,
      }),
      field(header, {
        offset: 0,
        size: 1,
        mask: subtypes.mask,
        value: subtypes.ack,
        negated: true,
      }),
    ),
  );

/** Bit 3 of the first byte is set in data frames, bit 2 in control frames. */
const typeBit = (header: Place, bit: number): Blocks => bitsIn(loadAt(1, header), constant(bit));

const toDistribution = (header: Place): Blocks => bitsIn(loadAt(1, header, 1), constant(1));
const fromDistribution = (header: Place): Blocks => bitsIn(loadAt(1, header, 1), constant(2));
