import { programName, splitArgument } from './target.ts';
import type { HookKind, HookResult } from './types.ts';

/** What differs from functions of the kernel, by the type of the program that is looked at. */
const TEMPLATES = {
  xdp: {
    template: 'fentry_xdp.bpf.c',
    strategy: 'packet_xdp_buff.h',
    ancillary: 'ancillary_xdp_buff.h',
    needs: { version: '5.18', reason: 'bpf_xdp_output with all buffers of a packet' },
  },
  tc: { template: 'fentry_tc.bpf.c' },
} as const;

/** What BPF_OBJ_NAME may hold (bpf_obj_name_cpy() of kernel/bpf/syscall.c). */
const PROGRAM = /^[\w.]+$/;

/**
 * Reads `prog/ID-or-NAME`, with `@tc` behind it if that is a tc program and not an XDP program: the
 * object has to be built for one of them. `undefined`: it is a function of the kernel.
 */
export function parseProgram(kind: HookKind, target: string | undefined): HookResult | undefined {
  if (!target?.startsWith('prog/')) return undefined;
  const hint = `write ${kind.kind}:prog/ID-or-NAME, with @tc behind it for a tc program; bpftool prog shows them`;
  const { name, argument: type = 'xdp' } = splitArgument(target.slice('prog/'.length));
  if (!PROGRAM.test(name)) {
    return { ok: false, message: `'${name}' cannot be the id or name of a BPF program`, hint };
  }
  if (type !== 'xdp' && type !== 'tc') {
    return { ok: false, message: `'${type}' is not a type of program that takes packets`, hint };
  }
  const spec = `${kind.kind}:prog/${name}${type === 'xdp' ? '' : '@tc'}`;
  return {
    ok: true,
    hook: {
      kind: { ...kind, ...TEMPLATES[type] },
      spec,
      target: `prog/${name}`,
      program: programName(name),
      direction: 'in',
      words: {
        hook_section: kind.kind,
        // Behind the one argument that XDP and tc programs have.
        HOOK_RETURNED: kind.kind === 'fexit' ? '1' : '0',
      },
    },
  };
}
