// Runs a BPF program and counts the instructions that it executes: what clang makes with -mcpu=v3
// (RFC 9669 without atomic operations), functions, and the helpers of help.mjs. Every access is
// checked: one that reaches beyond what belongs to the program is an error, as the verifier has it.
import { helpers } from './help.mjs';
import { FUNCTIONS, PSEUDO_CALL } from './link.mjs';
import { Memory } from './memory.mjs';

const STACK = 512n;
const STACK_TOP = 0xf000_0000n;
/** Enough for any filter; a loop without end is an error of ours. */
const MOST = 10_000_000;

const unsigned = (value) => BigInt.asUintN(64, value);
const low = (value) => BigInt.asUintN(32, value);

/** By the upper four bits of the opcode (RFC 9669, 4.1); operands and result as unsigned numbers. */
const ARITHMETIC = [
  (a, b) => a + b,
  (a, b) => a - b,
  (a, b) => a * b,
  (a, b) => (b === 0n ? 0n : a / b),
  (a, b) => a | b,
  (a, b) => a & b,
  (a, b, bits) => a << (b & (bits - 1n)),
  (a, b, bits) => a >> (b & (bits - 1n)),
  (a) => -a,
  (a, b) => (b === 0n ? a : a % b),
  (a, b) => a ^ b,
  (_, b) => b,
  (a, b, bits) => BigInt.asIntN(Number(bits), a) >> (b & (bits - 1n)),
];

const asSigned = (test) => (a, b, bits) =>
  test(BigInt.asIntN(Number(bits), a), BigInt.asIntN(Number(bits), b));

/** By the upper four bits of the opcode (RFC 9669, 4.3); calls and exit are not among them. */
const JUMPS = {
  0: () => true,
  1: (a, b) => a === b,
  2: (a, b) => a > b,
  3: (a, b) => a >= b,
  4: (a, b) => (a & b) !== 0n,
  5: (a, b) => a !== b,
  6: asSigned((a, b) => a > b),
  7: asSigned((a, b) => a >= b),
  10: (a, b) => a < b,
  11: (a, b) => a <= b,
  12: asSigned((a, b) => a < b),
  13: asSigned((a, b) => a <= b),
};

/** Bytes of a load or store, by bits 3 and 4 of the opcode. */
const SIZES = [4, 2, 1, 8];

/**
 * @param program of linkProgram()
 * @param memory what it may touch beside its data: `{ base, bytes }`; it is written to
 * @param context address of what the program is given
 * @returns `result`: what it returned, 32 bits; `executed`: instructions, one for each time that it
 *   was executed; `helpers`: calls of the kernel among them
 */
export function interpret({ code, memory: data }, memory, context) {
  const machine = {
    memory: new Memory([...data, ...memory]),
    registers: new Array(11).fill(0n),
    callers: [],
    depth: 0,
    context,
    executed: 0,
    helpers: 0,
  };
  machine.callBack = (address, ...args) => callBack(machine, code, address, args);
  machine.registers[1] = context;
  enter(machine);
  runFrom(machine, code, 0);
  const result = Number(low(machine.registers[0]));
  return { result, executed: machine.executed, helpers: machine.helpers };
}

/** Until the function that begins there returns. */
function runFrom(machine, code, start) {
  for (let at = start; at !== undefined; at = step(machine, code, at)) {
    if (++machine.executed > MOST) throw new Error('the program does not end');
  }
}

/** What a function gives that a helper calls. */
function callBack(machine, code, address, args) {
  const { registers, callers } = machine;
  machine.registers = [0n, ...args, ...new Array(10 - args.length).fill(0n)];
  machine.callers = [];
  enter(machine);
  runFrom(machine, code, Number(address - FUNCTIONS));
  const result = machine.registers[0];
  Object.assign(machine, { registers, callers });
  return result;
}

/** A stack of its own for the function that begins. */
function enter(machine) {
  const top = STACK_TOP - STACK * BigInt(machine.depth++) * 2n;
  machine.registers[10] = top;
  machine.memory.push({ base: top - STACK, bytes: new Uint8Array(Number(STACK)) });
}

/** @returns the index of the next instruction; `undefined` at the program's end */
function step(machine, code, at) {
  const instruction = code[at];
  switch (instruction.op & 7) {
    case 0:
      machine.registers[instruction.dst] =
        low(BigInt(instruction.imm)) | (low(BigInt(code[at + 1].imm)) << 32n);
      return at + 2;
    case 1:
      load(machine, instruction);
      return at + 1;
    case 2:
    case 3:
      store(machine, instruction);
      return at + 1;
    case 4:
    case 7:
      compute(machine, instruction);
      return at + 1;
    default:
      return jump(machine, instruction, at);
  }
}

function load({ registers, memory }, { op, dst, src, off }) {
  if (op >> 5 !== 3) throw new Error(`no such load: opcode ${op}`);
  registers[dst] = memory.read(unsigned(registers[src] + BigInt(off)), SIZES[(op >> 3) & 3]);
}

function store({ registers, memory }, { op, dst, src, off, imm }) {
  if (op >> 5 !== 3) throw new Error(`no such store: opcode ${op}`);
  const value = (op & 7) === 2 ? BigInt(imm) : registers[src];
  memory.write(unsigned(registers[dst] + BigInt(off)), SIZES[(op >> 3) & 3], value);
}

function compute({ registers }, { op, dst, src, imm }) {
  const wide = (op & 7) === 7;
  const kind = op >> 4;
  if (kind === 13) {
    registers[dst] = swap(registers[dst], imm, (op & 8) !== 0);
    return;
  }
  const cut = wide ? unsigned : low;
  const operand = cut((op & 8) !== 0 ? registers[src] : BigInt(imm));
  registers[dst] = cut(ARITHMETIC[kind](cut(registers[dst]), operand, wide ? 64n : 32n));
}

/** The byte swap of RFC 9669, 4.2, on a little-endian machine: to big-endian, or only cut. */
function swap(value, bits, toBig) {
  let left = BigInt.asUintN(bits, value);
  if (!toBig) return left;
  let swapped = 0n;
  for (let i = 0; i < bits; i += 8) {
    swapped = (swapped << 8n) | (left & 255n);
    left >>= 8n;
  }
  return swapped;
}

function jump(machine, { op, dst, src, off, imm }, at) {
  const { registers } = machine;
  const kind = op >> 4;
  if (kind === 8) return call(machine, src, imm, at);
  if (kind === 9) return leave(machine);
  const wide = (op & 7) === 5;
  const cut = wide ? unsigned : low;
  const operand = cut((op & 8) !== 0 ? registers[src] : BigInt(imm));
  const taken = JUMPS[kind](cut(registers[dst]), operand, wide ? 64n : 32n);
  return at + 1 + (taken ? off : 0);
}

function call(machine, kind, imm, at) {
  const { registers, callers } = machine;
  if (kind === PSEUDO_CALL) {
    callers.push({ back: at + 1, saved: registers.slice(6) });
    enter(machine);
    return at + 1 + imm;
  }
  const helper = helpers[imm];
  if (helper === undefined) throw new Error(`the program calls helper ${imm}`);
  machine.helpers++;
  registers[0] = unsigned(BigInt(helper(machine, ...registers.slice(1, 6))));
  return at + 1;
}

function leave(machine) {
  const { registers, callers, memory } = machine;
  memory.pop();
  machine.depth--;
  const caller = callers.pop();
  if (caller === undefined) return undefined;
  registers.splice(6, 5, ...caller.saved);
  return caller.back;
}
