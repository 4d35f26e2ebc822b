import { statSync } from 'node:fs';
import { programName } from './target.ts';
import type { HookKind } from './types.ts';

/** What a path in a section's name may hold, for libbpf (it ends at the colon) and for C. */
const BINARY = /^[\w.+@~/-]+$/;

const SYMBOL = /^[A-Za-z_][\w.]*$/;

/** Numbers of arguments that are in registers on x86_64. */
const ARGUMENTS = /^([0-5]),([0-5])$/;

/** A function in user space that gets a packet as pointer and length. */
export const uprobe: HookKind = {
  kind: 'uprobe',
  syntax: 'uprobe:BINARY/SYMBOL[@PTR,LEN]',
  description: 'packets that a function of a program or library gets as a pointer and a length',
  template: 'uprobe.bpf.c',
  strategy: 'packet_buffer.h',
  ancillary: 'ancillary_buffer.h',
  linkTypes: ['RAW', 'EN10MB'],
  mixesLinkTypes: false,
  transport: 'ring',
  needs: { version: '5.8', reason: 'the ring buffer; CONFIG_UPROBES' },
  parse(target = '') {
    const [, binary = '', symbol = '', which = '0,1'] =
      /^(.*)\/([^/@]*)(?:@([^/]*))?$/.exec(target) ?? [];
    const hint = `write ${uprobe.syntax}, such as uprobe:/usr/lib/libx.so.1/send@1,2; arguments are counted from 0`;
    if (binary === '' || symbol === '') {
      return { ok: false, message: 'hook uprobe needs a binary and one of its functions', hint };
    }
    if (!BINARY.test(binary) || !SYMBOL.test(symbol)) {
      return { ok: false, message: `'${target}' is not the path of a function`, hint };
    }
    if (isFolder(binary)) {
      const message = `'${binary}' is a folder: '${target}' is a binary without one of its functions`;
      return { ok: false, message, hint };
    }
    const [, pointer, length] = ARGUMENTS.exec(which) ?? [];
    if (pointer === undefined || length === undefined) {
      const message = `'${which}' does not say which arguments are the pointer and the length`;
      return { ok: false, message, hint };
    }
    return {
      ok: true,
      hook: {
        kind: uprobe,
        spec: `uprobe:${binary}/${symbol}${which === '0,1' ? '' : `@${which}`}`,
        target: `${binary}/${symbol}`,
        program: programName(symbol),
        direction: 'in',
        words: {
          hook_target: `${binary}:${symbol}`,
          HOOK_ARGUMENT: pointer,
          HOOK_LENGTH: length,
        },
      },
    };
  },
};

/**
 * Whether the part before the last slash tells that a function is missing. The binary itself need not
 * be on the machine that compiles.
 */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
