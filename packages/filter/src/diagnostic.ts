import { lineAt, position, type Span } from './source.ts';

export type Severity = 'error' | 'warning';

/** Something to tell about a filter. Data: collected, never thrown. */
export interface Diagnostic {
  /** Stable and made for programs, such as `unknown-word`; `docs/diagnostics.md` lists all. */
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /** What is wrong, in one line without a full stop. */
  readonly message: string;
  /** What to do about it, where that is known. */
  readonly hint?: string;
}

/**
 * A diagnostic as compilers print it: place, message, the line of source and a caret under it.
 *
 * @param name what the text is called in the first line, such as `filter` or a file's name
 */
export function renderDiagnostic(diagnostic: Diagnostic, text: string, name = 'filter'): string {
  const { start, end } = diagnostic.span;
  const { line, column } = position(text, start);
  const source = lineAt(text, start);
  const length = Math.max(1, Math.min(end, source.start + source.text.length) - start);
  const lines = [
    `${name}:${line}:${column}: ${diagnostic.severity}: ${diagnostic.message}`,
    `  ${source.text.replace(/\t/g, ' ')}`,
    `  ${' '.repeat(column - 1)}^${'~'.repeat(length - 1)}`,
  ];
  if (diagnostic.hint !== undefined) lines.push(`  hint: ${diagnostic.hint}`);
  return `${lines.join('\n')}\n`;
}
