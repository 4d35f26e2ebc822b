import type { AncillaryField, InterfaceNameField, LoadSize } from '../ir/types.ts';
import { NotClassic } from './not-classic.ts';

/**
 * Ancillary data in classic BPF: loads from offsets that no packet has, SKF_AD_OFF and up (taken
 * as unsigned), mean what the kernel knows of the packet (<linux/filter.h>).
 */
export const ancillaryBase = 0xfffff000;

/** Loads relative to the network and to the link-layer header (SKF_NET_OFF, SKF_LL_OFF). */
export const networkBase = 0xfff00000;
export const linkBase = 0xffe00000;

/** `A ^= X`, from the time when there was no instruction for it. */
export const xorOffset = ancillaryBase + 40;

interface Place {
  /** From `ancillaryBase`: SKF_AD_*. */
  readonly offset: number;
  /** The kernel gives all of the field at any size; this is what libpcap's gencode.c writes. */
  readonly size: LoadSize;
}

type ClassicField = Exclude<AncillaryField, InterfaceNameField>;

const places: Readonly<Record<ClassicField, Place>> = {
  protocol: { offset: 0, size: 2 },
  'packet-type': { offset: 4, size: 2 },
  'interface-index': { offset: 8, size: 4 },
  mark: { offset: 20, size: 4 },
  queue: { offset: 24, size: 4 },
  'hardware-type': { offset: 28, size: 4 },
  'receive-hash': { offset: 32, size: 4 },
  cpu: { offset: 36, size: 4 },
  'vlan-tag': { offset: 44, size: 2 },
  'vlan-tag-present': { offset: 48, size: 1 },
  'vlan-protocol': { offset: 60, size: 2 },
};

const fields = new Map(
  Object.entries(places).map(([name, { offset }]) => [offset, name as AncillaryField]),
);

/** The names of what is there too but has no field: it is no property of a packet. */
const others: ReadonlyMap<number, string> = new Map([
  [12, 'SKF_AD_NLATTR'],
  [16, 'SKF_AD_NLATTR_NEST'],
  [52, 'SKF_AD_PAY_OFFSET'],
  [56, 'SKF_AD_RANDOM'],
]);

/** What tcpdump -d prints for the offsets, every fourth from SKF_AD_OFF on (bpf_image.c). */
const symbols =
  'proto type ifidx nla nlan mark queue hatype rxhash cpu xor_x vlan_tci vlanp poff random vlan_tpid'.split(
    ' ',
  );

/** The word for an offset in the assembly language, where it has one. */
export const symbolAt = (k: number): string | undefined => symbols[(k - ancillaryBase) / 4];

/**
 * Where a load finds a field: `k` of the instruction, and its size.
 *
 * @throws NotClassic
 */
export function placeOf(field: AncillaryField): Place {
  if (!isClassic(field)) throw new NotClassic('the name of an interface');
  const { offset, size } = places[field];
  return { offset: ancillaryBase + offset, size };
}

const isClassic = (field: AncillaryField): field is ClassicField => Object.hasOwn(places, field);

/** The field that a load from this offset gives, if it is a known one. */
export const fieldAt = (k: number): AncillaryField | undefined => fields.get(k - ancillaryBase);

/** What is at an offset that is no field, in the words of <linux/filter.h>. */
export const ancillaryName = (k: number): string =>
  others.get(k - ancillaryBase) ?? `SKF_AD_OFF + ${k - ancillaryBase}`;
