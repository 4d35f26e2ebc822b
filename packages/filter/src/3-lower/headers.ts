import type { BlockId } from '../ir/types.ts';
import type { LinkProtocol } from '../tables/protocols.ts';
import type { Builder, Targets } from './builder.ts';

/**
 * Where the headers of a packet stand, as far as a filter has looked into it: given to every
 * primitive as a value, so that one which looks behind a tag can pass a changed copy on.
 */
export interface Headers {
  readonly linkType: string;
  /** Offset of the network header, in bytes from the first of the packet. */
  readonly network: number;
  /** Is this the protocol that the link layer announces? */
  readonly isProtocol: (build: Builder, protocol: LinkProtocol, to: Targets) => BlockId;
}
