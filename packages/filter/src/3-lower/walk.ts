import type { Diagnostic } from '../diagnostic.ts';
import type { BlockId } from '../ir/types.ts';
import type { Predicate, PredicateTest } from '../predicate/types.ts';
import type { Span } from '../source.ts';
import type { Builder, Targets } from './builder.ts';
import type { Headers } from './headers.ts';
import { type Link, mergeProtochains, searchOf } from './merge-protochains.ts';
import { type Condition, negate, toBlocks } from './primitives/condition.ts';
import type { Context, Refusal } from './primitives/context.ts';
import { lowerTest } from './primitives/index.ts';
import { chainWordCount } from './primitives/protochain.ts';

type Chain = Extract<Predicate, { kind: 'chain' }>;

/**
 * Goes through a predicate in the order of the text. That order decides where a test looks: an
 * encapsulation (`vlan`) changes it for all tests behind it, also behind an `or`, under another
 * `not` and outside of its parentheses. Blocks are made later, from the end.
 */
export class Walk {
  readonly diagnostics: Diagnostic[] = [];
  readonly #unsupported: 'error' | 'no-match';
  /** Why the test that is being lowered can't be; the first reason is told. */
  #refusals: Refusal[] = [];
  #context: Context;

  constructor(start: Headers, unsupported: 'error' | 'no-match') {
    this.#unsupported = unsupported;
    const chainWord = start.words;
    this.#context = this.#contextOf({ ...start, words: chainWord + chainWordCount }, chainWord);
  }

  predicate(predicate: Predicate): Condition {
    switch (predicate.kind) {
      case 'always':
        return true;
      case 'chain':
        return this.#chain(predicate);
      case 'not':
        return negate(this.predicate(predicate.operand));
      default:
        return this.#test(predicate);
    }
  }

  /** `a op b op c …` from the left; operands that don't matter fall away. */
  #chain({ first, rest }: Chain): Condition {
    let known: Condition = true;
    let links: Link[] = [];
    for (const { op, operand } of [{ op: 'and', operand: first } as const, ...rest]) {
      const search = searchOf(operand, this.#context);
      const condition = this.predicate(operand);
      // What decides alone: a false one under `and`, a true one under `or`. The other falls away.
      const decides = op === 'or';
      if (links.length === 0 && known === decides) continue;
      if (condition === decides) {
        links = [];
        known = decides;
      } else if (typeof condition !== 'boolean') {
        links.push(search === undefined ? { op, condition } : { op, condition, search });
      }
    }
    if (links.length === 0) return known;
    const merged = mergeProtochains(links);
    return (build, to) => chainBlocks(merged, build, to);
  }

  #test(test: PredicateTest): Condition {
    const context = this.#context;
    const { condition, inside } = lowerTest(context, test);
    const [refusal] = this.#refusals;
    if (refusal !== undefined) {
      this.#refusals = [];
      if (this.#unsupported === 'error') this.diagnostics.push(refusal(test.span, operandOf(test)));
      return false;
    }
    if (inside !== undefined) this.#context = this.#contextOf(inside, context.chainWord);
    if (typeof condition === 'boolean') return condition;
    // Kept is only what it takes to make the condition again when blocks are wanted: the conditions
    // of 10,000 tests would be 20 MB, and take longer to move around than to make twice.
    return (build, to) => toBlocks(lowerTest(context, test).condition)(build, to);
  }

  #contextOf(headers: Headers, chainWord: number): Context {
    const refuse = (refusal: Refusal): false => {
      this.#refusals.push(refusal);
      return false;
    };
    return { headers, refuse, announced: new Map(), chainWord };
  }
}

const operandOf = (test: PredicateTest): Span =>
  (test.kind === 'link-protocol' ? test.operand : undefined) ?? test.span;

/**
 * From the right without recursion, since a generated filter has thousands of operands. What holds
 * after operand i decides where i leads: under `and` a true one goes on to the next and a false one
 * skips it, under `or` the other way round.
 */
function chainBlocks(links: readonly Link[], build: Builder, to: Targets): BlockId {
  let targets = to;
  for (let i = links.length - 1; i > 0; i--) {
    const { op, condition } = links[i]!;
    const entry = condition(build, targets);
    targets = op === 'and' ? { yes: entry, no: targets.no } : { yes: targets.yes, no: entry };
  }
  return links[0]!.condition(build, targets);
}
