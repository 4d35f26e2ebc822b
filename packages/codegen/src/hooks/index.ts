import { nearest } from '@hookdump/filter';
import { fentry, fexit } from './fentry.ts';
import { kprobe } from './kprobe.ts';
import { rawTp } from './raw-tp.ts';
import { tc } from './tc.ts';
import { tp } from './tp.ts';
import { tpBtf } from './tp-btf.ts';
import type { HookKind, HookResult } from './types.ts';
import { uprobe } from './uprobe.ts';
import { xdp } from './xdp.ts';

/** Every kind of hook there is. Adding one: a file beside this, and a line here. */
export const hookKinds: readonly HookKind[] = [
  tpBtf,
  xdp,
  tc,
  fentry,
  fexit,
  kprobe,
  rawTp,
  tp,
  uprobe,
];

/** Reads a hook's spec, `KIND:TARGET`. */
export function parseHook(text: string): HookResult {
  const colon = text.indexOf(':');
  const word = (colon < 0 ? text : text.slice(0, colon)).trim();
  const target = colon < 0 ? undefined : text.slice(colon + 1).trim();
  const kind = hookKinds.find((each) => each.kind === word);
  if (kind !== undefined) return kind.parse(target);
  const meant = nearest(
    word,
    hookKinds.map((each) => each.kind),
  );
  const known = `known are ${hookKinds.map((each) => each.syntax).join(', ')}`;
  return {
    ok: false,
    message: `unknown kind of hook '${word}'`,
    hint: meant === undefined ? known : `did you mean '${meant}'?`,
  };
}
