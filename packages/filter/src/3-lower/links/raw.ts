import { arith, constant, load } from '../builder.ts';
import type { Headers } from '../headers.ts';

/** No link-layer header: the first four bits are the version of IP, and nothing else exists. */
export const raw: Headers = {
  linkType: 'RAW',
  network: 0,
  isProtocol: (build, protocol, to) => {
    if (protocol !== 'ip' && protocol !== 'ip6') return to.no;
    const version = arith('&', load(1, 0), constant(0xf0));
    return build.test('==', version, constant(protocol === 'ip' ? 0x40 : 0x60), to);
  },
};
