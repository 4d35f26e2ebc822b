import { parseSymbol } from './target.ts';
import type { HookKind } from './types.ts';

/** Any tracepoint, with its arguments as numbers: for those that tp_btf does not offer. */
export const rawTp: HookKind = {
  kind: 'raw_tp',
  syntax: 'raw_tp:NAME[@ARG]',
  description: 'packets that a tracepoint is called with',
  template: 'raw_tp.bpf.c',
  strategy: 'packet_skb.h',
  ancillary: 'ancillary_skb.h',
  linkTypes: ['EN10MB', 'RAW'],
  mixesLinkTypes: true,
  transport: 'ring',
  needs: { version: '5.8', reason: 'the ring buffer; BTF' },
  parse: (target) =>
    // MAX_BPF_FUNC_ARGS of include/linux/bpf.h.
    parseSymbol(rawTp, target, { what: 'tracepoint', section: 'raw_tp', maxArguments: 10 }),
};
