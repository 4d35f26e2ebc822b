import {
  type Ancillary,
  type ArithOp,
  arith,
  compare,
  type Instruction,
  type TestOp,
} from '@hookdump/filter';
import type { Random } from './random.ts';

/** Bytes that a packet may grow to while it is steered. */
export const room = 600;

/** A packet in the making. */
export interface Steered {
  /** {@link room} bytes, of which `length` count. */
  readonly bytes: Uint8Array;
  length: number;
  wireLength: number;
  ancillary: Ancillary;
}

/** Where a number of a program comes from, as far as one can make it another one. */
type Origin =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'length' }
  | { readonly kind: 'load'; readonly at: number; readonly size: number }
  | { readonly kind: 'ancillary'; readonly field: keyof Ancillary }
  | {
      readonly kind: 'arith';
      readonly op: ArithOp;
      readonly left: Origin;
      readonly right: Origin;
      /** Steps down to the deepest leaf. */
      readonly depth: number;
    };

/** What libpcap's and the kernel's programs read beyond the packet: SKF_AD_OFF + the key. */
const ancillaryOffset = 0xfffff000;
const ancillaryFields: Readonly<Record<number, keyof Ancillary>> = {
  0: 'protocol',
  4: 'packet-type',
  8: 'interface-index',
  20: 'mark',
  24: 'queue',
  28: 'hardware-type',
  32: 'receive-hash',
  36: 'cpu',
  44: 'vlan-tag',
  48: 'vlan-tag-present',
  60: 'vlan-protocol',
};

/** The largest value that the kernel gives, where that is not any. */
const largest: Readonly<Partial<Record<keyof Ancillary, number>>> = {
  protocol: 0xffff,
  'packet-type': 7,
  'hardware-type': 0xffff,
  'vlan-tag': 0xffff,
  'vlan-tag-present': 1,
  'vlan-protocol': 0xffff,
};

/** Classes, modes and operations of classic BPF (<linux/bpf_common.h>). */
const classes = ['ld', 'ldx', 'st', 'stx', 'alu', 'jmp', 'ret', 'misc'] as const;
const modes = ['imm', 'abs', 'ind', 'mem', 'len', 'msh'] as const;
const operations: readonly ArithOp[] = ['+', '-', '*', '/', '|', '&', '<<', '>>'];
const negate = 8;
const laterOperations: Readonly<Record<number, ArithOp>> = { 9: '%', 10: '^' };
const tests: Readonly<Record<number, TestOp>> = { 1: '==', 2: '>', 3: '>=', 4: '&' };
const sizes = [4, 2, 1] as const;

const zero: Origin = { kind: 'fixed', value: 0 };

/**
 * Walks a program with a packet, at each branch changing the packet so that it goes a random way.
 * Knows classic BPF alone, so that any program can steer, ours, libpcap's or a foreign one; loops
 * are followed for a while.
 */
export function steer(program: readonly Instruction[], packet: Steered, r: Random): void {
  let a = zero;
  let x = zero;
  const memory: Origin[] = Array(16).fill(zero);
  let at = 0;
  for (let steps = 0; steps < 3000; steps++) {
    const instruction = program[at++];
    if (instruction === undefined) return;
    const { code, jt, jf, k } = instruction;
    const operand = (code & 8) === 0 ? fixed(k) : x;
    switch (classes[code & 7]) {
      case 'ld':
      case 'ldx': {
        const loaded = load(instruction, x, memory, packet, r);
        if (loaded === undefined) return;
        if (classes[code & 7] === 'ld') a = loaded;
        else x = loaded;
        break;
      }
      case 'st':
        memory[k & 15] = a;
        break;
      case 'stx':
        memory[k & 15] = x;
        break;
      case 'alu': {
        const operation = code >>> 4;
        const op = operations[operation] ?? laterOperations[operation];
        const made =
          operation === negate
            ? combine('-', zero, a, packet)
            : op && combine(op, a, operand, packet);
        if (made === undefined) return;
        a = made;
        break;
      }
      case 'jmp': {
        const op = tests[code >>> 4];
        if (op === undefined) {
          at = (at + k) >>> 0; // a backward jump is a large number
          break;
        }
        const wanted = !r.oneIn(3);
        bend(op, a, operand, wanted, packet, r);
        at += compare(op, number(a, packet), number(operand, packet)) ? jt : jf;
        break;
      }
      case 'misc':
        if (code >>> 3 === 0) x = a;
        else a = x;
        break;
      default:
        return;
    }
  }
}

const fixed = (value: number): Origin => ({ kind: 'fixed', value });

/** `undefined` where the load ends the program. */
function load(
  { code, k }: Instruction,
  x: Origin,
  memory: readonly Origin[],
  packet: Steered,
  r: Random,
): Origin | undefined {
  const size = sizes[(code >>> 3) & 3];
  switch (modes[code >>> 5]) {
    case 'imm':
      return fixed(k);
    case 'len':
      return { kind: 'length' };
    case 'mem':
      return memory[k & 15];
    case 'abs':
      if (k >= ancillaryOffset) {
        const field = ancillaryFields[k - ancillaryOffset];
        return field && { kind: 'ancillary', field };
      }
      return loadAt(k, size!, packet, r);
    case 'ind':
      return loadAt(k + number(x, packet), size!, packet, r);
    case 'msh': {
      const header = loadAt(k, 1, packet, r);
      if (header === undefined) return undefined;
      // Most headers have no options.
      if (!r.oneIn(4))
        packet.bytes[k] = (packet.bytes[k]! & 0xf0) | (r.oneIn(3) ? 5 + r.below(11) : 5);
      const length = combine('&', header, fixed(15), packet);
      return length && combine('*', length, fixed(4), packet);
    }
    default:
      return undefined;
  }
}

/** A short packet grows, mostly, so that the walk goes on. */
function loadAt(at: number, size: number, packet: Steered, r: Random): Origin | undefined {
  const end = at + size;
  if (end > packet.length) {
    if (end > room || r.oneIn(20)) return undefined;
    packet.wireLength += end - packet.length;
    packet.length = end;
  }
  return { kind: 'load', at, size };
}

/** `undefined` for a division by zero. What grows too deep is a number from then on. */
function combine(op: ArithOp, left: Origin, right: Origin, packet: Steered): Origin | undefined {
  const result = arith(op, number(left, packet), number(right, packet));
  if (result === undefined) return undefined;
  const depth = 1 + Math.max(depthOf(left), depthOf(right));
  const isFixed = left.kind === 'fixed' && right.kind === 'fixed';
  return isFixed || depth > 8 ? fixed(result) : { kind: 'arith', op, left, right, depth };
}

const depthOf = (origin: Origin): number => (origin.kind === 'arith' ? origin.depth : 0);

/** What the packet, as it is now, makes of it. */
function number(origin: Origin, packet: Steered): number {
  switch (origin.kind) {
    case 'fixed':
      return origin.value;
    case 'length':
      return packet.wireLength;
    case 'ancillary':
      return packet.ancillary[origin.field] ?? 0;
    case 'load': {
      let value = 0;
      for (let i = 0; i < origin.size; i++) value = value * 256 + packet.bytes[origin.at + i]!;
      return value;
    }
    case 'arith':
      return arith(origin.op, number(origin.left, packet), number(origin.right, packet)) ?? 0;
    default:
      return origin satisfies never;
  }
}

/** Tries to make the comparison come out as wanted, by changing whichever side can be changed. */
function bend(
  op: TestOp,
  left: Origin,
  right: Origin,
  wanted: boolean,
  packet: Steered,
  r: Random,
): void {
  if (left.kind !== 'fixed') aim(left, goal(op, number(right, packet), wanted, r), packet);
  else if (right.kind !== 'fixed' && op === '==' && wanted)
    aim(right, number(left, packet), packet);
}

/** A value for which the comparison with `constant` comes out as wanted; mostly close to it. */
function goal(op: TestOp, constant: number, wanted: boolean, r: Random): number {
  if (op === '==') return wanted ? constant : (constant ^ (1 << r.below(16))) >>> 0;
  if (op === '&') return wanted ? (constant & -constant) >>> 0 : 0;
  const edge = op === '>' ? constant + 1 : constant;
  const chosen = wanted
    ? edge + (r.oneIn(3) ? r.below(50) : 0)
    : edge - 1 - (r.oneIn(3) ? r.below(50) : 0);
  return Math.min(0xffffffff, Math.max(0, chosen));
}

/** Writes into the packet so that a number becomes `target`, where it is simple enough to see how. */
function aim(origin: Origin, target: number, packet: Steered): void {
  if (origin.kind === 'load') {
    for (let i = 0; i < origin.size; i++) {
      packet.bytes[origin.at + i] = (target >>> (8 * (origin.size - 1 - i))) & 0xff;
    }
  } else if (origin.kind === 'ancillary') {
    if (target <= (largest[origin.field] ?? target)) {
      packet.ancillary = { ...packet.ancillary, [origin.field]: target };
    }
  } else if (origin.kind === 'length') {
    if (target >= packet.length && target < 100_000) packet.wireLength = target;
  } else if (origin.kind === 'arith') {
    const { op, left, right } = origin;
    const by = number(right, packet);
    if (op === '&') {
      const old = number(left, packet);
      aim(left, ((old & ~by) | (target & by)) >>> 0, packet);
    } else if (op === '+') aim(left, (target - by) >>> 0, packet);
    else if (op === '-') aim(left, (target + by) >>> 0, packet);
    else if (op === '^') aim(left, (target ^ by) >>> 0, packet);
    else if (op === '>>') aim(left, (target << by) >>> 0, packet);
    else if (op === '<<') aim(left, target >>> by, packet);
    else if (op === '*' && by > 0 && target % by === 0) aim(left, target / by, packet);
    else if (op === '/') aim(left, (target * by) >>> 0, packet);
  }
}
