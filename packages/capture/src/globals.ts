import {
  ATTACHED,
  ATTACHED_SIZE,
  MAX_TARGETS,
  PAGE_MAP,
  PAGE_MAP_SIZE,
  TARGET,
  TARGET_SIZE,
} from '@hookdump/codegen/record';
import type { PageMap } from '@hookdump/loader';
import type { Device } from './devices.ts';
import { littleEndian } from './host-order.ts';
import type { Target } from './plan.ts';

/** Values of the templates' `const volatile` variables, in the layout of record.h. */

export function encodeU32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** `struct target targets[MAX_TARGETS]` */
export function encodeTargets(targets: readonly Target[]): Uint8Array {
  const bytes = new Uint8Array(MAX_TARGETS * TARGET_SIZE);
  const view = new DataView(bytes.buffer);
  targets.forEach(({ netns, ifindex }, index) => {
    view.setUint32(index * TARGET_SIZE + TARGET.netns.offset, netns, littleEndian);
    view.setUint32(index * TARGET_SIZE + TARGET.ifindex.offset, ifindex, littleEndian);
  });
  return bytes;
}

/** `struct attached` */
export function encodeAttached({ netns, index, type, name }: Device): Uint8Array {
  const bytes = new Uint8Array(ATTACHED_SIZE);
  const view = new DataView(bytes.buffer);
  const { offset, size } = ATTACHED.ifname;
  view.setUint32(ATTACHED.netns.offset, netns.inode, littleEndian);
  view.setUint32(ATTACHED.ifindex.offset, index, littleEndian);
  view.setUint32(ATTACHED.deviceType.offset, type, littleEndian);
  bytes.set(new TextEncoder().encode(name).subarray(0, size - 1), offset);
  return bytes;
}

/** `struct page_map` */
export function encodePageMap({ memory, pages }: PageMap): Uint8Array {
  const bytes = new Uint8Array(PAGE_MAP_SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(PAGE_MAP.memory.offset, memory, littleEndian);
  view.setBigUint64(PAGE_MAP.pages.offset, pages, littleEndian);
  return bytes;
}
