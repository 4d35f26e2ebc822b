import type { Hook } from '@hookdump/codegen';
import { type Diagnostic, type Expression, parse } from '@hookdump/filter';

/** What is known of a test before any packet is seen, and why. */
interface Known {
  readonly outcome: 'always' | 'never';
  readonly why: string;
  readonly hint?: string;
}

/** The tests of what stands beside the bytes, of which a hook may know nothing. */
type Word = 'inbound' | 'outbound' | 'ifindex' | 'ifname';

const never = (why: string, hint?: string): Known => ({
  outcome: 'never',
  why,
  ...(hint !== undefined && { hint }),
});

const nobodyTellsTheName = never(
  "nobody tells the object its device's name where ip, tc or bpftool load it",
  "ask for its number, 'ifindex'; or leave the test out, and load the object at that device only",
);

const noDevice = 'a buffer of a process has neither a device nor a direction';

/**
 * By the header that answers at a hook (docs/hooks.md, "Beside the bytes"): what it answers whatever
 * the packet is, and is not what is meant. That `inbound` is all of XDP is.
 */
const knownAt: Readonly<Record<string, (hook: Hook) => Partial<Record<Word, Known>>>> = {
  'ancillary_xdp.h': () => ({
    outbound: never('XDP sees what comes in'),
    ifname: nobodyTellsTheName,
  }),
  'ancillary_xdp_buff.h': () => ({ outbound: never('XDP sees what comes in') }),
  'ancillary_tc.h': ({ direction }) => ({
    ...(direction === 'in'
      ? { outbound: never('tc:ingress sees what comes in') }
      : { inbound: never('tc:egress sees what goes out') }),
    ifname: nobodyTellsTheName,
  }),
  'ancillary_buffer.h': () => ({
    inbound: { outcome: 'always', why: noDevice },
    outbound: never(noDevice),
    ifindex: never(noDevice),
    ifname: never(noDevice),
  }),
};

/**
 * A warning of the first test in a filter that can't be what is meant at any of the hooks, since none
 * of them is told what it asks for.
 *
 * @param hooks of one kind
 * @param isTemplate for a program of somebody else, where `ifname` is an error
 */
export function warnOfUntold(
  text: string,
  hooks: readonly Hook[],
  isTemplate: boolean,
): readonly Diagnostic[] {
  const answers = hooks.map((hook) => knownAt[hook.kind.ancillary]?.(hook));
  const { ast } = parse(text, { linux: true });
  if (ast === undefined || answers[0] === undefined) return [];
  for (const { word, span } of wordsOf(ast)) {
    const known = answers[0][word];
    if (known === undefined || !answers.every((each) => each?.[word] !== undefined)) continue;
    if (word === 'ifname' && isTemplate) continue;
    const { outcome, why, hint } = known;
    const says = outcome === 'never' ? 'this can never be true' : 'this is true of every packet';
    const code = `${outcome}-true`;
    const message = `${says}: ${why}`;
    return [{ code, severity: 'warning', span, message, ...(hint !== undefined && { hint }) }];
  }
  return [];
}

/** In the order of the text. */
function wordsOf(ast: Expression): { readonly word: Word; readonly span: Expression['span'] }[] {
  const { kind, span } = ast;
  switch (kind) {
    case 'chain':
      return [ast.first, ...ast.rest.map(({ operand }) => operand)].flatMap(wordsOf);
    case 'not':
      return wordsOf(ast.operand);
    case 'group':
      return wordsOf(ast.inner);
    case 'word':
      return ast.word === 'inbound' || ast.word === 'outbound' ? [{ word: ast.word, span }] : [];
    case 'ifindex':
      return ast.value.value === 0 ? [] : [{ word: kind, span }];
    case 'pf':
      return ast.field === 'ifname' ? [{ word: ast.field, span }] : [];
    default:
      return [];
  }
}
