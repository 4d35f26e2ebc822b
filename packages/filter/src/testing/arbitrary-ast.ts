import fc from 'fast-check';
import type {
  Arithmetic,
  Expression,
  Identifier,
  NameOperand,
  NumberOperand,
  Qualifiers,
} from '../ast/types.ts';
import { namedConstants } from '../tables/constants.ts';
import { reservedWords, words } from '../tables/words.ts';

/** Any AST that some filter parses to. Spans are all the same: compare without them. */
export function arbitraryAst(): fc.Arbitrary<Expression> {
  return fc.letrec<{ expression: Expression; term: Expression; operand: Expression }>((tie) => ({
    /** The first operand of a chain cannot be an identifier: it has nothing to inherit. */
    expression: fc
      .tuple(
        tie('term'),
        fc.array(fc.record({ op: fc.constantFrom('and', 'or'), operand: tie('operand') }), {
          maxLength: 4,
        }),
      )
      .map(([first, rest]) => (rest.length === 0 ? first : { kind: 'chain', first, rest, span })),
    term: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'term' },
      leaf,
      tie('term').map((operand): Expression => ({ kind: 'not', operand, span })),
      tie('expression').map((inner): Expression => ({ kind: 'group', inner, span })),
    ),
    operand: fc.oneof({ arbitrary: tie('term'), weight: 3 }, { arbitrary: ids, weight: 1 }),
  })).expression;
}

/** A copy without what no text could keep. */
export function withoutSpans(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member) =>
      key === 'span' || key === 'sizeSpan' ? undefined : member,
    ),
  );
}

const span = { start: 0, end: 0 };

const number: fc.Arbitrary<NumberOperand> = fc.oneof(
  fc.tuple(fc.nat(0xffffffff), fc.constantFrom(10, 16, 8)).map(([value, base]): NumberOperand => {
    const prefix = base === 16 ? '0x' : base === 8 ? '0' : '';
    // Twelve digits would be a hardware address.
    const text = (prefix + value.toString(base)).replace(/^0(?=[0-7]{11}$)/, '00');
    return { kind: 'number', value, text, span };
  }),
  fc
    .constantFrom(...Object.entries(namedConstants))
    .map(([text, value]): NumberOperand => ({ kind: 'number', value, text, span })),
);

const name: fc.Arbitrary<NameOperand> = fc
  .oneof(
    fc.stringMatching(/^[a-z][a-z0-9]{0,6}([-_.][a-z0-9]{1,4}){0,3}$/),
    fc.constantFrom(
      ...reservedWords,
      '10-1',
      '80',
      '1.2.3.4',
      'tcp-syn',
      '0102030a0b0c',
      'a-',
      '_x',
    ),
    fc.stringMatching(/^[^ !()\n\t]{1,8}$/u),
  )
  .map((text) => ({ kind: 'name', text, span }));

const octets = (least: number, most: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(255), { minLength: least, maxLength: most }).map((parts) => parts.join('.'));

const hexByte = fc.nat(255).map((value) => value.toString(16));

const identifier: fc.Arbitrary<Identifier> = fc.oneof(
  number,
  name,
  fc.record({ kind: fc.constant('ipv4'), text: octets(2, 4), span: fc.constant(span) }),
  fc.record({
    kind: fc.constant('ipv4'),
    text: octets(2, 4),
    prefix: fc.nat(40),
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('ipv4'),
    text: octets(2, 4),
    mask: octets(2, 4),
    span: fc.constant(span),
  }),
  fc.record({ kind: fc.constant('ipv6'), text: fc.ipV6(), span: fc.constant(span) }),
  fc.record({
    kind: fc.constant('ipv6'),
    text: fc.ipV6(),
    prefix: fc.nat(140),
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('mac'),
    // With colons, as `format` writes it in any case.
    text: fc.array(hexByte, { minLength: 6, maxLength: 6 }).map((bytes) => bytes.join(':')),
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('mac8'),
    text: hexByte.map((byte) => `$${byte}`),
    span: fc.constant(span),
  }),
);

const bare = identifier.map((id): Expression => ({ kind: 'bare', id, span }));

/** One identifier, or several in parentheses, which do not begin with parentheses themselves. */
const ids: fc.Arbitrary<Expression> = fc.letrec<{ ids: Expression; first: Expression }>((tie) => ({
  ids: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'ids' },
    tie('first'),
    fc
      .tuple(
        tie('first'),
        fc.array(fc.record({ op: fc.constantFrom('and', 'or'), operand: tie('ids') }), {
          maxLength: 3,
        }),
      )
      .map(([first, rest]): Expression => {
        const inner: Expression = rest.length === 0 ? first : { kind: 'chain', first, rest, span };
        return { kind: 'group', inner, span };
      }),
  ),
  first: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'ids' },
    bare,
    tie('ids').map((operand): Expression => ({ kind: 'not', operand, span })),
  ),
})).ids;

const protocol = fc.constantFrom<string>(...words.protocols, ...words.links);

const directions = [
  'src or dst',
  'src and dst',
  ...words.directions,
  ...words.wlanAddresses,
] as const;

const qualifiers: fc.Arbitrary<Qualifiers> = fc
  .tuple(
    fc.option(protocol, { nil: undefined }),
    fc.oneof(
      fc.record({ type: fc.constantFrom(...words.types) }),
      fc.record({ direction: fc.constantFrom(...directions) }),
      fc.record({
        direction: fc.constantFrom(...directions),
        type: fc.constantFrom(...words.addressTypes),
      }),
    ),
  )
  .map(([word, others]) => ({ ...(word && { protocol: word }), ...others, span }));

export const arithmetic: fc.Arbitrary<Arithmetic> = fc.letrec<{ value: Arithmetic }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'arithmetic' },
    number.map((value): Arithmetic => value),
    fc.constant<Arithmetic>({ kind: 'length', span }),
    fc.record({ kind: fc.constant('negate'), operand: tie('value'), span: fc.constant(span) }),
    fc.record({
      kind: fc.constant('load'),
      protocol,
      offset: tie('value'),
      size: fc.constantFrom(1, 2, 4),
      sizeSpan: fc.constant(span),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('binary'),
      op: fc.constantFrom('+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'),
      left: tie('value'),
      right: tie('value'),
      span: fc.constant(span),
    }),
  ),
})).value;

const relationOp = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
const nameOrNumber = fc.oneof(name, number);

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.tuple(qualifiers, ids).map(
    ([written, about]): Expression => ({
      kind: 'primitive',
      qualifiers: written,
      ids: about,
      span,
    }),
  ),
  fc.record({ kind: fc.constant('protocol'), word: protocol, span: fc.constant(span) }),
  fc.record({
    kind: fc.constant('word'),
    word: fc.constantFrom(...words.tests.filter((word) => word !== 'pppoed')),
    span: fc.constant(span),
  }),
  fc.record(
    {
      kind: fc.constant('cast'),
      protocol,
      word: fc.constantFrom(...words.casts),
      span: fc.constant(span),
    },
    { requiredKeys: ['kind', 'word', 'span'] },
  ),
  fc.record(
    {
      kind: fc.constant('encapsulation'),
      word: fc.constantFrom(...words.encapsulations),
      value: number,
      span: fc.constant(span),
    },
    { requiredKeys: ['kind', 'word', 'span'] },
  ),
  fc.constant<Expression>({ kind: 'encapsulation', word: 'pppoed', span }),
  fc.record({ kind: fc.constant('ifindex'), value: number, span: fc.constant(span) }),
  fc.record({
    kind: fc.constant('byte-test'),
    offset: number,
    op: fc.constantFrom('=', '<', '>', '&', '|'),
    value: number,
    span: fc.constant(span),
  }),
  fc.record(
    { kind: fc.constant('llc'), type: name, span: fc.constant(span) },
    { requiredKeys: ['kind', 'span'] },
  ),
  fc.record(
    {
      kind: fc.constant('wlan-type'),
      type: nameOrNumber,
      subtype: nameOrNumber,
      span: fc.constant(span),
    },
    { requiredKeys: ['kind', 'type', 'span'] },
  ),
  fc.record({ kind: fc.constant('wlan-type'), subtype: name, span: fc.constant(span) }),
  fc.record({
    kind: fc.constant('wlan-direction'),
    value: nameOrNumber,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('pf'),
    field: fc.constantFrom('ifname', 'rset', 'action'),
    value: name,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('pf'),
    field: fc.constantFrom('rnr', 'srnr'),
    value: number,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('pf'),
    field: fc.constant('reason'),
    value: nameOrNumber,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('field'),
    field: fc.constantFrom(...words.fields),
    alternatives: fc.oneof(
      fc.record({ op: relationOp, value: number }).map((each) => [each]),
      fc.array(fc.record({ op: fc.constant('='), value: number }), { minLength: 2, maxLength: 4 }),
    ),
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('relation'),
    op: relationOp,
    left: arithmetic,
    right: arithmetic,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('length-test'),
    word: fc.constantFrom('less', 'greater'),
    value: fc.nat(0xffffffff),
    span: fc.constant(span),
  }),
);
