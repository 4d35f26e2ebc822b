// Tables, and goals beside figures.
import { say } from './lib.mjs';

/** The geometric mean: what ratios are averaged by. */
export const geometricMean = (values) =>
  Math.exp(values.reduce((sum, each) => sum + Math.log(each), 0) / values.length);

const LONGEST = 44;

/** Prints rows of cells under their heads; the first column is text, the others are figures. */
export function printTable(heads, rows) {
  const cells = [heads, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? shortened(String(cell)) : String(cell ?? '-'))),
  );
  const widths = heads.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  for (const row of cells) {
    const columns = row.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
    );
    say(`  ${columns.join('  ')}`.trimEnd());
  }
}

const shortened = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text);

/** Goals of this run: all of them, and those that were not reached. */
const goals = { count: 0, missed: [] };

const hundredths = (value) => value.toFixed(value < 0.1 ? 3 : 2);

/** Prints a figure beside the most that it may be, with a mark where it is more. */
export function goal(what, figure, most, format = hundredths) {
  const reached = figure <= most;
  goals.count++;
  if (!reached) goals.missed.push(what);
  say(`${reached ? '   ' : '  !'} ${what}: ${format(figure)}, goal: at most ${format(most)}`);
}

/** Says at the end how many goals were reached. */
export function sumUp() {
  if (goals.count === 0) return;
  const missed = goals.missed.length === 0 ? '' : `; not reached: ${goals.missed.join('; ')}`;
  say(`\n${goals.count - goals.missed.length} of ${goals.count} goals reached${missed}`);
}

/** A goal that each of some rows has to reach: prints the worst, and the names of those that do not. */
export function goalOfAll(what, rows, figureOf, most) {
  const over = rows.filter((row) => figureOf(row) > most);
  const names = over.map(({ filter }) => filter.id).join(' ');
  goal(`${what}, the worst${names && ` (${names})`}`, Math.max(...rows.map(figureOf)), most);
}
