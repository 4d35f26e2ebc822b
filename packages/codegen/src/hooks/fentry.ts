import { parseProgram } from './program-target.ts';
import { parseSymbol } from './target.ts';
import type { HookKind, HookResult } from './types.ts';

const skb = {
  template: 'fentry.bpf.c',
  strategy: 'packet_skb.h',
  ancillary: 'ancillary_skb.h',
  linkTypes: ['EN10MB', 'RAW'],
  mixesLinkTypes: true,
  transport: 'perf',
  needs: { version: '5.8', reason: 'the BPF trampoline (CONFIG_DYNAMIC_FTRACE), BTF, CAP_BPF' },
} as const;

const FUNCTION = { what: 'function', maxArguments: 10 };

/** Entry of a function of the kernel, or of a running BPF program, with typed arguments. */
export const fentry: HookKind = {
  ...skb,
  kind: 'fentry',
  syntax: 'fentry:FUNC[@ARG]|prog/ID-or-NAME[@tc]',
  description:
    'packets that a function of the kernel, or a running XDP or tc program, is called with',
  parse: (target): HookResult =>
    parseProgram(fentry, target) ?? parseSymbol(fentry, target, { ...FUNCTION, section: 'fentry' }),
};

/** The same behind it: of a program, with what it returned. */
export const fexit: HookKind = {
  ...skb,
  kind: 'fexit',
  syntax: 'fexit:FUNC[@ARG]|prog/ID-or-NAME[@tc]',
  description: 'packets that it was called with, and the verdict of a program',
  parse: (target): HookResult =>
    parseProgram(fexit, target) ?? parseSymbol(fexit, target, { ...FUNCTION, section: 'fexit' }),
};
