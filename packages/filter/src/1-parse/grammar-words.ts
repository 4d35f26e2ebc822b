import type { IToken } from 'chevrotain';
import type { Expression, FieldWord, NumberOperand, RelationOp } from '../ast/types.ts';
import * as build from './build-nodes.ts';
import { NumberGrammar } from './grammar-numbers.ts';
import * as t from './tokens.ts';

type Node<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** The part of the grammar that is about words with an operand of their own, or with none. */
export abstract class WordGrammar extends NumberGrammar {
  /** Words that are tests by themselves. */
  wordTest = this.RULE('wordTest', (): Expression => {
    const test = this.CONSUME(t.Test);
    const word = build.word<string>(test);
    const span = t.tokenSpan(test);
    return word === 'pppoed' ? { kind: 'encapsulation', word, span } : { kind: 'word', word, span };
  });

  /** `broadcast`, `ip multicast` */
  cast = this.RULE('cast', (protocol?: IToken): Expression => {
    const cast = this.CONSUME(t.Cast);
    return {
      kind: 'cast',
      ...(protocol && { protocol: build.word<string>(protocol) }),
      word: build.word<Node<'cast'>['word']>(cast),
      span: this.since(protocol ?? cast),
    };
  });

  /** `vlan`, `mpls 100`, `vlan (5)` */
  encapsulation = this.RULE('encapsulation', (): Expression => {
    const token = this.CONSUME(t.Encapsulation);
    const word = build.word<Node<'encapsulation'>['word']>(token);
    const value = this.OPTION(() => this.SUBRULE(this.enclosedNumber));
    const span = this.since(token);
    return { kind: 'encapsulation', word, ...(value && { value }), span };
  });

  /** `less 100`, `ifindex 2`, `rnr 5`; unlike elsewhere, no parentheses around the number. */
  numberWord = this.RULE('numberWord', (): Expression => {
    const word = this.CONSUME(t.NumberWord);
    const value = build.numberOperand(this.CONSUME(t.NumberToken));
    return build.numberTest(word, value, this.since(word));
  });

  /** `on em0`, `action pass` */
  nameWord = this.RULE('nameWord', (): Expression => {
    const word = this.CONSUME(t.NameWord);
    const value = build.nameOperand(this.CONSUME(t.Name));
    const span = this.since(word);
    return { kind: 'pf', field: build.word<Node<'pf'>['field']>(word), value, span };
  });

  /** `reason 3`, `reason match` */
  eitherWord = this.RULE('eitherWord', (): Expression => {
    const word = this.CONSUME(t.EitherWord);
    const value = this.SUBRULE(this.nameOrNumber);
    return { kind: 'pf', field: 'reason', value, span: this.since(word) };
  });

  /** `byte 0 = 1` */
  byteTest = this.RULE('byteTest', (): Expression => {
    const word = this.CONSUME(t.Byte);
    const offset = build.numberOperand(this.CONSUME(t.NumberToken));
    const op = this.OR<Node<'byte-test'>['op']>([
      { GATE: this.atByteSign, ALT: () => build.word(this.CONSUME(t.RelationSign)) },
      { GATE: this.atByteSign, ALT: () => build.word(this.CONSUME(t.ArithSign)) },
    ]);
    const value = build.numberOperand(this.CONSUME2(t.NumberToken));
    return { kind: 'byte-test', offset, op, value, span: this.since(word) };
  });

  private atByteSign = (): boolean => ['=', '<', '>', '&', '|'].includes(build.word(this.LA(1)));

  /** `llc`, `llc rnr` */
  llc = this.RULE('llc', (): Expression => {
    const word = this.CONSUME(t.Llc);
    const type = this.OPTION(() => build.nameOperand(this.CONSUME(t.Name)));
    return { kind: 'llc', ...(type && { type }), span: this.since(word) };
  });

  /** Words of 802.11. A protocol may stand before them; it says nothing, not even that it is there. */
  wlan = this.RULE(
    'wlan',
    (protocol?: IToken): Expression =>
      this.OR<Expression>([
        {
          ALT: () => {
            const word = this.CONSUME(t.WlanType);
            const type = this.SUBRULE(this.nameOrNumber);
            const subtype = this.OPTION(() => {
              this.CONSUME(t.WlanSubtype);
              return this.SUBRULE2(this.nameOrNumber);
            });
            const span = this.since(protocol ?? word);
            return { kind: 'wlan-type', type, ...(subtype && { subtype }), span };
          },
        },
        {
          ALT: () => {
            const word = this.CONSUME2(t.WlanSubtype);
            const subtype = build.nameOperand(this.CONSUME(t.Name));
            return { kind: 'wlan-type', subtype, span: this.since(protocol ?? word) };
          },
        },
        {
          ALT: () => {
            const word = this.CONSUME(t.WlanDirection);
            const value = this.SUBRULE3(this.nameOrNumber);
            return { kind: 'wlan-direction', value, span: this.since(protocol ?? word) };
          },
        },
      ]),
  );

  /** Numeric fields of ATM and SS7: `vpi 5`, `opc > 5`, `sio (5 or 6)` */
  field = this.RULE('field', (): Expression => {
    const word = this.CONSUME(t.Field);
    const alternatives = this.OR<Node<'field'>['alternatives']>([
      { ALT: () => [equals(build.numberOperand(this.CONSUME(t.NumberToken)))] },
      {
        ALT: () => {
          const op = build.word<RelationOp>(this.CONSUME(t.RelationSign));
          return [{ op, value: build.numberOperand(this.CONSUME2(t.NumberToken)) }];
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Open);
          const alternatives = [equals(build.numberOperand(this.CONSUME3(t.NumberToken)))];
          this.MANY({
            GATE: () => this.LA(1).payload === 'or',
            DEF: () => {
              this.CONSUME(t.AndOr);
              alternatives.push(equals(build.numberOperand(this.CONSUME4(t.NumberToken))));
            },
          });
          this.CONSUME(t.Close);
          return alternatives;
        },
      },
    ]);
    const span = this.since(word);
    return { kind: 'field', field: build.word<FieldWord>(word), alternatives, span };
  });
}

const equals = (value: NumberOperand): Node<'field'>['alternatives'][number] => ({
  op: '=',
  value,
});
