// Goals beside figures, and all of them at the end of a run.
import { item, printTable, title } from './output.mjs';

/** The geometric mean: what ratios are averaged by. */
export const geometricMean = (values) =>
  Math.exp(values.reduce((sum, each) => sum + Math.log(each), 0) / values.length);

/** Goals of this run, as rows of a table. */
const rows = [];

const hundredths = (value) => value.toFixed(value < 0.1 ? 3 : 2);

/**
 * Prints a figure beside the most that it may be, and whether it is more.
 *
 * @param options `format`: of figures; `gently`: another way to judge it, which decides nothing:
 *   `figure` and `because`, in a few words
 */
export function goal(what, figure, most, { format = hundredths, gently } = {}) {
  const word = figure <= most ? 'reached' : '**missed**';
  const other = gently ? `${format(gently.figure)} ${gently.because}` : undefined;
  const remark = other === undefined ? '' : ` (${other})`;
  item(`${word}: ${what}: ${format(figure)}, goal: at most ${format(most)}${remark}`);
  rows.push([what, format(figure), format(most), word, other ?? '']);
}

/** The table of all goals. */
export function sumUp() {
  if (rows.length === 0) return;
  const reached = rows.filter((row) => row[3] === 'reached').length;
  title(`Goals: ${reached} of ${rows.length} reached`);
  printTable(['', 'figure', 'at most', '', 'read otherwise'], rows, { texts: [0, 3, 4] });
}

/**
 * A goal that each of some rows has to reach: judges the worst, and names those that do not.
 *
 * @param rows each with a `filter`
 */
export function goalOfAll(what, rows, figureOf, most, options) {
  const over = rows.filter((row) => figureOf(row) > most).map(({ filter }) => filter.id);
  const names = over.length === 0 ? '' : ` (over: ${over.join(' ')})`;
  goal(`${what}, the worst${names}`, Math.max(...rows.map(figureOf)), most, options);
}
