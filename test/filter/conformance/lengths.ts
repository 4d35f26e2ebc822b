/** Instructions of one case: ours optimized, and libpcap's optimized. */
export interface Length {
  readonly name: string;
  readonly linkType: string;
  readonly expression: string;
  readonly ours: number;
  readonly libpcap: number;
}

/** Upper ends of the histogram's bars; the last one is open. */
const ends = [
  0.5,
  0.7,
  0.8,
  0.9,
  0.95,
  0.9999,
  1.0,
  1.05,
  1.1,
  1.25,
  1.5,
  Number.POSITIVE_INFINITY,
];

const ratio = ({ ours, libpcap }: Length): number => ours / libpcap;

/** Mean, histogram and every case in which libpcap's program is the shorter one. */
export function describeLengths(lengths: readonly Length[]): string {
  const logs = lengths.map((each) => Math.log(ratio(each)));
  const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  const bars = ends.map((end, index) => {
    const from = index === 0 ? 0 : ends[index - 1]!;
    const inside = lengths.filter((each) => ratio(each) > from && ratio(each) <= end).length;
    return `  ${`${from} to ${end}`.padEnd(16)} ${String(inside).padStart(4)} ${'#'.repeat(Math.ceil(inside / 4))}`;
  });
  const longer = lengths
    .filter((each) => ratio(each) > 1)
    .sort((a, b) => ratio(b) - ratio(a))
    .map(
      (each) =>
        `  ${ratio(each).toFixed(3)}  ${each.ours} / ${each.libpcap}  ${each.name} (${each.linkType}): ${each.expression}`,
    );
  return [
    `length of ${lengths.length} cases, ours optimized / libpcap's optimized: geometric mean ${mean.toFixed(4)}`,
    ...bars,
    `longer than libpcap's: ${longer.length}`,
    ...longer,
  ].join('\n');
}
