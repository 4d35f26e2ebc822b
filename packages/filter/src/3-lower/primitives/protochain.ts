import type { BlockId } from '../../ir/types.ts';
import * as messages from '../../messages/lower.ts';
import { etherTypes } from '../../tables/protocols.ts';
import { type Headers, loadAt, loadIndexed, networkHeader, type Place, shift } from '../headers.ts';
import { arith, constant, recall, type Tree } from '../tree.ts';
import {
  allOf,
  anyOf,
  type Blocks,
  type Condition,
  choose,
  compare,
  reject,
  store,
} from './condition.ts';
import { announces, type Context, type TestOf } from './context.ts';
import { ipv4, ipv4HeaderLength, ipv6 } from './ip-header.ts';

/**
 * How many headers behind IP's are looked over. libpcap loops, which no kernel lets a filter do; a
 * program here is as long as its bound. RFC 8200 knows seven headers that may follow each other; a
 * packet with more than this many is rejected, also under a `not`.
 */
export const chainBound = 8;

/** Scratch words that a chain needs. */
export const chainWordCount = 2;

/** IANA "protocol-numbers". */
const none = 59;
const authentication = 51;
/** Hop-by-hop options, destination options, routing, fragment: all with a length in eights. */
const extensions = [0, 60, 43, 44] as const;

/** In a header: what follows it, and its length. */
const header = { next: 0, length: 1 } as const;

/** Where a chain has come to: which protocol is next, and how far behind IP's first byte. */
interface Chain {
  readonly network: Place;
  readonly nextWord: number;
  readonly offsetWord: number;
  readonly wanted: number;
  /** Which headers are looked over besides the authentication header. */
  readonly overExtensions: boolean;
}

/**
 * An IP protocol behind any headers: extension headers in IPv6, authentication headers in both.
 * (gencode.c: gen_protochain(). On purpose not as there: an authentication header's length is added
 * to where it stands; there it replaces it.)
 */
export function protochain(context: Context, { number, over }: TestOf<'protochain'>): Condition {
  const { headers, refuse, chainWord } = context;
  if (hasUnknownStart(headers)) {
    return refuse(messages.protochainVariable);
  }
  const network = networkHeader(headers);
  const chain = { network, nextWord: chainWord, offsetWord: chainWord + 1, wanted: number };
  const overIpv4 =
    over.includes('ip') &&
    allOf(
      announces(context, etherTypes.ip),
      follow(
        { ...chain, overExtensions: false },
        loadAt(1, network, ipv4.protocol),
        ipv4HeaderLength(headers),
      ),
    );
  const overIpv6 =
    over.includes('ip6') &&
    allOf(
      announces(context, etherTypes.ip6),
      follow(
        { ...chain, overExtensions: true },
        loadAt(1, network, ipv6.nextHeader),
        constant(ipv6.size),
      ),
    );
  return anyOf(overIpv4, overIpv6);
}

/**
 * libpcap can't do this where a header of variable length stands before IP's; the difference that a
 * live capture's VLAN tag makes is not counted here.
 */
const hasUnknownStart = ({ payload, linux, link, guard }: Headers): boolean =>
  payload.index !== undefined && !(linux && link.vlan === 'linux' && guard === 'none');

/** From the last round to the first, as a block can only be made when what it leads to exists. */
function follow(chain: Chain, next: Tree, offset: Tree): Condition {
  const rounds: Blocks = (build, to) => {
    let onward = reject(build, to);
    for (let round = 0; round < chainBound; round++) onward = look(chain, onward)(build, to);
    return onward;
  };
  return allOf(store(chain.nextWord, next), store(chain.offsetWord, offset), rounds);
}

/** Is this the protocol? If it can't be, the answer is no; else on to what follows it. */
function look(chain: Chain, onward: BlockId): Blocks {
  const next = recall(chain.nextWord);
  const is = (number: number): Blocks => compare('=', next, constant(number));
  const goOn: Blocks = () => onward;
  const isExtension = chain.overExtensions && anyOf(...extensions.map(is));
  const overExtension = advance(chain, (length) => times(plus(length, 1), 8));
  const overAuthentication = advance(chain, (length) => times(plus(length, 2), 4));
  const others = choose(is(authentication), allOf(overAuthentication, goOn), false);
  return choose(
    is(chain.wanted),
    true,
    choose(is(none), false, choose(isExtension, allOf(overExtension, goOn), others)),
  );
}

const plus = (value: Tree, number: number): Tree => arith('+', value, constant(number));
const times = (value: Tree, number: number): Tree => arith('*', value, constant(number));

/** Looks over the header that the chain has come to: what follows it is read first. */
function advance(
  { network, nextWord, offsetWord }: Chain,
  bytes: (length: Tree) => Tree,
): Condition {
  const offset = recall(offsetWord);
  const at = (field: number): Tree => loadIndexed(1, shift(network, field), offset);
  return allOf(
    store(nextWord, at(header.next)),
    store(offsetWord, arith('+', bytes(at(header.length)), offset)),
  );
}
