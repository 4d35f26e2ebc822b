// One program of a BPF object, ready to be interpreted: its section and that of the functions that
// it calls in one list of instructions, addresses of data and of functions filled in, as libbpf does.
import { readElf, viewOf } from './elf.mjs';

/** Opcodes of include/uapi/linux/bpf.h. */
const LD_IMM64 = 0x18;
const CALL = 0x85;
/** What `src_reg` of a call says: 1 (BPF_PSEUDO_CALL) is a function of the object, 0 a helper. */
export const PSEUDO_CALL = 1;

/** Where the data sections are put, apart so that no pointer runs from one into the next. */
const DATA = 0x1_0000_0000n;
const APART = 0x1000_0000n;

/** Where functions seem to be, one byte for each instruction, for what is called back by a helper. */
export const FUNCTIONS = 0x7000_0000_0000n;

/**
 * @param file bytes of the object
 * @param name the section of the program, such as `xdp`
 * @returns `code`: instructions as `{ op, dst, src, off, imm }`, of 8 bytes each; the program begins
 *   at the first; `own`: how many of them it has without the functions that it calls; `memory`: the
 *   data sections as `{ base, bytes }`
 */
export function linkProgram(file, name) {
  const { sections } = readElf(file);
  const main = sections.find((each) => each.name === name);
  if (main === undefined) throw new Error(`the object has no section ${name}`);
  const text = sections.find((each) => each.name === '.text' && each !== main);
  const parts = [main, ...(text === undefined || text.bytes.length === 0 ? [] : [text])];
  const starts = new Map();
  const code = [];
  for (const part of parts) {
    starts.set(part, code.length);
    code.push(...decode(part.bytes));
  }
  const memory = new Map();
  for (const part of parts) {
    for (const { offset, symbol } of part.relocations) {
      const at = starts.get(part) + offset / 8;
      const target = sections[symbol.section];
      if (symbol.section === 0) throw new Error(`${symbol.name} is not in the object`);
      if (code[at].op === CALL) callTo(code, at, starts.get(target), symbol.value);
      else if (starts.has(target)) pointToFunction(code, at, starts.get(target), symbol.value);
      else pointTo(code, at, regionOf(memory, target, sections), symbol.value);
    }
  }
  return { code, own: main.bytes.length / 8, memory: [...memory.values()] };
}

function decode(bytes) {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / 8 }, (_, i) => ({
    op: bytes[i * 8],
    dst: bytes[i * 8 + 1] & 15,
    src: bytes[i * 8 + 1] >> 4,
    off: view.getInt16(i * 8 + 2, true),
    imm: view.getInt32(i * 8 + 4, true),
  }));
}

/** The target counts from the instruction behind; in the file it counts from the symbol. */
function callTo(code, at, start, value) {
  if (start === undefined) throw new Error('a call of a function in another section');
  const target = start + value / 8 + (code[at].imm + 1);
  code[at] = { ...code[at], src: PSEUDO_CALL, imm: target - at - 1 };
}

/** The constant of an LD_IMM64 becomes an address; in the file it counts from the symbol. */
const pointTo = (code, at, region, value) =>
  loadAddress(code, at, region.base + BigInt(value) + BigInt(code[at].imm));

const pointToFunction = (code, at, start, value) =>
  loadAddress(code, at, FUNCTIONS + BigInt(start + (value + code[at].imm) / 8));

function loadAddress(code, at, address) {
  if (code[at].op !== LD_IMM64) throw new Error('a relocation of an unknown kind');
  code[at] = { ...code[at], src: 0, imm: Number(BigInt.asIntN(32, address)) };
  code[at + 1] = { ...code[at + 1], imm: Number(BigInt.asIntN(32, address >> 32n)) };
}

function regionOf(memory, section, sections) {
  if (!memory.has(section)) {
    const base = DATA + APART * BigInt(sections.indexOf(section));
    memory.set(section, { base, bytes: section.bytes.slice() });
  }
  return memory.get(section);
}
