// Time of a filter alone at XDP: ours beside C of a person.
import { Amplifier, PROGRAMS, ratio } from './amplify.mjs';
import { noClang } from './clang.mjs';
import { geometricMean, goal, goalOfAll } from './goals.mjs';
import { code, item, printTable, say, skipped, title } from './output.mjs';
import { set } from './set/index.mjs';
import { atXdp, byHand, nothing, withoutBranches } from './snippets.mjs';

const ONE_PACKET = ['match', 'no match'];
const MIXED = ['decided', 'counted'];

export default async function amplifiedSection({ quick, scratch }) {
  title('Time of a filter alone at XDP (BPF_PROG_TEST_RUN, amplified)');
  const missing = process.getuid() !== 0 ? 'loading programs needs root' : noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const amplifier = new Amplifier({
    floor: nothing,
    kinds: Object.keys(PROGRAMS),
    rounds: quick ? 8 : 24,
    repeat: quick ? 50_000 : 100_000,
    scratch,
  });
  const rows = [];
  for (const filter of quick ? set.filter(({ id }) => QUICK.includes(id)) : set) {
    const flat = withoutBranches(filter);
    const figures = await amplifier.measure(filter, {
      ours: atXdp(filter),
      hand: byHand(filter),
      ...(flat !== undefined && { flat }),
    });
    if (figures.ours !== undefined && figures.hand !== undefined) rows.push({ filter, ...figures });
  }
  amplifier.close();
  if (rows.length === 0) return;
  onePacket(rows);
  mixedTraffic(rows);
}

const QUICK = ['f03', 'f09', 'f12'];

function onePacket(rows) {
  say('One packet again and again: ns for an evaluation, less those of an empty loop.');
  const ratios = ({ ours, hand }) => ONE_PACKET.map((kind) => ratio(ours[kind], hand[kind]));
  printTable(
    [
      '',
      ...ONE_PACKET.flatMap((kind) => [kind, 'by hand', 'ratio', 'branch-free']),
      ...['verified', 'by hand', 'branch-free'],
    ],
    rows.map((row) => [
      name(row),
      ...ONE_PACKET.flatMap((kind, i) => [
        ...[row.ours[kind], row.hand[kind], ratios(row)[i], row.flat?.[kind]].map(twoDigits),
      ]),
      ...[row.ours.verified, row.hand.verified, row.flat?.verified],
    ]),
  );
  const mean = (some) => geometricMean(some.flatMap(ratios));
  const longer = rows.filter(({ hand }) => ONE_PACKET.every((kind) => hand[kind] >= NOISE));
  goal('one packet, geometric mean of the ratios', mean(rows), 0.9, {
    gently: longer.length > 0 && {
      figure: mean(longer),
      because: `over the ${longer.length} filters of which by hand takes ${NOISE} ns or more`,
    },
  });
  const worst = (row) => Math.max(...ratios(row));
  const noticed = (row) =>
    Math.max(
      ...ONE_PACKET.map((kind, i) =>
        row.ours[kind] - row.hand[kind] > NOISE ? ratios(row)[i] : 1,
      ),
    );
  goalOfAll('one packet, a ratio', rows, worst, 1.15, {
    gently: {
      figure: Math.max(...rows.map(noticed)),
      because: `where ours is more than ${NOISE} ns slower: less is where code lies in memory`,
    },
  });
  const flat = rows.filter((row) => row.flat !== undefined);
  if (flat.length === 0) return;
  const slower = flat.flatMap((row) =>
    ONE_PACKET.map((kind) => ratio(row.flat[kind], row.hand[kind])),
  );
  item(`the branch-free form on one packet, geometric mean: ${twoDigits(geometricMean(slower))}`);
}

/** Nanoseconds by which two builds of the same may differ. */
const NOISE = 0.3;

function mixedTraffic(rows) {
  say(
    'Mixed traffic: ns for an evaluation, less those of an empty loop; first with a jump upon the ' +
      'verdict, as where something is done with what matches, then with the verdicts added up.',
  );
  printTable(
    ['', ...MIXED.flatMap((kind) => [kind, 'branch-free', 'by hand', 'ratio', 'branch-free'])],
    rows.map((row) => [
      name(row),
      ...MIXED.flatMap((kind) => {
        const { ours, hand, flat } = row;
        const [usual, other] = [ours, flat].map((each) => each && ratio(each[kind], hand[kind]));
        return [ours[kind], flat?.[kind], hand[kind], usual, other].map(twoDigits);
      }),
    ]),
  );
  const means = (kind, pick, some = rows) =>
    geometricMean(some.map((row) => ratio(pick(row)[kind], row.hand[kind])));
  for (const kind of MIXED) {
    item(
      `mixed, ${kind}, geometric mean of the ratios: ${twoDigits(means(kind, ({ ours }) => ours))}`,
    );
  }
  const flatOrUsual = ({ ours, flat = ours }) => flat;
  goal('mixed, with the branch-free form, geometric mean', means('decided', flatOrUsual), 0.6, {
    gently: {
      figure: means('counted', flatOrUsual),
      because: 'where the verdict is counted and decides about no jump',
    },
  });
}

const name = ({ filter }) => `${filter.id} ${code(filter.text)}`;

const twoDigits = (value) => value?.toFixed(2);
