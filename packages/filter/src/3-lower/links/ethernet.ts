import { etherTypes } from '../../tables/protocols.ts';
import { constant, load } from '../builder.ts';
import type { Headers } from '../headers.ts';

/** Ethernet II: destination, source, EtherType in bytes 12 and 13 (IEEE 802.3 clause 3). */
export const ethernet: Headers = {
  linkType: 'EN10MB',
  network: 14,
  isProtocol: (build, protocol, to) =>
    build.test('==', load(2, 12), constant(etherTypes[protocol]), to),
};
