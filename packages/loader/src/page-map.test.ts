import { expect, test } from 'vitest';
import { readPageMap } from './page-map.ts';

const NOT_MEMORY = 0xffff_ffff_ffff_ffffn;

/** A core file of PT_LOAD headers behind a PT_NOTE, as fs/proc/kcore.c writes it. */
function core(...loads: readonly (readonly [virtual: bigint, physical: bigint, size: bigint])[]) {
  const elf = Buffer.alloc(64 + 56 * (loads.length + 1));
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(loads.length + 1, 56);
  elf.writeUInt32LE(4, 64);
  loads.forEach(([virtual, physical, size], index) => {
    const at = 64 + 56 * (index + 1);
    elf.writeUInt32LE(1, at);
    elf.writeBigUInt64LE(virtual, at + 16);
    elf.writeBigUInt64LE(physical, at + 24);
    elf.writeBigUInt64LE(size, at + 40);
  });
  return elf;
}

const memory = 0xffff_9a80_0000_0000n;
const pages = 0xffff_d3c0_4000_0000n;
const text = [0xffff_ffff_8100_0000n, 0x100_0000n, 0x200_0000n] as const;
const vmalloc = [0xffff_b000_0000_0000n, NOT_MEMORY, 0x1fff_ffff_ffffn] as const;
/** 636 KiB from the second page on, and 2 GiB less 1 MiB from 1 MiB on. */
const low = [memory + 0x1000n, 0x1000n, 0x9e000n] as const;
const high = [memory + 0x10_0000n, 0x10_0000n, 0x7ff0_0000n] as const;

test('memory, and the array of struct pages of its largest stretch', () => {
  const lowPages = [pages, NOT_MEMORY, 0x3000n] as const;
  const highPages = [pages + 0x4000n, NOT_MEMORY, 0x1ffc000n] as const;
  expect(readPageMap(core(text, vmalloc, low, lowPages, high, highPages))).toEqual({
    memory,
    pages,
  });
});

test.each([
  ['no stretch of struct pages', core(text, vmalloc, low, high)],
  ['one of another size', core(high, [pages + 0x4000n, NOT_MEMORY, 0x1ff0000n])],
  ['nothing', core()],
])('%s: not known', (_, elf) => {
  expect(readPageMap(elf)).toBeUndefined();
});
