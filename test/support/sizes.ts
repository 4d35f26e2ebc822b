/** The kernel of the guest that the tests run in (tools/guest); `undefined` on the machine itself. */
export const guest = process.env.HOOKDUMP_GUEST;

/**
 * How much is tried. A guest emulates its processor, ten to twenty times slower: it tries each
 * strategy, kind of frame and kind of hook as the machine does, with less of what there is plenty of.
 * What it tries is the first of what the machine tries, whose objects it finds in the cache.
 */
interface Sizes {
  /** Filters of the language's tests, for all strategies. */
  readonly corpus: number;
  /** Of the filters that were wrong once, one of so many at each strategy: others at the next. */
  readonly oneKeptOf: number;
  /** Random filters, each for one strategy. */
  readonly randomFilters: number;
  /** Filters in the kernel at the same time, each of which sees the frames made for any of them. */
  readonly together: number;
  /** Packets for each filter and link type; each becomes a frame of every kind. */
  readonly packetsEach: number;
  /** Random programs for each kind of access. */
  readonly randomPrograms: number;
  /** Of the programs of libpcap's tests that the machine loads, one of so many. */
  readonly oneProgramOf: number;
  /** Objects of such programs that may be built where the cache has none: a guest needs seconds each. */
  readonly programsBuilt: number;
  /** Of filters and packets that are tried for the sake of completeness, one of so many. */
  readonly oneSimilarOf: number;
  /** Batches of filters whose frames are compared with tcpdump's. */
  readonly tcpdumpBatches: number;
}

const machine: Sizes = {
  corpus: 520,
  oneKeptOf: 1,
  randomFilters: 128,
  together: 16,
  packetsEach: 3,
  randomPrograms: 40,
  oneProgramOf: 1,
  programsBuilt: Number.POSITIVE_INFINITY,
  oneSimilarOf: 1,
  tcpdumpBatches: Number.POSITIVE_INFINITY,
};

const emulated: Sizes = {
  corpus: 30,
  oneKeptOf: 2,
  randomFilters: 13,
  together: 4,
  packetsEach: 2,
  randomPrograms: 6,
  oneProgramOf: 4,
  programsBuilt: 10,
  oneSimilarOf: 3,
  tcpdumpBatches: 1,
};

export const sizes: Sizes = guest === undefined ? machine : emulated;

/** One of so many, from the one of this number on. */
export const everyOne = <T>(of: number, all: readonly T[], from = 0): readonly T[] =>
  all.filter((_, index) => index % of === from % of);
