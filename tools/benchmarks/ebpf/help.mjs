// Helpers of the kernel that filters call, by their number in enum bpf_func_id.

/** -EFAULT */
const FAULT = -14n;

function copy({ memory }, to, size, from) {
  const source = memory.find(from, Number(size));
  const target = memory.at(to, Number(size));
  if (source === undefined) {
    target.fill(0);
    return FAULT;
  }
  target.set(source);
  return 0n;
}

/** The frame of an XDP context, as struct xdp_md has it. */
const frameStart = ({ memory, context }) => memory.read(context, 4);

export const helpers = {
  /** bpf_get_smp_processor_id */
  8: () => 0n,
  /** bpf_probe_read_kernel(to, size, from) */
  113: (machine, to, size, from) => copy(machine, to, size, from),
  /** bpf_loop(times, function, context, flags): until the function gives something else than 0 */
  181: ({ callBack }, times, each, context) => {
    for (let i = 0n; i < times; i++) if (callBack(each, i, context) !== 0n) return i + 1n;
    return times;
  },
  /** bpf_xdp_get_buff_len(context): the frame's length */
  188: ({ memory, context }) => memory.read(context + 4n, 4) - memory.read(context, 4),
  /** bpf_xdp_load_bytes(context, offset, to, size) */
  189: (machine, _context, offset, to, size) =>
    copy(machine, to, size, frameStart(machine) + offset),
};
