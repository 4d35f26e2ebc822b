import { collectNames, compile } from '@hookdump/filter';
import { describe, expect, test } from 'vitest';
import { type OddText, oddText } from '../support/odd-texts.ts';
import { random, seed } from '../support/random.ts';

/**
 * `compile` answers whatever it is given, soon. tools/fuzz runs this with a million inputs.
 */
const count = Number(process.env.HOOKDUMP_FUZZ ?? 4000);

/** Milliseconds that a text of a kilobyte may take. */
const limit = 100;

/** And what ten thousand of anything may take: linear time, and a busy machine. */
const deepLimit = 5000;

describe(`${count} odd inputs, seed ${seed}`, () => {
  test('each is answered, soon', { timeout: 60_000 + count * 5 }, () => {
    const r = random(seed);
    const begin = performance.now();
    const totals = { accepted: 0, refused: 0 };
    let slowest: { took: number; input: OddText } | undefined;
    const wrong: string[] = [];
    for (let done = 0; done < count && wrong.length < 5; done++) {
      const input = oddText(r);
      const { complaint, took, accepted } = examine(input);
      totals[accepted ? 'accepted' : 'refused']++;
      if (complaint !== undefined) wrong.push(`${complaint}: ${describeInput(input)}`);
      if (slowest === undefined || took > slowest.took) {
        const again =
          took < limit ? took : Math.min(took, ...[1, 2, 3].map(() => examine(input).took));
        if (slowest === undefined || again > slowest.took) slowest = { took: again, input };
        if (again > limit) wrong.push(`${again.toFixed(0)} ms: ${describeInput(input)}`);
      }
    }
    const seconds = (performance.now() - begin) / 1000;
    console.log(
      `${totals.accepted + totals.refused} inputs in ${seconds.toFixed(1)} s, ` +
        `${totals.accepted} compile, ${totals.refused} refused; ` +
        `slowest ${slowest?.took.toFixed(1)} ms: ${slowest && describeInput(slowest.input)}`,
    );
    expect(wrong.join('\n')).toBe('');
    expect(totals.accepted).toBeGreaterThan(count / 20);
  });

  const deep: Readonly<Record<string, (depth: number) => string>> = {
    parentheses: (depth) => `${'('.repeat(depth)}ip${')'.repeat(depth)}`,
    'open parentheses': (depth) => '('.repeat(depth),
    'closed parentheses': (depth) => `ip${')'.repeat(depth)}`,
    not: (depth) => `${'not '.repeat(depth)}ip`,
    '!': (depth) => `${'!'.repeat(depth)}ip`,
    'not and parentheses': (depth) => `${'not ('.repeat(depth)}ip${')'.repeat(depth)}`,
    minus: (depth) => `len = ${'-'.repeat(depth)}1`,
    'arithmetic in parentheses': (depth) => `len = ${'('.repeat(depth)}1${')'.repeat(depth)}`,
    'sums in parentheses': (depth) => `len = ${'(1+'.repeat(depth)}1${')'.repeat(depth)}`,
    '% without parentheses': (depth) => `len = ${'7 % '.repeat(depth)}1`,
    'a long sum': (depth) => `len = ${'1 + '.repeat(depth)}1`,
    'loads in loads': (depth) => `${'ip['.repeat(depth)}0${']'.repeat(depth)} = 1`,
    'lists in parentheses': (depth) => `port ${'('.repeat(depth)}80${')'.repeat(depth)}`,
    and: (depth) => Array(depth).fill('ip').join(' and '),
    'and, or': (depth) => Array(depth).fill('tcp or udp').join(' and '),
    'a chain in parentheses': (depth) => `${'(ip and '.repeat(depth)}ip${')'.repeat(depth)}`,
    'a list': (depth) => `port ${Array.from({ length: depth }, (_, i) => i % 65536).join(' or ')}`,
  };

  /** Chains without parentheses have no limit of their own; all else may be too deep. */
  test.each(Object.entries(deep))('10000 deep: %s', (_, text) => {
    for (const linkType of ['EN10MB', 'IEEE802_11_RADIO']) {
      const { complaint, took } = examine({ kind: 'repeated', linkType, text: text(10_000) });
      expect(complaint).toBeUndefined();
      expect(took).toBeLessThan(deepLimit);
    }
  });
});

interface Examined {
  readonly accepted: boolean;
  readonly took: number;
  readonly complaint?: string;
}

function examine({ linkType, text }: OddText): Examined {
  const elapsed = startClock();
  try {
    collectNames(text);
    const compiled = compile(text, { linkType });
    const took = elapsed();
    const told = compiled.ok ? compiled.warnings : compiled.diagnostics;
    const outside = told.find(
      ({ span: { start, end } }) => !(0 <= start && start <= end && end <= text.length),
    );
    if (outside !== undefined) {
      return {
        accepted: compiled.ok,
        took,
        complaint: `outside the text: ${JSON.stringify(outside)}`,
      };
    }
    if (!compiled.ok && !told.some(({ severity }) => severity === 'error')) {
      return { accepted: false, took, complaint: 'refused without an error' };
    }
    return { accepted: compiled.ok, took };
  } catch (error) {
    const took = elapsed();
    return { accepted: false, took, complaint: `threw ${(error as Error).stack?.slice(0, 300)}` };
  }
}

/** Milliseconds of processor time, or by the clock if that is less: others may be busy too. */
function startClock(): () => number {
  const start = performance.now();
  const before = process.cpuUsage();
  return () => {
    const wall = performance.now() - start;
    if (wall < limit / 4) return wall;
    const { user, system } = process.cpuUsage(before);
    return Math.min(wall, (user + system) / 1000);
  };
}

const describeInput = ({ kind, linkType, text }: OddText): string =>
  `${kind}, ${linkType}, ${text.length} characters: ${JSON.stringify(text.slice(0, 200))}${text.length > 200 ? ' …' : ''}`;
