// Lists of random hosts: the same in each run, and in the filter as in the C beside it.

/** Numbers of 32 bits from a seed (Marsaglia's xorshift32). */
export function numbers(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const SEED = 0x20260717;

/** @returns `count` different addresses of 10.0.0.0/8, as numbers; a longer list begins with a shorter */
export function randomHosts(count, seed = SEED) {
  const next = numbers(seed);
  const hosts = new Set();
  while (hosts.size < count) hosts.add(((10 << 24) | (next() >>> 8)) >>> 0);
  return [...hosts];
}

/** A number of 32 bits as `1.2.3.4`. */
export const dotted = (address) =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

/** @returns `count` different addresses of 2001:db8::/32, as four numbers each */
export function randomHosts6(count) {
  const next = numbers(SEED + 3);
  return Array.from({ length: count }, () => [0x20010db8, next(), next(), next()]);
}

/** Four numbers of 32 bits as `1:2:3:4:5:6:7:8`. */
export const colons = (words) =>
  words.flatMap((word) => [word >>> 16, word & 0xffff].map((half) => half.toString(16))).join(':');

/** @returns rules of a firewall: who may talk to whom, at which TCP port */
export function randomRules(count) {
  const hosts = randomHosts(2 * count, SEED + 1);
  const next = numbers(SEED + 2);
  return Array.from({ length: count }, (_, i) => ({
    source: hosts[2 * i],
    target: hosts[2 * i + 1],
    port: 1 + (next() % 49151),
  }));
}
