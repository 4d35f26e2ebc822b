/*
 * The form in which records cross from the kernel into JavaScript. native/batch.cc writes it.
 *
 * A batch is a run of entries, each of them
 *
 *   u32 length   bytes of the sample, without the padding below; host byte order
 *   u32 cpu      on whose buffer it was; NO_CPU for a ring buffer, which doesn't tell; host order
 *   sample       what the BPF program sent
 *   padding      zeros up to a multiple of 8 bytes
 *
 * so that every sample begins at a multiple of 8. The kernel pads perf samples to 8n + 4 bytes and
 * `length` counts that padding: whoever reads the sample must know its own length.
 */

/** The `cpu` of a ring buffer's records. */
export const NO_CPU = 0xffffffff;

/** Some records, and how far the kernel's buffers had been read with them. */
export interface Batch {
  /** Entries as above. Ours to keep: its memory is not used again. */
  readonly data: ArrayBuffer;
  /** How many entries; 0 is possible (see roundEnd). */
  readonly records: number;
  /** CLOCK_MONOTONIC in ns (bpf_ktime_get_ns) before the last round of reading began. */
  readonly roundStart: bigint;
  /**
   * True if a round, that is one reading of the buffers of all CPUs, was completed by this batch:
   * then every record that was in any buffer at roundStart came with it or before it. Records of
   * several CPUs can thus be put in order of time: those older than roundStart (less the time that
   * a BPF program may take between reading the clock and sending) will get no older company.
   * After the last records one more such batch comes, without records, and then none until there
   * are records again.
   */
  readonly roundEnd: boolean;
}

/** One entry of a batch. */
export interface BatchRecord {
  readonly cpu: number;
  /** The sample: a view into the batch. */
  readonly data: Uint8Array;
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The entries of a batch, in order. */
export function* records(batch: Pick<Batch, 'data'>): Generator<BatchRecord, void, undefined> {
  const { data } = batch;
  const view = new DataView(data);
  for (let offset = 0; offset < data.byteLength; ) {
    const length = view.getUint32(offset, littleEndian);
    const cpu = view.getUint32(offset + 4, littleEndian);
    yield { cpu, data: new Uint8Array(data, offset + 8, length) };
    offset += (8 + length + 7) & ~7;
  }
}
