/**
 * The IR: a control-flow graph over 32-bit values, equal in meaning to classic BPF, bit for bit
 * (bpf(4), and `bpf_filter()` of libpcap, which is what savefiles are filtered with):
 *
 * - all values are unsigned 32-bit integers; arithmetic wraps;
 * - packet loads are big-endian; a load that touches a byte beyond the captured packet ends the
 *   program with 0 (no match), whatever stands around it in the filter, also below a `not`;
 * - division or modulo by zero ends the program with 0; a shift by 32 or more gives 0;
 * - a scratch word that nothing has been stored into holds 0.
 *
 * Values, not registers: who owns A, X and M[] is the classic-BPF emitter's business alone.
 */

declare const blockBrand: unique symbol;
declare const valueBrand: unique symbol;

/** A block's index in {@link Program.blocks}. */
export type BlockId = number & { readonly [blockBrand]: true };
/** Names one value; unique in a whole program (every value is defined exactly once). */
export type ValueId = number & { readonly [valueBrand]: true };

/** Arithmetic on unsigned 32-bit integers, as C writes it; it wraps. */
export type ArithOp = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';

/** Bytes that one load takes: libpcap's `:1`, `:2`, `:4`. */
export type LoadSize = 1 | 2 | 4;

/** How one number comes about. All are unsigned 32-bit integers. */
export type Value =
  | { readonly kind: 'const'; readonly id: ValueId; readonly value: number }
  /**
   * The big-endian integer at `offset + index` from the first byte of the packet. The sum does not
   * wrap: an index so large that it leaves 32 bits is simply out of bounds (as in `bpf_filter()`).
   */
  | {
      readonly kind: 'load';
      readonly id: ValueId;
      readonly size: LoadSize;
      readonly offset: number;
      readonly index?: ValueId;
    }
  /** The length of the packet on the wire, which may be more than was captured. */
  | { readonly kind: 'length'; readonly id: ValueId }
  | {
      readonly kind: 'arith';
      readonly id: ValueId;
      readonly op: ArithOp;
      readonly left: ValueId;
      readonly right: ValueId;
    }
  /** Something that the kernel knows of the packet beside its bytes; 0 where nobody says. */
  | { readonly kind: 'ancillary'; readonly id: ValueId; readonly field: AncillaryField }
  /**
   * Puts a value into a scratch word, where a later `recall` finds it whatever way led there: for
   * what differs by path, such as the length of a header that may or may not be there. Gives the
   * value itself. Words are numbered from 0; a program may have any number of them.
   */
  | {
      readonly kind: 'store';
      readonly id: ValueId;
      readonly word: number;
      readonly value: ValueId;
    }
  | { readonly kind: 'recall'; readonly id: ValueId; readonly word: number };

/**
 * Ancillary data by name, as Linux numbers it from SKF_AD_OFF on (<linux/filter.h>): EtherType in
 * host's reading (as `htons` undone), packet type (PACKET_HOST 0 … PACKET_OUTGOING 4), interface
 * index, …, VLAN tag control information (with 1 as `vlan-tag-present` where there is a tag).
 */
export type AncillaryField =
  | 'protocol'
  | 'packet-type'
  | 'interface-index'
  | 'mark'
  | 'queue'
  | 'hardware-type'
  | 'receive-hash'
  | 'cpu'
  | 'vlan-tag'
  | 'vlan-tag-present'
  | 'vlan-protocol'
  | InterfaceNameField;

/**
 * The device's name (`dev->name`, NUL behind it), four bytes from an offset on as a big-endian number.
 * Linux gives it to no program in classic BPF.
 */
export type InterfaceNameField =
  | 'interface-name-0'
  | 'interface-name-4'
  | 'interface-name-8'
  | 'interface-name-12';

/** What a caller of `run` knows beside the packet's bytes. A field left out is 0. */
export type Ancillary = Readonly<Partial<Record<AncillaryField, number>>>;

/** Unsigned comparisons; `&` is true when the two have a bit in common (BPF_JSET). */
export type TestOp = '==' | '>' | '>=' | '&';

/** A comparison of two values. */
export interface Test {
  readonly op: TestOp;
  readonly left: ValueId;
  readonly right: ValueId;
}

/** How a block ends: it goes on in one of two others, or ends the program. */
export type Terminator =
  | {
      readonly kind: 'branch';
      readonly test: Test;
      readonly yes: BlockId;
      readonly no: BlockId;
    }
  /** Ends the program: 0 is no match, anything else the number of bytes to keep. */
  | { readonly kind: 'return'; readonly value: number }
  /** Ends it with a computed value; filters never do, foreign classic BPF (`ret a`) may. */
  | { readonly kind: 'return-value'; readonly value: ValueId };

/** Values, and what becomes of them. */
export interface Block {
  readonly id: BlockId;
  /** Evaluated in order, all of them: each may end the program (see the top of this file). */
  readonly values: readonly Value[];
  readonly end: Terminator;
}

/** A filter, for packets of one link type: see the top of this file for what it means. */
export interface Program {
  /** libpcap's name of the link type that the packet begins with, such as `EN10MB`. */
  readonly linkType: string;
  /** What an accepting program returns. */
  readonly snapLen: number;
  /**
   * `blocks[0]` is the entry; `blocks[i].id` is `i`; every edge leads to a higher index, so that a
   * program has no loop and one pass in order visits a block after all its predecessors.
   */
  readonly blocks: readonly Block[];
}
