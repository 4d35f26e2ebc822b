// Instructions that a filter executes, ours beside C of a person, on the same frames.
import { noClang } from './clang.mjs';
import { counter } from './count.mjs';
import { geometricMean, goal } from './goals.mjs';
import { code, item, printTable, say, skipped, title } from './output.mjs';
import { set } from './set/index.mjs';
import { atXdp, byHand, withoutBranches } from './snippets.mjs';

const GOAL = 0.75;

const KINDS = ['match', 'no match', 'mixed', 'size'];

export default async function executedSection({ scratch }) {
  title('Instructions executed for a packet');
  const missing = noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const count = counter(scratch);
  const rows = set.map((filter) => countAll(filter, count));
  say('The program that decides and returns, ours and by hand:');
  printTable(
    ['', ...KINDS.flatMap((kind) => [kind, 'by hand']), 'ratio'],
    rows.map(({ filter, ours, hand }) => [
      `${filter.id} ${code(filter.text)}`,
      ...KINDS.flatMap((kind) => [ours[kind], hand[kind]]),
      ratio(ours, hand).toFixed(2),
    ]),
  );
  printWithoutBranches(rows.filter(({ flat }) => flat !== undefined));
  const inexact = rows.filter(({ wrong }) => wrong > 0).map(({ filter }) => filter.id);
  item('verdicts on frames cut off after each byte, and on whole ones: ours are those of run()');
  item(`by hand differ when cut off: ${inexact.join(' ') || 'none'}`);
  const empty = count.emptyProgram();
  const alone = rows.map(({ ours, hand }) => ratio(ours, hand, empty));
  goal(
    'executed instructions, geometric mean of the ratios, ours to by hand',
    geometricMean(rows.map(({ ours, hand }) => ratio(ours, hand))),
    GOAL,
    {
      gently: {
        figure: geometricMean(alone),
        because: `less the ${empty} instructions that a program without a filter executes, as times are`,
      },
    },
  );
}

function printWithoutBranches(rows) {
  if (rows.length === 0) return;
  say('The branch-free form:');
  printTable(
    ['', ...KINDS, 'ratio to by hand', 'mixed'],
    rows.map(({ filter, flat, hand }) => [
      `${filter.id} ${code(filter.text)}`,
      ...KINDS.map((kind) => flat[kind]),
      ratio(flat, hand).toFixed(2),
      (flat.mixed / hand.mixed).toFixed(2),
    ]),
  );
}

/** The mean over a frame that matches and one that does not. */
const ratio = (ours, hand, empty = 0) =>
  geometricMean(['match', 'no match'].map((kind) => (ours[kind] - empty) / (hand[kind] - empty)));

/** Ours, ours without branches where it has that form, and a person's. */
function countAll(filter, count) {
  const flat = withoutBranches(filter);
  const figures = {
    ours: count(filter, atXdp(filter)),
    hand: count(filter, byHand(filter)),
    ...(flat !== undefined && { flat: count(filter, flat) }),
  };
  for (const name of ['ours', 'flat']) {
    const wrong = figures[name]?.wrongWhenCut() ?? 0;
    if (wrong > 0) throw new Error(`${filter.id}, ${name}: wrong on ${wrong} frames cut off`);
  }
  return { filter, ...figures, wrong: figures.hand.wrongWhenCut() };
}
