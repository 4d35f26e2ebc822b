import type { Direction, Identifier, Qualifiers } from '../ast/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { End } from '../predicate/types.ts';
import type { Span } from '../source.ts';
import type { ResolvedNames } from './names.ts';

/** What the files of this phase share in one run. */
export interface Context {
  readonly names: ResolvedNames;
  /** Of the network that is captured on, as a 32-bit number; `undefined`: not known. */
  readonly netmask: number | undefined;
  /** Is it for a live capture on Linux? Hints differ. */
  readonly linux: boolean;
  /** The filter's text, where it is known: messages quote words from it. */
  readonly text: string | undefined;
  /** Errors. */
  readonly diagnostics: Diagnostic[];
  readonly warnings: Diagnostic[];
}

/** An identifier with the qualifiers that hold for it, whether it wrote or inherited them. */
export interface Qualified<Kind extends Identifier['kind'] = Identifier['kind']> {
  readonly id: Extract<Identifier, { kind: Kind }>;
  readonly qualifiers: Qualifiers;
  /** The place of its test: the whole primitive, or the identifier alone if it is one of several. */
  readonly span: Span;
}

/** Qualifiers as they were or could have been written, for messages: `tcp dst port`. */
export const textOfQualifiers = ({ protocol, direction, type }: Qualifiers): string =>
  [protocol, direction, type].filter((word) => word !== undefined).join(' ');

/** An identifier as it was written, give or take blanks. */
export function textOf(id: Identifier): string {
  if (id.kind !== 'ipv4' && id.kind !== 'ipv6') return id.text;
  if (id.prefix !== undefined) return `${id.text}/${id.prefix}`;
  return id.kind === 'ipv4' && id.mask !== undefined ? `${id.text} mask ${id.mask}` : id.text;
}

/** Where to look for an address or a port. Directions of 802.11 have been refused before. */
export const endOf = ({ direction = 'src or dst' }: Qualifiers): End => direction as End;

/** Is this one that only 802.11 has? */
export const isWlanDirection = (direction: Direction | undefined): boolean =>
  direction !== undefined && !ends.has(direction);

const ends: ReadonlySet<Direction> = new Set(['src', 'dst', 'src or dst', 'src and dst']);
