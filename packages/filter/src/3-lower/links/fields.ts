import type { BlockId } from '../../ir/types.ts';
import type { Builder, Targets } from '../builder.ts';
import {
  type FieldTest,
  type Headers,
  loadAt,
  type Place,
  type ProtocolField,
} from '../headers.ts';
import { arith, constant } from '../tree.ts';

/** Compares the field at `place` as a {@link FieldTest} says. */
export function fieldIs(build: Builder, place: Place, field: FieldTest, to: Targets): BlockId {
  const loaded = loadAt(field.size, place, field.offset);
  const value = field.mask === undefined ? loaded : arith('&', loaded, constant(field.mask));
  const targets = field.negated === true ? { yes: to.no, no: to.yes } : to;
  return build.test('==', value, constant(field.value), targets);
}

/** One after the other, until one holds. */
export function anyOf(to: Targets, tests: readonly ((to: Targets) => BlockId)[]): BlockId {
  return tests.reduceRight<BlockId>((no, test) => test({ yes: to.yes, no }), to.no);
}

/** One after the other, as long as they hold. */
export function allOf(to: Targets, tests: readonly ((to: Targets) => BlockId)[]): BlockId {
  return tests.reduceRight<BlockId>((yes, test) => test({ yes, no: to.no }), to.yes);
}

/**
 * A link layer that can announce a few protocols only, each by one of some values of a field; or
 * that carries one protocol `'always'`.
 */
export function announcedBy(
  from: 'header' | 'protocol',
  protocols: Readonly<Record<number, 'always' | readonly FieldTest[]>>,
): ProtocolField {
  return {
    limits: 'any',
    known: (protocol) => {
      const tests = protocols[protocol];
      return tests === undefined ? false : tests === 'always' ? true : undefined;
    },
    is: (build, headers, protocol, to) => {
      const tests = protocols[protocol] ?? [];
      if (tests === 'always') return to.yes;
      const place = from === 'header' ? headers.header : protocolPlace(headers);
      return anyOf(
        to,
        tests.map((field) => (targets) => fieldIs(build, place, field, targets)),
      );
    },
  };
}

/** The place of the field that says what follows, in a link layer that has one. */
export function protocolPlace(headers: Headers): Place {
  return headers.protocol ?? headers.header;
}

/** An EtherType, and nothing else. */
export const etherTypeOnly: ProtocolField = {
  limits: 'ethertype',
  is: (build, headers, protocol, to) => protocolIs(build, headers, protocol, to),
};

/** Compares the two-byte protocol field. */
export function protocolIs(build: Builder, headers: Headers, value: number, to: Targets): BlockId {
  return fieldIs(build, protocolPlace(headers), { offset: 0, size: 2, value }, to);
}
