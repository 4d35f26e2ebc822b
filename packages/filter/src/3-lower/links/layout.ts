import type { BlockId } from '../../ir/types.ts';
import type { LinkTypeName } from '../../tables/link-types.ts';
import type { Builder } from '../builder.ts';
import type { Link, Place } from '../headers.ts';

/** Where things stand in a packet of a link type, before anything has been looked at. */
export interface Layout {
  readonly link: Link;
  /** Default: the packet's first byte. */
  readonly header?: Place;
  readonly protocol?: Place;
  readonly payload: Place;
  readonly network: number;
  readonly networkNoSnap: number;
  /** How many scratch words the places above read; {@link Layout.prologue} sets them. */
  readonly words?: number;
  /**
   * Blocks for the beginning of a program, before all tests.
   *
   * @param recalled the words that some test reads: only those need be set
   * @param next where to go on
   * @param reject where to go if the packet is of no use
   */
  readonly prologue?: (
    build: Builder,
    recalled: ReadonlySet<number>,
    next: BlockId,
    reject: BlockId,
  ) => BlockId;
}

/** A family's link types. */
export type Layouts = Readonly<Partial<Record<LinkTypeName, Layout>>>;

/**
 * libpcap's mark for a place that there is none of (gencode.c: OFFSET_NOT_SET). It computes with
 * it like with any other number: `host 1.2.3.4` on JUNIPER_ES, where neither the payload nor the
 * network header has a place, compares bytes 10 and 14. So do we, to give the same verdict.
 */
export const notSet = 0xffffffff;

/** A network layer right behind a link-layer header of `payload` bytes, without 802.2. */
export const plainLayout = (link: Link, payload: number): Layout => ({
  link,
  payload: { offset: payload },
  network: 0,
  networkNoSnap: 0,
});
