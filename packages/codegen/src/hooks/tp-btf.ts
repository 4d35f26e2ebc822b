import { nearest } from '@hookdump/filter';
import type { HookKind } from './types.ts';

/** The tracepoints whose first argument is a packet at a known place. */
const TRACEPOINTS = {
  netif_receive_skb: 'in',
  net_dev_queue: 'out',
} as const;

const NAMES = Object.keys(TRACEPOINTS) as readonly (keyof typeof TRACEPOINTS)[];

/** Typed tracepoints: the device layer of every network namespace. */
export const tpBtf: HookKind = {
  kind: 'tp_btf',
  syntax: `tp_btf:${NAMES.join('|')}`,
  description: 'frames entering or leaving any device of any network namespace',
  template: 'tp_btf.bpf.c',
  strategy: 'packet_skb.h',
  ancillary: 'ancillary_skb.h',
  linkTypes: ['EN10MB', 'RAW'],
  mixesLinkTypes: true,
  transport: 'perf',
  needs: {
    version: '5.8',
    reason: 'typed tracepoints with BTF (/sys/kernel/btf/vmlinux), bpf_skb_output and CAP_BPF',
  },
  parse(target) {
    const known = `known are ${NAMES.map((name) => `tp_btf:${name}`).join(' and ')}`;
    if (target === undefined || target === '') {
      return { ok: false, message: 'hook tp_btf needs the name of a tracepoint', hint: known };
    }
    const name = NAMES.find((each) => each === target);
    if (name === undefined) {
      const message = `tracepoint '${target}' is not one that hookdump can capture at`;
      const meant = nearest(target, NAMES);
      const hint = meant === undefined ? known : `did you mean 'tp_btf:${meant}'?`;
      return { ok: false, message, hint };
    }
    const spec = `tp_btf:${name}`;
    const direction = TRACEPOINTS[name];
    return { ok: true, hook: { kind: tpBtf, spec, target: name, program: name, direction } };
  },
};
