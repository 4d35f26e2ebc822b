import type { Arithmetic, ChainLink, Expression } from '../../ast/types.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/analyze.ts';
import type { Span } from '../../source.ts';
import { isIdentifiers } from '../identifiers.ts';
import { isLink } from '../rules.ts';
import { quote, type Source } from './source.ts';

/** A test that makes all tests behind it, in the order of the text, look inside of a header. */
interface Encapsulation {
  readonly ast: Extract<Expression, { kind: 'encapsulation' | 'word' }>;
  /** Does it move where the link layer's header is as well, and not only what is behind that? */
  readonly movesLink: boolean;
  /** Stands no other before it? */
  readonly outermost: boolean;
  /** Is it below a `not`, or any odd number of them? */
  readonly negated: boolean;
}

/**
 * What can be told of the tests of an expression when it turns out true, and when false: an
 * encapsulation that then may not be there, though the tests that follow look inside of it.
 */
interface Outcome {
  readonly whenTrue: Encapsulation | undefined;
  readonly whenFalse: Encapsulation | undefined;
  /** The first encapsulation in it. */
  readonly first: Encapsulation | undefined;
}

interface State {
  readonly source: Source;
  readonly found: Found[];
  readonly told: Set<Encapsulation>;
  /** The part of a frame that the last primitive looked at, which an identifier takes on. */
  layer: Layer;
  outermost: boolean;
  negated: boolean;
}

interface Found {
  readonly encapsulation: Encapsulation;
  readonly test: Expression;
  hint: string | undefined;
}

/** Which part of a frame a test looks at; what the kernel or a radio says is in no header. */
type Layer = 'none' | 'link' | 'network';

/**
 * `vlan` and its like make all tests to the right look behind their header, also where they are
 * reached because the header was *not* there: in `vlan or ip`, the `ip` looks behind a tag in frames
 * that have none. Tells, once for each encapsulation, the first test that is so misled.
 *
 * Silent where the header is there whenever the test is reached (`vlan and ip`, `not (vlan and
 * ip)`), and for tests that do not look there: `vlan or ether src 1:2:3:4:5:6`.
 */
export function looksInside(ast: Expression, source: Source): Diagnostic[] {
  const state: State = {
    source,
    found: [],
    told: new Set(),
    layer: 'network',
    outermost: true,
    negated: false,
  };
  walk(ast, undefined, state);
  return state.found.map(({ encapsulation, test, hint }) => {
    const { word } = encapsulation.ast;
    if (test.kind !== 'encapsulation' || test.word !== word) {
      const outside = test.kind === 'encapsulation' ? announced[test.word] : undefined;
      return messages.looksInside(test.span, word, hint, outside);
    }
    const { ast: first } = encapsulation;
    const numbered =
      first.kind === 'encapsulation' &&
      [first.value, test.value].every((each) => each !== undefined);
    const form = numbered
      ? oneOfBoth(encapsulation, test, source)
      : `${word} and (… or (${word} and …))`;
    return messages.insideTheFirst(test.span, word, numbered, form);
  });
}

/** What the link layer says of an encapsulation that stands there: its EtherType. */
const announced: Readonly<Record<string, string>> = {
  mpls: 'ether proto 0x8847',
  pppoes: 'ether proto 0x8864',
  vlan: 'ether proto 0x8100',
};

const unaffected: Outcome = { whenTrue: undefined, whenFalse: undefined, first: undefined };

/** @param absent an encapsulation that may not be there when this is reached */
function walk(ast: Expression, absent: Encapsulation | undefined, state: State): Outcome {
  switch (ast.kind) {
    case 'chain':
      return walkChain(ast, absent, state);
    case 'not': {
      state.negated = !state.negated;
      const { whenTrue, whenFalse, first } = walk(ast.operand, absent, state);
      state.negated = !state.negated;
      return { whenTrue: whenFalse, whenFalse: whenTrue, first };
    }
    case 'group':
      return walk(ast.inner, absent, state);
    case 'encapsulation':
    case 'word':
      if (ast.word === 'pppoed' || (ast.kind === 'word' && ast.word !== 'lane')) break;
      return encapsulate(ast, absent, state);
    default:
  }
  state.layer = layerOf(ast, state.layer);
  if (absent === undefined) return unaffected;
  if (state.layer === 'network' || (state.layer === 'link' && absent.movesLink)) {
    tell(absent, ast, state);
  }
  return { whenTrue: absent, whenFalse: absent, first: undefined };
}

function encapsulate(
  ast: Encapsulation['ast'],
  absent: Encapsulation | undefined,
  state: State,
): Outcome {
  const own: Encapsulation = {
    ast,
    movesLink: ast.word !== 'vlan' && ast.word !== 'mpls',
    outermost: state.outermost,
    negated: state.negated,
  };
  state.outermost = false;
  if (absent !== undefined) tell(absent, ast, state);
  return { whenTrue: absent, whenFalse: absent ?? own, first: own };
}

function walkChain(
  { first, rest, span }: Extract<Expression, { kind: 'chain' }>,
  absent: Encapsulation | undefined,
  state: State,
): Outcome {
  let before = walk(first, absent, state);
  let { end } = first.span;
  for (const { op, operand } of rest) {
    const known = state.found.length;
    const after = walk(operand, op === 'and' ? before.whenTrue : before.whenFalse, state);
    const parens = operand !== rest[0]?.operand;
    for (const found of state.found.slice(known)) {
      const { start } = found.encapsulation.ast.span;
      const isLeft = start >= span.start && start < operand.span.start;
      if (!isLeft || after.first !== undefined || isIdentifiers(operand)) continue;
      found.hint = rewritten({ start: span.start, end }, parens, op, operand, found, state.source);
    }
    const absentIfSkipped = misleadsIfSkipped(after.first, state.source) ? after.first : undefined;
    const first = before.first ?? after.first;
    before =
      op === 'and'
        ? {
            whenTrue: after.whenTrue,
            whenFalse: before.whenFalse ?? absentIfSkipped ?? after.whenFalse,
            first,
          }
        : {
            whenTrue: before.whenTrue ?? absentIfSkipped ?? after.whenTrue,
            whenFalse: after.whenFalse,
            first,
          };
    ({ end } = operand.span);
  }
  return before;
}

/**
 * Does one that is never asked for make the tests behind it look in the wrong place? In a live
 * capture, how far the outer VLAN tag moves them is found out where `vlan` is asked for.
 */
const misleadsIfSkipped = (first: Encapsulation | undefined, { linux }: Source): boolean =>
  !(linux && first?.outermost && first.ast.word === 'vlan');

/**
 * The same tests in an order in which they mean what they seem to: `vlan or ip` is `ip or vlan`. A
 * test of what has the header and of what has not stands on both sides of it: `(ip or vlan) and tcp`
 * is `tcp or (vlan and tcp)`.
 *
 * @param parens whether the left side needs them
 */
function rewritten(
  leftSpan: Span,
  parens: boolean,
  op: ChainLink['op'],
  operand: Expression,
  { encapsulation }: Found,
  source: Source,
): string | undefined {
  const left = quote(source, leftSpan);
  const right = quote(source, operand.span);
  const word = quote(source, encapsulation.ast.span);
  if (left === undefined || right === undefined || word === undefined) return undefined;
  if (op === 'and' && !encapsulation.negated) return `${right} or (${word} and ${right})`;
  return `${right} ${op} ${parens ? `(${left})` : left}`;
}

function tell(encapsulation: Encapsulation, test: Expression, { found, told }: State): void {
  if (told.has(encapsulation)) return;
  told.add(encapsulation);
  found.push({ encapsulation, test, hint: undefined });
}

/** @param before what an identifier alone looks at */
function layerOf(ast: Expression, before: Layer): Layer {
  switch (ast.kind) {
    case 'bare':
      return before;
    case 'primitive': {
      const { protocol, type = 'host' } = ast.qualifiers;
      return type === 'host' && isLink(protocol) ? 'link' : 'network';
    }
    case 'cast':
      return ast.protocol === undefined || isLink(ast.protocol) ? 'link' : 'network';
    case 'byte-test':
    case 'wlan-type':
    case 'wlan-direction':
      return 'link';
    case 'relation':
      return higher(layerOfNumber(ast.left), layerOfNumber(ast.right));
    case 'word':
    case 'ifindex':
    case 'pf':
    case 'field':
    case 'length-test':
      return 'none';
    default:
      return 'network';
  }
}

function layerOfNumber(arithmetic: Arithmetic): Layer {
  switch (arithmetic.kind) {
    case 'number':
    case 'length':
      return 'none';
    case 'negate':
      return layerOfNumber(arithmetic.operand);
    case 'binary':
      return higher(layerOfNumber(arithmetic.left), layerOfNumber(arithmetic.right));
    case 'load': {
      const { protocol, offset } = arithmetic;
      const own = protocol === 'radio' ? 'none' : isLink(protocol) ? 'link' : 'network';
      return higher(own, layerOfNumber(offset));
    }
    default:
      return arithmetic satisfies never;
  }
}

const higher = (a: Layer, b: Layer): Layer => {
  if (a === 'network' || b === 'network') return 'network';
  return a === 'link' ? a : b;
};

/**
 * How to ask for one of two numbers: for the header once, and for the number in the frame's bytes
 * (Ethernet's header is 14 long). For what is behind other encapsulations, or of no fixed place,
 * there is no such form.
 */
function oneOfBoth(
  { ast, outermost }: Encapsulation,
  second: Extract<Expression, { kind: 'encapsulation' }>,
  { linux }: Source,
): string | undefined {
  if (ast.kind !== 'encapsulation' || !outermost) return undefined;
  const [a, b] = [ast.value?.value, second.value?.value];
  if (a === undefined || b === undefined) return undefined;
  const either = (load: string): string => `(${load} = ${a} or ${load} = ${b})`;
  switch (ast.word) {
    case 'vlan':
      // Where a live capture finds the tag that the kernel took out: SKF_AD_VLAN_TAG.
      return `vlan and ${either(`${linux ? 'ether[-4052:2]' : 'ether[14:2]'} & 0xfff`)}`;
    case 'mpls':
      return `mpls and ${either('ether[14:4] >> 12')}`;
    case 'pppoes':
      return `${either('ether[16:2]')} and pppoes`;
    default:
      return undefined;
  }
}
