import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CompileOptions, compile } from './compile.ts';
import { type Diagnostic, renderDiagnostic } from './diagnostic.ts';
import { analyzeMistakes } from './testing/mistakes/analyze.ts';
import { lowerMistakes } from './testing/mistakes/lower.ts';
import { parseMistakes } from './testing/mistakes/parse.ts';

interface Case {
  readonly text: string;
  readonly options?: Partial<CompileOptions>;
}

const mistakes = [...parseMistakes, ...analyzeMistakes, ...lowerMistakes].map(
  (mistake): Case =>
    typeof mistake === 'string' ? { text: mistake } : { text: mistake[0], options: mistake[1] },
);

const diagnose = ({ text, options }: Case): readonly Diagnostic[] => {
  const compiled = compile(text, { linkType: 'EN10MB', ...options });
  return compiled.ok ? compiled.warnings : compiled.diagnostics;
};

/** The page of all mistakes, by code; it is documentation and expectation in one. */
function page(): string {
  const sections = new Map<string, string[]>();
  for (const mistake of mistakes) {
    for (const diagnostic of diagnose(mistake)) {
      const shown = sections.get(diagnostic.code) ?? [];
      sections.set(diagnostic.code, [...shown, renderDiagnostic(diagnostic, mistake.text)]);
    }
  }
  const codes = [...sections.keys()].sort();
  const body = codes.map(
    (code) => `## ${code}\n\n\`\`\`\n${sections.get(code)!.join('\n')}\`\`\`\n`,
  );
  return `# Diagnostics\n\nEvery mistake that a filter can have, by its code, as it is shown. Written by packages/filter/src/errors.test.ts: a new case is a line in src/testing/mistakes, then \`vitest -u\`.\n\n${body.join('\n')}`;
}

test('mistakes are shown with their place and what to do', async () => {
  expect(mistakes.filter((mistake) => diagnose(mistake).length === 0)).toEqual([]);
  await expect(page()).toMatchFileSnapshot('../../../docs/diagnostics.md');
});

test('what a hint says to write compiles', () => {
  const broken = mistakes.flatMap((mistake) => {
    const options = { linkType: 'EN10MB', ...mistake.options };
    return diagnose(mistake).flatMap(({ code, hint = '' }) => {
      // Signs and numbers are parts of a comparison; what has a gap to fill in is no filter yet, and
      // addresses of one byte (`$0e`) are none of Ethernet.
      if (code === 'unknown-sign' || code === 'expected-number' || hint.includes('$')) return [];
      const [, filter] = /^write '([^'…\\\\]+)'$/.exec(hint) ?? [];
      if (filter === undefined || compile(filter, options).ok) return [];
      return [`${code}: ${filter}`];
    });
  });
  expect(broken).toEqual([]);
});

test('every code has a case', () => {
  const sources = ['diagnostics', 'parse', 'analyze', 'lower']
    .map((name) => readFileSync(new URL(`messages/${name}.ts`, import.meta.url), 'utf8'))
    .join('');
  const made = [...sources.matchAll(/(?:error|warning)\(\s*'([a-z0-9-]+)'/g)];
  const codes = new Set(made.map((match) => match[1]));
  expect(codes.size).toBeGreaterThan(20);
  const shown = new Set(mistakes.flatMap((mistake) => diagnose(mistake).map(({ code }) => code)));
  expect([...codes].filter((code) => !shown.has(code!))).toEqual([]);
});
