import type { Diagnostic } from '@hookdump/filter';

/** What went wrong in a run over many cases, grouped so that one can begin with the largest group. */
export class Failures {
  readonly #groups = new Map<string, string[]>();

  add(group: string, example: string): void {
    const examples = this.#groups.get(group);
    if (examples === undefined) this.#groups.set(group, [example]);
    else examples.push(example);
  }

  /** A refused filter, under its first error. */
  addRefused(diagnostics: readonly Diagnostic[], example: string): void {
    this.add(signature(diagnostics), example);
  }

  get count(): number {
    return [...this.#groups.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** The groups, the largest first, each with some of its examples; empty if nothing failed. */
  describe(examplesEach = 4): string {
    return [...this.#groups]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([group, examples]) =>
        [`${examples.length} × ${group}`, ...examples.slice(0, examplesEach)].join('\n      '),
      )
      .join('\n  ');
  }
}

/** The first error's code and text, without what is of this filter alone. */
const signature = ([first]: readonly Diagnostic[]): string =>
  first === undefined
    ? 'refused without a diagnostic'
    : `[${first.code}] ${first.message.replace(/'[^']*'|\b[A-Z][A-Z0-9_]{2,}\b/g, '…').replace(/\d+/g, 'N')}`;
