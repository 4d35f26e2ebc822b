import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Where the running kernel has memory and its array of struct pages, as addresses of page 0 of each. */
export interface PageMap {
  /** Where all of memory is mapped: page_offset_base, PAGE_OFFSET. */
  readonly memory: bigint;
  /** The struct page of page 0: vmemmap. */
  readonly pages: bigint;
}

/** A stretch of the kernel's addresses: a PT_LOAD header of /proc/kcore. */
interface Stretch {
  readonly virtual: bigint;
  /** All ones where it is not a stretch of memory as such (elf_kcore_store_hdr of fs/proc/kcore.c). */
  readonly physical: bigint;
  readonly size: bigint;
}

const PAGE = 4096n;
/** sizeof(struct page) of every 64-bit configuration of distributions. */
const STRUCT_PAGE = 64n;
const NOT_MEMORY = 0xffff_ffff_ffff_ffffn;

/**
 * Asks /proc/kcore, whose headers list memory and, as its own stretches, the struct pages of it.
 *
 * @returns `undefined` where the kernel does not tell (CONFIG_PROC_KCORE, CAP_SYS_RAWIO), or has pages
 *   of another size than 4 KiB
 */
export function pageMap(): PageMap | undefined {
  try {
    return pageSize(readFileSync('/proc/self/auxv')) === PAGE
      ? readPageMap(readHeaders('/proc/kcore'))
      : undefined;
  } catch {
    return undefined;
  }
}

/** AT_PAGESZ of getauxval(3), which is 6: pairs of 64-bit numbers. */
function pageSize(auxv: Buffer): bigint | undefined {
  for (let at = 0; at + 16 <= auxv.length; at += 16) {
    if (auxv.readBigUInt64LE(at) === 6n) return auxv.readBigUInt64LE(at + 8);
  }
  return undefined;
}

/** The ELF header and the program headers behind it; the rest of the file is the kernel's memory. */
function readHeaders(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(64 * 1024);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the headers of a 64-bit little-endian core file (elf(5)).
 *
 * @returns `undefined` if no two stretches are as those of memory and of its struct pages are
 */
export function readPageMap(elf: Buffer): PageMap | undefined {
  const stretches = loadHeaders(elf);
  const [largest] = stretches
    .filter(({ physical }) => physical !== NOT_MEMORY)
    .sort((a, b) => Number(b.size - a.size));
  if (largest === undefined) return undefined;
  const first = largest.physical / PAGE;
  const end = (largest.physical + largest.size) / PAGE;
  // get_sparsemem_vmemmap_info() of fs/proc/kcore.c: whole pages of struct pages.
  const from = roundDown(first * STRUCT_PAGE);
  const to = roundDown(end * STRUCT_PAGE + PAGE - 2n);
  const pages = stretches.find(
    ({ physical, size }) => physical === NOT_MEMORY && size === to - from,
  );
  if (pages === undefined) return undefined;
  return { memory: largest.virtual - largest.physical, pages: pages.virtual - from };
}

const roundDown = (bytes: bigint): bigint => bytes - (bytes % PAGE);

function loadHeaders(elf: Buffer): Stretch[] {
  const offset = Number(elf.readBigUInt64LE(32));
  const entry = elf.readUInt16LE(54);
  const count = elf.readUInt16LE(56);
  const PT_LOAD = 1;
  return Array.from({ length: count }, (_, index) => offset + index * entry)
    .filter((at) => at + entry <= elf.length && elf.readUInt32LE(at) === PT_LOAD)
    .map((at) => ({
      virtual: elf.readBigUInt64LE(at + 16),
      physical: elf.readBigUInt64LE(at + 24),
      size: elf.readBigUInt64LE(at + 40),
    }));
}
