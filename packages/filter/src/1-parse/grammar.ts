import { type IToken, isRecognitionException } from 'chevrotain';
import type { Arithmetic, ChainLink, Expression, Identifier, RelationOp } from '../ast/types.ts';
import type { Span } from '../source.ts';
import * as build from './build-nodes.ts';
import { WordGrammar } from './grammar-words.ts';
import * as t from './tokens.ts';

/** Stands in the tree for an operand that could not be read. Never leaves this phase. */
export const lost: Expression = { kind: 'word', word: '', span: { start: 0, end: 0 } };

/**
 * The grammar of pcap-filter(7), to be read beside it and beside libpcap's grammar.y.in. One token
 * of lookahead decides everywhere, `classifyParentheses` having told the parentheses apart; the
 * tree is built while reading.
 *
 * Each operand of `and` and `or` is read by itself: where one is wrong, the parser tells `onFault`,
 * skips to the next `and`, `or` or `)` of the same level, and goes on.
 */
export class FilterGrammar extends WordGrammar {
  /**
   * @param operand the first token of the operand that cannot be read
   * @param found the token that cannot follow
   * @param next where reading goes on; as `found`, chevrotain's EOF token at the end of the text
   * @returns whether to go on
   */
  onFault: (operand: IToken, found: IToken, next: IToken) => boolean = () => false;

  constructor(options: { skipValidations: boolean }) {
    super(t.vocabulary, { maxLookahead: 1, ...options });
    this.performSelfAnalysis();
  }

  /** `and` and `or` bind alike, from the left. The whole filter is one, if it is not empty. */
  expression = this.RULE('expression', (): Expression => {
    const first = this.recovering(this.firstOperand);
    const rest: ChainLink[] = [];
    this.MANY(() => {
      const op = build.word<ChainLink['op']>(this.CONSUME(t.AndOr));
      const operand = this.recovering(this.nextOperand);
      rest.push({ op, operand });
    });
    return this.ACTION(() => build.chain(first, rest));
  });

  private firstOperand = (): Expression => this.SUBRULE(this.operand);
  private nextOperand = (): Expression => this.SUBRULE2(this.operand);

  private recovering(readOperand: () => Expression): Expression {
    if (this.RECORDING_PHASE) return readOperand();
    const start = this.LA(1);
    try {
      const operand = readOperand();
      if (endsOperand(this.LA(1))) return operand;
    } catch (error) {
      if (!(error instanceof Error && isRecognitionException(error))) throw error;
    }
    const found = this.LA(1);
    this.skipOperand(this.openSince(start));
    if (!this.onFault(start, found, this.LA(1))) while (!endsText(this.LA(1))) this.SKIP_TOKEN();
    return lost;
  }

  /** How many parentheses the tokens that were read from `start` on leave open. */
  private openSince(start: IToken): number {
    if (this.LA(1) === start || endsText(this.LA(1))) return 0;
    let open = 0;
    for (let back = 0; ; back--) {
      const token = this.LA(back);
      open += opens(token);
      if (token === start) return open;
    }
  }

  /** To the next `and`, `or` or `)` of the operand's own level, over what stands in parentheses. */
  private skipOperand(open: number): void {
    for (let depth = open; ; this.SKIP_TOKEN()) {
      const token = this.LA(1);
      if (endsText(token) || (depth === 0 && endsOperand(token))) return;
      depth += opens(token);
    }
  }

  /** A test, or an identifier that takes the qualifiers of what stands before it. */
  operand = this.RULE('operand', (): Expression => this.OR(this.operands));

  private operands: { DEF: { ALT: () => Expression }[]; IGNORE_AMBIGUITIES: true } = {
    // A comparison may begin with a protocol or a number too: the first alternative for one holds.
    IGNORE_AMBIGUITIES: true,
    DEF: [
      { ALT: () => this.SUBRULE(this.unqualified) },
      { ALT: () => this.SUBRULE(this.afterProtocol) },
      { ALT: () => this.SUBRULE(this.afterNumber) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => build.bare(this.SUBRULE(this.identifier)) },
      { ALT: () => this.SUBRULE(this.relation) },
      { ALT: () => this.SUBRULE(this.cast) },
      { ALT: () => this.SUBRULE(this.wordTest) },
      { ALT: () => this.SUBRULE(this.encapsulation) },
      { ALT: () => this.SUBRULE(this.numberWord) },
      { ALT: () => this.SUBRULE(this.nameWord) },
      { ALT: () => this.SUBRULE(this.eitherWord) },
      { ALT: () => this.SUBRULE(this.byteTest) },
      { ALT: () => this.SUBRULE(this.llc) },
      { ALT: () => this.SUBRULE(this.wlan) },
      { ALT: () => this.SUBRULE(this.field) },
      {
        ALT: () => {
          const not = this.CONSUME(t.Not);
          const operand = this.SUBRULE(this.operand);
          return this.ACTION(() => build.not(not, operand));
        },
      },
    ],
  };

  group = this.RULE('group', (): Expression => {
    const open = this.CONSUME(t.Open);
    const inner = this.SUBRULE(this.expression);
    this.CONSUME(t.Close);
    return { kind: 'group', inner, span: this.since(open) };
  });

  /** `src`, `dst port`, `host`, and what they are about. */
  unqualified = this.RULE('unqualified', (): Expression => {
    const qualifiers = this.SUBRULE(this.qualifiers);
    const ids = this.SUBRULE(this.ids);
    return this.ACTION(() => build.primitive(undefined, qualifiers, ids));
  });

  /** What may begin with a protocol: `tcp`, `tcp port 80`, `tcp[13] = 2`, `ip broadcast`. */
  afterProtocol = this.RULE('afterProtocol', (): Expression => {
    const protocol = this.CONSUME(t.Protocol);
    const test = this.OPTION(() =>
      this.OR<Expression>([
        {
          ALT: () => {
            const qualifiers = this.SUBRULE(this.qualifiers);
            const ids = this.SUBRULE(this.ids);
            return this.ACTION(() => build.primitive(protocol, qualifiers, ids));
          },
        },
        {
          ALT: () => {
            const left = this.SUBRULE(this.loadFrom, { ARGS: [protocol] });
            return this.SUBRULE(this.restOfRelation, { ARGS: [left] });
          },
        },
        { ALT: () => this.SUBRULE(this.cast, { ARGS: [protocol] }) },
        { ALT: () => this.SUBRULE(this.wlan, { ARGS: [protocol] }) },
      ]),
    );
    return test ?? { kind: 'protocol', word: build.word(protocol), span: t.tokenSpan(protocol) };
  });

  qualifiers = this.RULE('qualifiers', (): build.Qualified => this.OR(this.qualifierKinds));

  private qualifierKinds: { ALT: () => build.Qualified }[] = [
    {
      ALT: () => {
        const type = this.CONSUME(t.AddressType);
        return build.qualified(undefined, type, t.tokenSpan(type));
      },
    },
    {
      ALT: () => {
        const direction = this.CONSUME(t.Direction);
        const type = this.OPTION(() => this.CONSUME2(t.AddressType));
        return build.qualified(direction, type, this.since(direction));
      },
    },
    {
      ALT: () => {
        const type = this.CONSUME(t.PlainType);
        return build.qualified(undefined, type, t.tokenSpan(type));
      },
    },
  ];

  /** What a primitive is about: an identifier, or several in parentheses. */
  ids = this.RULE('ids', (): Expression => this.OR(this.idKinds));

  private idKinds: { ALT: () => Expression }[] = [
    { ALT: () => build.bare(this.SUBRULE(this.identifier)) },
    { ALT: () => build.bare(build.numberOperand(this.CONSUME(t.NumberToken))) },
    { ALT: () => this.SUBRULE(this.idGroup) },
    {
      ALT: () => {
        const not = this.CONSUME(t.Not);
        const id = this.SUBRULE(this.ids);
        return this.ACTION(() => build.not(not, id));
      },
    },
  ];

  idGroup = this.RULE('idGroup', (): Expression => {
    const open = this.CONSUME(t.Open);
    const first = this.SUBRULE(this.ids);
    const rest: ChainLink[] = [];
    this.MANY(() => {
      const op = build.word<ChainLink['op']>(this.CONSUME(t.AndOr));
      const operand = this.SUBRULE2(this.ids);
      rest.push({ op, operand });
    });
    this.CONSUME(t.Close);
    return this.ACTION(() => ({
      kind: 'group',
      inner: build.chain(first, rest),
      span: this.since(open),
    }));
  });

  /** All identifiers but numbers, which may begin a comparison too. */
  identifier = this.RULE('identifier', (): Identifier => this.OR(this.identifiers));

  private identifiers: { ALT: () => Identifier }[] = [
    {
      ALT: () => {
        const address = this.CONSUME(t.Ipv4);
        const prefix = this.OPTION({
          GATE: this.atSlash,
          DEF: () => this.SUBRULE(this.prefixLength),
        });
        const mask = this.OPTION2({
          GATE: () => prefix === undefined,
          DEF: () => {
            this.CONSUME(t.Mask);
            return this.CONSUME2(t.Ipv4);
          },
        });
        return build.ipv4(address, prefix, mask);
      },
    },
    {
      ALT: () => {
        const address = this.CONSUME(t.Ipv6);
        const prefix = this.OPTION3({
          GATE: this.atSlash,
          DEF: () => this.SUBRULE2(this.prefixLength),
        });
        return build.ipv6(address, prefix);
      },
    },
    { ALT: () => build.nameOperand(this.CONSUME(t.Name)) },
    { ALT: () => build.hardwareAddress(this.CONSUME(t.Mac)) },
  ];

  private atSlash = (): boolean => this.LA(1).payload === '/';

  /** `/24`, the slash being told by who asks. */
  prefixLength = this.RULE('prefixLength', (): IToken => {
    this.CONSUME(t.ArithSign);
    return this.CONSUME(t.NumberToken);
  });

  /** A number: an identifier by itself, the beginning of a comparison before a sign. */
  afterNumber = this.RULE('afterNumber', (): Expression => {
    const number = this.CONSUME(t.NumberToken);
    const test = this.OPTION(() =>
      this.SUBRULE(this.restOfRelation, { ARGS: [build.constant(number)] }),
    );
    return test ?? build.bare(build.numberOperand(number));
  });

  /** A comparison that does not begin with a plain number or with a protocol. */
  relation = this.RULE('relation', (): Expression => {
    const { minuses, value } = this.SUBRULE(this.factor);
    return this.SUBRULE(this.restOfRelation, { ARGS: [value, minuses] });
  });

  restOfRelation = this.RULE(
    'restOfRelation',
    (value?: Arithmetic, minuses?: readonly Span[]): Expression => {
      const left = this.SUBRULE(this.restOfArithmetic, { ARGS: [value, minuses] });
      const op = build.word<RelationOp>(this.CONSUME(t.RelationSign));
      const right = this.SUBRULE(this.arithmetic);
      return this.ACTION(() => ({
        kind: 'relation',
        op,
        left,
        right,
        span: { start: left.span.start, end: right.span.end },
      }));
    },
  );
}

const opens = ({ tokenType }: IToken): number =>
  tokenType === t.Open || tokenType === t.ArithOpen ? 1 : tokenType === t.Close ? -1 : 0;

const endsText = (token: IToken): boolean => Number.isNaN(token.startOffset);

const endsOperand = (token: IToken): boolean =>
  token.tokenType === t.AndOr || token.tokenType === t.Close || endsText(token);

let shared: FilterGrammar | undefined;

/** One parser for all: building it costs milliseconds, so it is built at the first use. */
export function sharedGrammar(): FilterGrammar {
  shared ??= new FilterGrammar({ skipValidations: true });
  return shared;
}
