import { type Compiled, compile, printAssembly, run, toClassic, verify } from '@hookdump/filter';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { corpus, expression } from '../support/expressions.ts';
import { hex, openOracle, programText } from '../support/oracle.ts';
import { guidedPackets } from '../support/packets.ts';
import { random, seed } from '../support/random.ts';

/**
 * The verdict of a filter, four ways: our interpreter, our classic BPF (as lowered and optimized)
 * in libpcap's interpreter, and libpcap's own program for the same text. The fifth, the XDP object
 * in the kernel, is test/kernel/agreement.test.ts, over the same filters and packets.
 */
const oracle = openOracle();
const filters = corpus();
const packetsEach = 36;

describe(`${filters.length} random filters, seed ${seed}`, () => {
  const missing = 'missing' in oracle ? oracle.missing : undefined;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  if ('missing' in oracle) return test('against libpcap', () => {});
  afterAll(() => oracle.close());

  for (const linkType of ['EN10MB', 'RAW']) {
    test(linkType, () => {
      const r = random(seed);
      const theirs = oracle.ask(filters.map((text) => `compile ${linkType} 262144 0 ${text}`));
      const questions: string[] = [];
      const expected: { text: string; what: string; wanted: string }[] = [];
      filters.forEach((text, index) => {
        const lowered = compile(text, { linkType, optimize: false });
        const optimized = compile(text, { linkType });
        const accepted = theirs[index]!.startsWith('ok ');
        if (accepted !== lowered.ok) {
          // A constant divisor or shift: libpcap sees some only when it optimizes, and sees some
          // that are none (gen_arth() in gencode.c looks at the first statement of the right side).
          expect([text, isAboutConstants(theirs[index]!, lowered)]).toEqual([text, true]);
        }
        if (!accepted || !lowered.ok || !optimized.ok) return;
        expect([text, verify(lowered.program)]).toEqual([text, []]);
        expect([text, verify(optimized.program)]).toEqual([text, []]);
        const programs = {
          'our classic BPF': programText(toClassic(lowered.program)),
          'our optimized classic BPF': programText(toClassic(optimized.program)),
          libpcap: theirs[index]!.slice('ok '.length),
        };
        for (const { data, wireLength } of guidedPackets(lowered.program, r, packetsEach)) {
          const wanted = String(run(lowered.program, data, wireLength));
          expect(String(run(optimized.program, data, wireLength)), text).toBe(wanted);
          for (const [what, program] of Object.entries(programs)) {
            if (what === 'libpcap' && !isComparable(text, data)) continue;
            questions.push(`run ${program} ${wireLength} ${hex(data)}`);
            expected.push({ text, what: `${what}, ${hex(data)} of ${wireLength}`, wanted });
          }
        }
      });
      const answers = oracle.ask(questions);
      const different = expected.filter(({ wanted }, index) => answers[index] !== wanted);
      const matches = answers.filter((answer) => answer !== '0').length;
      console.log(`${linkType}: ${answers.length} verdicts, ${matches} matches`);
      expect(different.slice(0, 5)).toEqual([]);
      expect(matches).toBeGreaterThan(answers.length / 20);
    });
  }

  test('instructions are printed as libpcap prints them', () => {
    const r = random(seed + 1);
    const programs = Array.from({ length: 300 }, () =>
      compile(expression(r), { linkType: 'EN10MB' }),
    )
      .filter((compiled) => compiled.ok)
      .map(({ program }) => toClassic(program));
    const images = oracle.ask(programs.map((program) => `image ${programText(program)}`));
    programs.forEach((program, index) => {
      expect(printAssembly(program)).toBe(images[index]!.replaceAll('|', '\n'));
    });
  });
});

const isAboutConstants = (theirs: string, ours: Compiled): boolean =>
  ours.ok
    ? /division by zero|modulus by zero|shift by more than 31 bits/.test(theirs)
    : ['division-by-zero', 'shift-too-far'].includes(ours.diagnostics[0]!.code);

/**
 * libpcap 1.10 loads the words of an IPv6 address that its mask makes irrelevant, and rejects a
 * packet that ends before them; 1.11 and hookdump do not. Filters with such a network are compared
 * with libpcap on packets that hold the whole header. (Of IPv4 only `/0` has such a mask, and the
 * corpus has none.)
 */
const isComparable = (text: string, packet: Uint8Array): boolean =>
  packet.length >= 54 || !/net [0-9a-f:]*::/.test(text);
