import { CstParser, type IToken } from 'chevrotain';
import * as t from './tokens.ts';

/**
 * The grammar, to be read beside pcap-filter(7) and libpcap's grammar.y. It says what may follow
 * what; what a thing means, and whether its numbers are in range, is for later phases. Operator
 * precedence is not here either: `buildArithmetic` has libpcap's, which no grammar shows well.
 */
export class FilterGrammar extends CstParser {
  constructor(options: { skipValidations: boolean }) {
    super(t.vocabulary, { maxLookahead: 2, nodeLocationTracking: 'none', ...options });
    this.performSelfAnalysis();
  }

  /** The empty filter matches all. */
  filter = this.RULE('filter', () => {
    this.OPTION(() => this.SUBRULE(this.expression));
  });

  /** `and` and `or` bind alike, from the left. */
  expression = this.RULE('expression', () => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.And) }, { ALT: () => this.CONSUME(t.Or) }]);
      this.SUBRULE2(this.operand);
    });
  });

  operand = this.RULE('operand', () => {
    this.MANY(() => this.CONSUME(t.Not));
    this.OR([
      { ALT: () => this.SUBRULE(this.relation) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.primitive) },
      { ALT: () => this.SUBRULE(this.lengthTest) },
      // Alone, it takes the qualifiers of what stands before it: `port 80 or 443`.
      { ALT: () => this.SUBRULE(this.identifier) },
    ]);
  });

  group = this.RULE('group', () => {
    this.CONSUME(t.Open);
    this.SUBRULE(this.expression);
    this.CONSUME(t.Close);
  });

  /** `tcp`, `tcp dst port 80`, `host 10.0.0.1` */
  primitive = this.RULE('primitive', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Protocol);
          this.OPTION(() => {
            this.SUBRULE(this.qualifiers);
            this.SUBRULE(this.idOperand);
          });
        },
      },
      {
        ALT: () => {
          this.SUBRULE2(this.qualifiers);
          this.SUBRULE2(this.idOperand);
        },
      },
    ]);
  });

  qualifiers = this.RULE('qualifiers', () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.direction);
          this.OPTION(() => this.CONSUME(t.Type));
        },
      },
      { ALT: () => this.CONSUME2(t.Type) },
    ]);
  });

  direction = this.RULE('direction', () => {
    this.CONSUME(t.Direction);
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(t.And) }, { ALT: () => this.CONSUME(t.Or) }]);
      this.CONSUME2(t.Direction);
    });
  });

  /** `80`, `not 80`, `(80 or 443)`: what qualifiers may be followed by. */
  idOperand = this.RULE('idOperand', () => {
    this.MANY(() => this.CONSUME(t.Not));
    this.OR([
      { ALT: () => this.SUBRULE(this.identifier) },
      {
        ALT: () => {
          this.CONSUME(t.Open);
          this.SUBRULE(this.idExpression);
          this.CONSUME(t.Close);
        },
      },
    ]);
  });

  idExpression = this.RULE('idExpression', () => {
    this.SUBRULE(this.idOperand);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.And) }, { ALT: () => this.CONSUME(t.Or) }]);
      this.SUBRULE2(this.idOperand);
    });
  });

  identifier = this.RULE('identifier', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.Constant) },
      {
        ALT: () => {
          this.CONSUME(t.Ipv4);
          this.OPTION(() =>
            this.OR2([
              {
                ALT: () => {
                  this.CONSUME(t.Slash);
                  this.CONSUME2(t.NumberToken);
                },
              },
              {
                ALT: () => {
                  this.CONSUME(t.Mask);
                  this.CONSUME2(t.Ipv4);
                },
              },
            ]),
          );
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Ipv6);
          this.OPTION2(() => {
            this.CONSUME2(t.Slash);
            this.CONSUME3(t.NumberToken);
          });
        },
      },
      { ALT: () => this.CONSUME(t.Mac) },
      { ALT: () => this.CONSUME(t.Name) },
      { ALT: () => this.CONSUME(t.EscapedName) },
    ]);
  });

  lengthTest = this.RULE('lengthTest', () => {
    this.CONSUME(t.LengthTest);
    this.OR([{ ALT: () => this.CONSUME(t.NumberToken) }, { ALT: () => this.CONSUME(t.Constant) }]);
  });

  relation = this.RULE('relation', () => {
    this.SUBRULE(this.arithmetic);
    this.CONSUME(t.RelationSign);
    this.SUBRULE2(this.arithmetic);
  });

  arithmetic = this.RULE('arithmetic', () => {
    this.SUBRULE(this.factor);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.ArithSign) },
        { ALT: () => this.CONSUME(t.Minus) },
        { ALT: () => this.CONSUME(t.Slash) },
      ]);
      this.SUBRULE2(this.factor);
    });
  });

  factor = this.RULE('factor', () => {
    this.MANY(() => this.CONSUME(t.Minus));
    this.OR([
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.Constant) },
      { ALT: () => this.CONSUME(t.Length) },
      { ALT: () => this.SUBRULE(this.load) },
      {
        ALT: () => {
          this.CONSUME(t.ArithOpen);
          this.SUBRULE(this.arithmetic);
          this.CONSUME(t.Close);
        },
      },
    ]);
  });

  /** `tcp[13]`, `ip[2:2]` */
  load = this.RULE('load', () => {
    this.CONSUME(t.Protocol);
    this.CONSUME(t.OpenBracket);
    this.SUBRULE(this.arithmetic);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.CONSUME(t.NumberToken);
    });
    this.CONSUME(t.CloseBracket);
  });
}

let shared: FilterGrammar | undefined;

/** One parser for all: building it costs milliseconds, so it is built at the first use. */
export function grammar(tokens: IToken[]): FilterGrammar {
  shared ??= new FilterGrammar({ skipValidations: true });
  shared.input = tokens;
  return shared;
}
