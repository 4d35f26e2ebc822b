// What a run prints: Markdown, so that it can stand in a document as it is.

/** What stood last, so that what belongs together is not torn apart. */
let last = 'nothing';

function print(kind, text) {
  if (kind !== last || kind !== 'item') console.log();
  console.log(text);
  last = kind;
}

/** A paragraph. */
export const say = (text) => print('text', text);

/** A line of a list. */
export const item = (text) => print('item', `- ${text}`);

export const title = (text) => print('title', `## ${text}`);

/** Says what is not measured here, and why. */
export const skipped = (what, why) => item(`skipped: ${what}: ${why.trim().split('\n')[0]}`);

/** Rows of cells under their heads; `texts`: which columns are no figures. */
export function printTable(heads, rows, { texts = [0] } = {}) {
  const cells = [heads, ...rows].map((row) => row.map((cell) => String(cell ?? '-')));
  const widths = heads.map((_, i) => Math.max(4, ...cells.map((row) => row[i].length)));
  const padded = (cell, i) =>
    texts.includes(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]);
  const rule = widths.map((width, i) =>
    texts.includes(i) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head, ...body] = cells.map((row) => `| ${row.map(padded).join(' | ')} |`);
  print('table', [head, `| ${rule.join(' | ')} |`, ...body].join('\n'));
}

const LONGEST = 44;

/** A text of the filter language in a cell. */
export function code(text) {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
  return `\`${short.replaceAll('|', '\\|')}\``;
}
