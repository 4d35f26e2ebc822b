import type { BlockId } from '../../ir/types.ts';
import type { LinkTypeName } from '../../tables/link-types.ts';
import type { Builder, Targets } from '../builder.ts';
import type { FieldTest, Headers, Link, Place, ProtocolField } from '../headers.ts';
import { arith, constant, load, recall, type Tree } from '../tree.ts';
import { allOf, fieldIs } from './fields.ts';
import type { Layout, Layouts } from './layout.ts';
import { llcProtocols } from './llc.ts';

/** Type "data", in the first byte of frame control (IEEE 802.11 clause 9.2.4.1). */
const dataFrame: FieldTest = { offset: 0, size: 1, mask: 0x0c, value: 0x08 };
/** The same, of a subtype that has a QoS field of two bytes behind its header. */
const qosDataFrame: FieldTest = { offset: 0, size: 1, mask: 0x8c, value: 0x88 };

/** The header of a frame of data, without the QoS field and the fourth address. */
const headerLength = 24;

/** Only frames of data have an 802.2 header. */
export const isDataFrame = (build: Builder, headers: Headers, to: Targets): BlockId =>
  fieldIs(build, headers.header, dataFrame, to);

const protocols: ProtocolField = {
  limits: 'llc-or-ethertype',
  is: (build, headers, protocol, to) =>
    allOf(to, [
      (t) => isDataFrame(build, headers, t),
      (t) => llcProtocols.is(build, headers, protocol, t),
    ]),
};

/** What stands before the 802.11 header. */
interface RadioHeader {
  /** Blocks that put its length in bytes into a scratch word. */
  readonly storeLength: (build: Builder, word: number, next: BlockId) => BlockId;
  /** It says whether there is padding behind the 802.11 header (radiotap). */
  readonly saysPadding?: true;
  /** It says which link type follows, which must be 802.11 (PPI). */
  readonly saysLinkType?: true;
}

const storeTree =
  (length: Tree): RadioHeader['storeLength'] =>
  (build, word, next) =>
    build.store(word, length, next);

/** Two bytes, little-endian. */
const lengthAt2 = storeTree(arith('|', load(1, 2), arith('<<', load(1, 3), constant(8))));
/** Four bytes, big-endian. */
const lengthAt4 = storeTree(load(4, 4));

/** Radiotap and PPI have their length in the same place. */
const radiotap: RadioHeader = { storeLength: lengthAt2, saysPadding: true };
const ppi: RadioHeader = { storeLength: lengthAt2, saysLinkType: true };
const avs: RadioHeader = { storeLength: lengthAt4 };

/** Drivers that should give Prism's header, of 144 bytes, often give AVS's, which has a magic number. */
const prism: RadioHeader = {
  storeLength: (build, word, next) =>
    fieldIs(
      build,
      { offset: 0 },
      { offset: 0, size: 4, mask: 0xfffff000, value: 0x80211000 },
      {
        yes: lengthAt4(build, word, next),
        no: build.store(word, constant(144), next),
      },
    ),
};

/** LINKTYPE_IEEE802_11, little-endian, as PPI has it at byte 4. */
const ppiOf80211: FieldTest = { offset: 4, size: 4, value: 0x69000000 };

/**
 * 802.11 behind a radio header or none. Where both end is only known when the packet is there:
 * scratch words hold it, and libpcap's order is kept (insert_compute_vloffsets()).
 */
function layout(name: LinkTypeName, radio: RadioHeader | undefined, more: Partial<Link>): Layout {
  const headerWord = 0;
  const payloadWord = radio === undefined ? 0 : 1;
  const header: Place =
    radio === undefined ? { offset: 0 } : { offset: 0, index: recall(headerWord) };
  return {
    link: {
      name,
      protocols,
      addresses: { kind: 'wlan' },
      llc: 'wlan',
      vlan: 'packet',
      wlan: true,
      ...more,
    },
    header,
    protocol: { offset: headerLength },
    payload: { offset: 0, index: recall(payloadWord) },
    network: 8,
    networkNoSnap: 3,
    words: payloadWord + 1,
    prologue: (build, recalled, next, reject) => {
      let entry = next;
      const needsPayload = recalled.has(payloadWord);
      if (needsPayload) {
        const padded = radio?.saysPadding === true;
        entry = storePayload(build, header, payloadWord, padded, entry);
      }
      if (radio !== undefined && (needsPayload || recalled.has(headerWord))) {
        entry = radio.storeLength(build, headerWord, entry);
      }
      if (radio?.saysLinkType === true) {
        entry = fieldIs(build, { offset: 0 }, ppiOf80211, { yes: entry, no: reject });
      }
      return entry;
    },
  };
}

/** Puts where the 802.11 header ends into a scratch word. (gen_load_802_11_header_len()) */
function storePayload(
  build: Builder,
  header: Place,
  word: number,
  saysPadding: boolean,
  next: BlockId,
): BlockId {
  const end = (length: number): Tree =>
    header.index === undefined ? constant(length) : arith('+', header.index, constant(length));
  const padded = saysPadding ? padToWord(build, word, next) : next;
  const isQos = fieldIs(build, header, qosDataFrame, {
    yes: build.store(word, end(headerLength + 2), padded),
    no: build.store(word, end(headerLength), padded),
  });
  if (!saysPadding) return isQos;
  const other = build.store(word, end(headerLength), next);
  return fieldIs(build, header, dataFrame, { yes: isQos, no: other });
}

/**
 * Atheros adapters pad the 802.11 header to a multiple of four bytes, and say so in radiotap's
 * flags: bit 5 of the byte behind the time stamp, if that is present. All of it is little-endian.
 * With more than one word of presence bits it is not looked for.
 */
function padToWord(build: Builder, word: number, next: BlockId): BlockId {
  const present = load(4, 4);
  const bit = (mask: number, to: Targets): BlockId => build.test('&', present, constant(mask), to);
  const sum = arith('+', recall(word), constant(3));
  const pad = build.store(word, arith('&', sum, constant(0xfffffffc)), next);
  const flagsAt = (offset: number): BlockId =>
    build.test('&', load(1, offset), constant(0x20), { yes: pad, no: next });
  const byTimeStamp = bit(0x01000000, { yes: flagsAt(16), no: flagsAt(8) });
  const byExtension = bit(0x00000080, { yes: next, no: byTimeStamp });
  return bit(0x02000000, { yes: byExtension, no: next });
}

export const wlanLayouts: Layouts = {
  IEEE802_11: layout('IEEE802_11', undefined, {}),
  IEEE802_11_RADIO: layout('IEEE802_11_RADIO', radiotap, { radio: true }),
  IEEE802_11_RADIO_AVS: layout('IEEE802_11_RADIO_AVS', avs, { radio: true }),
  PRISM_HEADER: layout('PRISM_HEADER', prism, { radio: true }),
  PPI: wlanWithoutTags(layout('PPI', ppi, {})),
};

/** libpcap has forgotten PPI where it lists what can have VLAN tags. */
function wlanWithoutTags(full: Layout): Layout {
  const { vlan: _, ...link } = full.link;
  return { ...full, link };
}
