import { parseSymbol } from './target.ts';
import type { HookKind } from './types.ts';

/** Entry of any function of the kernel, by breakpoint or ftrace. */
export const kprobe: HookKind = {
  kind: 'kprobe',
  syntax: 'kprobe:FUNC[@ARG]',
  description: 'packets that a function of the kernel is called with',
  template: 'kprobe.bpf.c',
  strategy: 'packet_skb.h',
  ancillary: 'ancillary_skb.h',
  linkTypes: ['EN10MB', 'RAW'],
  mixesLinkTypes: true,
  transport: 'ring',
  needs: { version: '5.8', reason: 'the ring buffer; CONFIG_KPROBES, BTF' },
  parse: (target) =>
    // What fits in registers on x86_64.
    parseSymbol(kprobe, target, { what: 'function', section: 'kprobe', maxArguments: 6 }),
};
