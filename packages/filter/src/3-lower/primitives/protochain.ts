import type { BlockId } from '../../ir/types.ts';
import * as messages from '../../messages/lower.ts';
import { etherTypes } from '../../tables/protocols.ts';
import type { Builder } from '../builder.ts';
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
  toBlocks,
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
export const chainWordCount = 3;

/** IANA "protocol-numbers". */
const authentication = 51;
/** Hop-by-hop options, destination options, routing, fragment: all with a length in eights. */
const extensions = [0, 60, 43, 44] as const;

/** In a header: what follows it, and its length. */
const header = { next: 0, length: 1 } as const;

/** What is looked for in a chain. */
interface Wanted {
  /** Ends the walk where it is found; nothing does if this is left out. */
  readonly first: number | undefined;
  /** Are noted on the way: they count if the chain is walked to its end. Ascending. */
  readonly others: readonly number[];
}

/** Where a chain has come to: which protocol is next, and how far behind IP's first byte. */
interface Chain {
  readonly network: Place;
  readonly nextWord: number;
  readonly offsetWord: number;
  /** 1 once one of the other numbers has been seen. */
  readonly seenWord: number;
  readonly wanted: Wanted;
  /** Which headers are looked over besides the authentication header. */
  readonly overExtensions: boolean;
}

type Over = TestOf<'protochain'>['over'];

/**
 * An IP protocol behind any headers: extension headers in IPv6, authentication headers in both.
 * (gencode.c: gen_protochain(). On purpose not as there: an authentication header's length is added
 * to where it stands; there it replaces it.)
 */
export function protochain(context: Context, { number, over }: TestOf<'protochain'>): Condition {
  return search(context, over, { first: number, others: [] });
}

/**
 * Several of them one after the other, over the same protocols, in a single walk: as each walks
 * the same chain, a list of hundreds need not be hundreds of walks. It comes out as they would one
 * by one, also where the chain is cut off or too long. Under `or`, the first walk then rejects the
 * packet unless it finds its own number before; the others only have a say if it gets to the end.
 * Under `and`, a chain within the bound can't hold more different numbers than it has headers, so
 * that of more than that one is not found: it gets to the end, or rejects.
 */
export function protochains(
  context: Context,
  op: 'and' | 'or',
  over: Over,
  numbers: readonly number[],
): Condition {
  const [first, ...others] = new Set(numbers);
  if (op === 'or') {
    return search(context, over, { first, others: others.sort((a, b) => a - b) });
  }
  if (others.length >= chainBound) return search(context, over, { first: undefined, others: [] });
  return allOf(
    ...[first!, ...others].map((number) => search(context, over, { first: number, others: [] })),
  );
}

function search(context: Context, over: Over, wanted: Wanted): Condition {
  const { headers, refuse, chainWord } = context;
  if (hasUnknownStart(headers)) {
    return refuse(messages.protochainVariable);
  }
  const network = networkHeader(headers);
  const chain = {
    network,
    nextWord: chainWord,
    offsetWord: chainWord + 1,
    seenWord: chainWord + 2,
    wanted,
  };
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
    let entry = reject(build, to);
    for (let round = 0; round < chainBound; round++) {
      entry = look(chain, advance(chain, entry, build))(build, to);
    }
    return entry;
  };
  return allOf(
    chain.wanted.others.length === 0 || store(chain.seenWord, constant(0)),
    store(chain.nextWord, next),
    store(chain.offsetWord, offset),
    rounds,
  );
}

/** The blocks that look over the header that the chain has come to, and go on. */
interface Onward {
  readonly overExtension: BlockId;
  readonly overAuthentication: BlockId;
}

/** Is this the protocol? If it can't be, the answer is no; else on to what follows it. */
function look(chain: Chain, { overExtension, overAuthentication }: Onward): Blocks {
  const next = recall(chain.nextWord);
  const is = (number: number): Blocks => compare('=', next, constant(number));
  const { first, others } = chain.wanted;
  const isSeen = compare('=', recall(chain.seenWord), constant(1));
  const isOther = anyOf(...runs(others).map((run) => isWithin(next, run)));
  const isExtension = chain.overExtensions && anyOf(...extensions.map(is));
  const atEnd = others.length > 0 && isSeen;
  // Whatever else follows, such as "no next header" (59), ends the chain.
  const goOn = choose(
    isExtension,
    () => overExtension,
    choose(is(authentication), () => overAuthentication, atEnd),
  );
  return (build, to) => {
    const onward = toBlocks(goOn)(build, to);
    const noted = isOther === false ? onward : build.store(chain.seenWord, constant(1), onward);
    const unlessFirst = toBlocks(isOther)(build, { yes: noted, no: onward });
    if (first === undefined) return unlessFirst;
    return is(first)(build, { yes: to.yes, no: unlessFirst });
  };
}

/** Numbers from `low` to `high`. */
interface Run {
  readonly low: number;
  readonly high: number;
}

/** Ascending numbers as runs of neighbours. */
function runs(numbers: readonly number[]): readonly Run[] {
  const found: { low: number; high: number }[] = [];
  for (const number of numbers) {
    const last = found[found.length - 1];
    if (last !== undefined && number === last.high + 1) last.high = number;
    else found.push({ low: number, high: number });
  }
  return found;
}

function isWithin(value: Tree, { low, high }: Run): Condition {
  if (low === high) return compare('=', value, constant(low));
  return allOf(compare('>=', value, constant(low)), compare('<=', value, constant(high)));
}

const plus = (value: Tree, number: number): Tree => arith('+', value, constant(number));
const times = (value: Tree, number: number): Tree => arith('*', value, constant(number));

/** Looks over the header that the chain has come to, of either kind, and goes on to `next`. */
function advance(
  { network, nextWord, offsetWord, overExtensions }: Chain,
  next: BlockId,
  build: Builder,
): Onward {
  const offset = recall(offsetWord);
  const at = (field: number): Tree => loadIndexed(1, shift(network, field), offset);
  // What follows a header is read before it is looked over.
  const over = (bytes: Tree): BlockId =>
    build.store(
      nextWord,
      at(header.next),
      build.store(offsetWord, arith('+', bytes, offset), next),
    );
  const length = at(header.length);
  return {
    overExtension: overExtensions ? over(times(plus(length, 1), 8)) : next,
    overAuthentication: over(times(plus(length, 2), 4)),
  };
}
