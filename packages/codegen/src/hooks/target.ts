import { placeOf } from './place.ts';
import type { Hook, HookKind, HookResult } from './types.ts';

/** A symbol as kallsyms has them: `ip_rcv`, `__netif_receive_skb_core.constprop.0`. */
const SYMBOL = /^[A-Za-z_][\w.$]*$/;

/** `NAME` or `NAME@ARG`. */
export function splitArgument(target: string): { name: string; argument: string | undefined } {
  const at = target.lastIndexOf('@');
  if (at < 0) return { name: target, argument: undefined };
  return { name: target.slice(0, at), argument: target.slice(at + 1) };
}

/** A C identifier for a program: whatever it is attached to, it is no name of our own. */
export function programName(target: string): string {
  return `on_${target.replace(/\W/g, '_')}`;
}

/** How a kind names what it is attached to. */
export interface SymbolTarget {
  /** What it is, such as `function`. */
  readonly what: string;
  /** The section's beginning, such as `kprobe`. */
  readonly section: string;
  /** Arguments that can be asked for. */
  readonly maxArguments: number;
}

/** Reads `NAME[@ARG]`, ARG counted from 0. */
export function parseSymbol(
  kind: HookKind,
  target: string | undefined,
  { what, section, maxArguments }: SymbolTarget,
): HookResult {
  const hint = `write ${kind.syntax}`;
  const { name, argument = '0' } = splitArgument(target ?? '');
  if (name === '') {
    return { ok: false, message: `hook ${kind.kind} needs the name of a ${what}`, hint };
  }
  if (!SYMBOL.test(name)) {
    return { ok: false, message: `'${name}' cannot be the name of a ${what}`, hint };
  }
  if (!/^\d$/.test(argument) || Number(argument) >= maxArguments) {
    const message = `'${argument}' is not the number of an argument of ${name}`;
    return { ok: false, message, hint: `arguments are counted from 0 to ${maxArguments - 1}` };
  }
  const { place, direction } = placeOf(name);
  const hook: Hook = {
    kind,
    spec: `${kind.kind}:${name}${argument === '0' ? '' : `@${argument}`}`,
    target: name,
    program: programName(name),
    direction,
    words: {
      hook_section: section,
      hook_target: name,
      HOOK_ARGUMENT: argument,
      HOOK_PLACE: place,
    },
  };
  return { ok: true, hook };
}
