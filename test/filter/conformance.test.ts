import { compile, isLinkType, run } from '@hookdump/filter';
import { beforeEach, expect, test } from 'vitest';
import { hex, openOracle } from '../support/oracle.ts';
import { guidedPackets } from '../support/packets.ts';
import { random, seed } from '../support/random.ts';
import { conformance, conformanceMissing } from '../support/shared.ts';

interface Cases {
  accept: {
    linkType: string;
    snapLen: number;
    expressions: string[];
    program: [number, number, number, number][];
    linux?: boolean;
    needs?: unknown;
  }[];
  reject: { linkType: string; expression: string; error: string }[];
}

/** Codes with which a word of the language is refused because hookdump does not know it yet. */
const notYet = ['unsupported-word', 'not-supported', 'unknown-name'];

beforeEach(({ skip }) => skip(conformanceMissing !== undefined, conformanceMissing));

test('what libpcap accepts means the same', ({ skip }) => {
  const oracle = openOracle();
  if ('missing' in oracle) return skip(oracle.missing);
  const { accept } = conformance<Cases>('cases.json');
  const r = random(seed);
  const questions: string[] = [];
  const expected: { text: string; packet: string; wanted: string }[] = [];
  let later = 0;
  let same = 0;
  for (const { linkType, snapLen, expressions, program, linux } of accept) {
    if (!isLinkType(linkType) || linux === true) continue;
    const theirs = program.map((each) => `${each.join(',')};`).join('');
    for (const text of expressions) {
      const ours = compile(text, { linkType, snapLen });
      if (!ours.ok) {
        expect(notYet, `${text}: ${JSON.stringify(ours.diagnostics)}`).toContain(
          ours.diagnostics[0]!.code,
        );
        later++;
        continue;
      }
      same++;
      for (const { data, wireLength } of guidedPackets(ours.program, r, 90)) {
        questions.push(`run ${theirs} ${wireLength} ${hex(data)}`);
        const wanted = String(run(ours.program, data, wireLength));
        expected.push({ text, packet: `${hex(data)} of ${wireLength}`, wanted });
      }
    }
  }
  const answers = oracle.ask(questions);
  oracle.close();
  const different = expected.filter(({ wanted }, index) => answers[index] !== wanted);
  console.log(`conformance, EN10MB and RAW: ${same} expressions alike, ${later} not supported yet`);
  expect(different.slice(0, 5)).toEqual([]);
  expect(same).toBeGreaterThan(100);
});

test('what libpcap refuses is refused', () => {
  const { reject } = conformance<Cases>('cases.json');
  const inScope = reject.filter(({ linkType }) => isLinkType(linkType));
  // libpcap refuses what can match nothing; hookdump says so in a warning, since a capture looks at
  // several link types at once.
  const accepted = inScope.filter(({ linkType, expression }) => {
    const compiled = compile(expression, { linkType });
    return compiled.ok && !compiled.warnings.some(({ code }) => code === 'rejects-all');
  });
  console.log(`conformance: ${inScope.length - accepted.length} of ${inScope.length} refused`);
  expect(accepted.slice(0, 20).map(({ expression, error }) => [expression, error])).toEqual([]);
});
