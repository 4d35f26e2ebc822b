import { linesOf } from './split.ts';

const OURS = /^[A-Z]/;

/** A `#ifdef` that is open: whether its lines stand, or `undefined` where only the compiler knows. */
type Condition = { stands: boolean } | undefined;

/**
 * C without `#ifdef` and `#ifndef` about names of ours, which are capitals and are defined in the text
 * itself or not at all, and without names that are defined for these alone (`#define SKB_UNTYPED`).
 * Those about other names (`__TARGET_ARCH_x86`) are left, and so is `#if`. None of ours has `#elif`.
 */
export function resolveConditions(text: string): string {
  const defined = new Set<string>();
  const open: Condition[] = [];
  const stands = (): boolean => open.every((each) => each?.stands !== false);
  const out: string[] = [];
  for (const { text: line, code } of linesOf(text)) {
    const [, word = '', name = '', rest] = /^\s*#\s*(\w+)\s*(\w*)(.*)/s.exec(code) ?? [];
    let isResolved = false;
    if (/^if/.test(word)) {
      isResolved = word !== 'if' && OURS.test(name);
      open.push(isResolved ? { stands: defined.has(name) === (word === 'ifdef') } : undefined);
    } else if (word === 'else' || word === 'endif') {
      const condition = open.at(-1);
      isResolved = condition !== undefined;
      if (word === 'endif') open.pop();
      else if (condition !== undefined) condition.stands = !condition.stands;
    } else if (word === 'define' && stands()) {
      defined.add(name);
      isResolved = OURS.test(name) && rest?.trim() === '';
    }
    if (!isResolved && stands()) out.push(line);
  }
  return out.join('\n');
}
