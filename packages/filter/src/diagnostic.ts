import { lineAt, position, type Span } from './source.ts';

/** An error stands for a filter that does not compile, a warning beside one that does. */
export type Severity = 'error' | 'warning';

/** Something to tell about a filter. Data: collected, never thrown. */
export interface Diagnostic {
  /** Stable and made for programs, such as `unknown-word`; `docs/diagnostics.md` lists all. */
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /**
   * `false` where the fault is not in the text but in an option, such as the link type: `span` is
   * 0 to 0 then, and means nothing.
   */
  readonly inText?: false;
  /** What is wrong, in one line without a full stop. */
  readonly message: string;
  /** What to do about it, where that is known. */
  readonly hint?: string;
}

/** Longer lines are shown in part: generated filters have thousands of characters. */
const widest = 96;

/** The part of a line around a column, with `…` where there is more; a tab is a blank. */
function excerpt(line: string, column: number): { text: string; column: number } {
  const text = line.replace(/\t/g, ' ');
  if (text.length <= widest) return { text, column };
  const from = Math.max(0, Math.min(column - widest / 2, text.length - widest));
  const before = from > 0 ? '… ' : '';
  const after = from + widest < text.length ? ' …' : '';
  return {
    text: before + text.slice(from, from + widest) + after,
    column: column - from + before.length,
  };
}

/**
 * A diagnostic as compilers print it: place, message, the line of source and a caret under it. What
 * is not about the text has neither place nor line.
 *
 * @param text what the spans count in: what was compiled
 * @param name what the text is called in the first line, such as `filter` or a file's name
 */
export function renderDiagnostic(diagnostic: Diagnostic, text: string, name = 'filter'): string {
  const said = `${diagnostic.severity}: ${diagnostic.message}`;
  const lines =
    diagnostic.inText === false
      ? [`${name}: ${said}`]
      : pointingOut(diagnostic.span, text, (place) => `${name}:${place}: ${said}`);
  if (diagnostic.hint !== undefined) lines.push(`  hint: ${diagnostic.hint}`);
  return `${lines.join('\n')}\n`;
}

/** @param head the first line, by line and column, both from 1 */
function pointingOut({ start, end }: Span, text: string, head: (place: string) => string) {
  const { line, column } = position(text, start);
  const source = lineAt(text, start);
  const shown = excerpt(source.text, column - 1);
  const room = shown.text.length - shown.column;
  const length = Math.max(1, Math.min(end - start, room));
  return [
    head(`${line}:${column}`),
    `  ${shown.text}`,
    `  ${' '.repeat(shown.column)}^${'~'.repeat(length - 1)}`,
  ];
}
