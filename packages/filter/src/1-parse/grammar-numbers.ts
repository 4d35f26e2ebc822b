import { EmbeddedActionsParser, type IToken } from 'chevrotain';
import type { Arithmetic, NameOperand, NumberOperand } from '../ast/types.ts';
import type { ArithOp } from '../ir/types.ts';
import type { Span } from '../source.ts';
import { buildArithmetic, type Factor } from './build-arithmetic.ts';
import * as build from './build-nodes.ts';
import * as t from './tokens.ts';

const noSpans: readonly Span[] = [];

/** The part of the grammar that computes: what may stand on either side of a comparison. */
export abstract class NumberGrammar extends EmbeddedActionsParser {
  /** The place from a token to the one that was read last. */
  protected since(first: IToken): Span {
    return t.spanFrom(first, this.LA(0));
  }

  arithmetic = this.RULE('arithmetic', (): Arithmetic => {
    const { minuses, value } = this.SUBRULE(this.factor);
    return this.SUBRULE(this.restOfArithmetic, { ARGS: [value, minuses] });
  });

  /** The signs and factors behind the first factor. */
  restOfArithmetic = this.RULE(
    'restOfArithmetic',
    (value?: Arithmetic, minuses = noSpans): Arithmetic => {
      const factors: Factor[] = [{ minuses, value: value! }];
      const signs: ArithOp[] = [];
      this.MANY(() => {
        signs.push(build.word(this.CONSUME(t.ArithSign)));
        factors.push(this.SUBRULE(this.factor));
      });
      return this.ACTION(() => buildArithmetic(factors, signs));
    },
  );

  factor = this.RULE('factor', (): Factor => {
    const minuses: Span[] = [];
    this.MANY({
      GATE: () => this.LA(1).payload === '-',
      DEF: () => {
        minuses.push(t.tokenSpan(this.CONSUME(t.ArithSign)));
      },
    });
    return { minuses, value: this.OR(this.factors) };
  });

  private factors: { ALT: () => Arithmetic }[] = [
    { ALT: () => build.constant(this.CONSUME(t.NumberToken)) },
    { ALT: () => ({ kind: 'length', span: t.tokenSpan(this.CONSUME(t.Length)) }) },
    {
      ALT: () => {
        const protocol = this.CONSUME(t.Protocol);
        return this.SUBRULE(this.loadFrom, { ARGS: [protocol] });
      },
    },
    {
      ALT: () => {
        const open = this.CONSUME(t.ArithOpen);
        const inner = this.SUBRULE(this.arithmetic);
        this.CONSUME(t.Close);
        return this.ACTION(() => ({ ...inner, span: this.since(open) }));
      },
    },
  ];

  /** `[13]` or `[2:2]`, a protocol before it. */
  loadFrom = this.RULE('loadFrom', (protocol?: IToken): Arithmetic => {
    this.CONSUME(t.OpenBracket);
    const offset = this.SUBRULE(this.arithmetic);
    const size = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.CONSUME(t.NumberToken);
    });
    this.CONSUME(t.CloseBracket);
    return this.ACTION(() => build.load(protocol!, offset, size, this.since(protocol!)));
  });

  /** A number alone, with or without parentheses. */
  enclosedNumber = this.RULE(
    'enclosedNumber',
    (): NumberOperand =>
      this.OR([
        { ALT: () => build.numberOperand(this.CONSUME(t.NumberToken)) },
        {
          ALT: () => {
            this.CONSUME(t.Open);
            const number = this.SUBRULE(this.enclosedNumber);
            this.CONSUME(t.Close);
            return number;
          },
        },
      ]),
  );

  nameOrNumber = this.RULE('nameOrNumber', (): NameOperand | NumberOperand =>
    this.OR<NameOperand | NumberOperand>([
      { ALT: () => build.nameOperand(this.CONSUME(t.Name)) },
      { ALT: () => build.numberOperand(this.CONSUME(t.NumberToken)) },
    ]),
  );
}
