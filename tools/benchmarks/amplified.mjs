// Time of a filter alone at XDP: ours beside C of a person, and lists of hosts beside a chain of
// comparisons.
import { Amplifier, KINDS, ratio } from './amplify.mjs';
import { noClang } from './clang.mjs';
import { say, skipped, title } from './lib.mjs';
import { hostList, set } from './set/index.mjs';
import { asChain, atXdp, byHand, nothing } from './snippets.mjs';
import { geometricMean, goal, goalOfAll, printTable } from './table.mjs';

export default async function amplifiedSection({ quick, scratch }) {
  title('Time of a filter alone at XDP (BPF_PROG_TEST_RUN, amplified)');
  const missing = process.getuid() !== 0 ? 'loading programs needs root' : noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const amplifier = new Amplifier({
    floor: nothing,
    rounds: quick ? 8 : 24,
    repeat: 100_000,
    scratch,
  });
  await compareWithHand(amplifier, quick);
  await compareWithChains(amplifier, quick);
}

async function compareWithHand(amplifier, quick) {
  say('ns for an evaluation, less those of an empty loop');
  const rows = [];
  for (const filter of quick ? set.filter((_, i) => i % 3 === 2) : set) {
    const figures = await amplifier.measure(filter, snippetsOf(filter));
    const { ours, hand } = figures;
    if (ours === undefined || hand === undefined) continue;
    const ratios = KINDS.map((kind) => ratio(ours[kind], hand[kind]));
    rows.push({ filter, ours, hand, flat: figures.flat ?? ours, ratios });
  }
  if (rows.length === 0) return;
  printTable(
    [
      '',
      ...KINDS.flatMap((kind) => [kind, 'by hand', 'ratio']),
      'branch-free',
      'verified',
      'by hand',
    ],
    rows.map(({ filter, ours, hand, flat, ratios }) => [
      `${filter.id} ${filter.text}`,
      ...KINDS.flatMap((kind, i) => [ours[kind], hand[kind], ratios[i]].map(twoDigits)),
      flat === ours ? undefined : twoDigits(flat.mixed),
      ours.verified,
      hand.verified,
    ]),
  );
  const fixed = rows.flatMap(({ ratios }) => ratios.slice(0, 2));
  goal('one packet, geometric mean of the ratios', geometricMean(fixed), 0.9);
  goalOfAll(
    `one packet, a ratio (1 where ours is at most ${NOISE} ns slower)`,
    rows,
    worstRatio,
    1.15,
  );
  const mixed = rows.map(({ flat, hand }) => ratio(flat.mixed, hand.mixed));
  goal('mixed, branch-free where there is such a form, geometric mean', geometricMean(mixed), 0.6);
}

/** Nanoseconds by which two builds of the same may differ. */
const NOISE = 0.3;

const worstRatio = ({ ours, hand, ratios }) =>
  Math.max(...[0, 1].map((i) => (ours[KINDS[i]] - hand[KINDS[i]] > NOISE ? ratios[i] : 1)));

/** `flat`: without branches, where the emitter has such a form of the filter. */
function snippetsOf(filter) {
  const ours = atXdp(filter);
  const flat = atXdp(filter, { branchFree: true });
  return { ours, ...(flat === ours ? {} : { flat }), hand: byHand(filter) };
}

async function compareWithChains(amplifier, quick) {
  say('lists of hosts: ns for an evaluation; instructions that the verifier walked through');
  const rows = [];
  for (const count of quick ? [200] : [50, 200, 1000]) {
    const list = hostList(`${count} hosts`, count);
    const figures = await amplifier.measure(list, {
      ours: atXdp(list),
      chain: asChain(list),
      switch: byHand(list),
    });
    if (figures.ours !== undefined) rows.push({ list, figures });
  }
  printTable(
    ['', ...KINDS, 'verified'],
    rows.flatMap(({ list, figures }) =>
      Object.entries(figures).map(([name, figure]) => [
        `${list.id}, ${name === 'ours' ? name : `a ${name} by hand`}`,
        ...KINDS.map((kind) => twoDigits(figure[kind])),
        figure.verified,
      ]),
    ),
  );
  for (const { list, figures } of rows) {
    const { ours, chain } = figures;
    if (list.hosts.length < 200 || chain === undefined) continue;
    const of = (kind) => ratio(ours[kind], chain[kind]);
    goal(
      `${list.id}, one packet, of the chain`,
      geometricMean([of('match'), of('no match')]),
      0.04,
    );
    goal(`${list.id}, mixed, of the chain`, of('mixed'), 0.2);
    goal(`${list.id}, verified, of the chain`, ours.verified / chain.verified, 0.05);
  }
  const [short, long] = rows.slice(-2).map(({ figures }) => figures.ours);
  if (quick || long === undefined) return;
  goal('1000 hosts, one packet, of 200 hosts', ratio(long['no match'], short['no match']), 1.15);
}

const twoDigits = (value) => value.toFixed(2);
