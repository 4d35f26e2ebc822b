import { compile, type Diagnostic } from '@hookdump/filter';
import { beforeEach, describe, expect, test } from 'vitest';
import { ipv4Number, resolveNames } from '../../support/names.ts';
import { openOracle } from '../../support/oracle.ts';
import { conformance, conformanceMissing } from '../../support/shared.ts';
import { reasonToDiffer } from '../differences.ts';
import { Failures } from './failures.ts';

/** A row of the inventory of the language: `language.json`. */
interface Row {
  readonly id: string;
  readonly examples: readonly string[];
  readonly reject: readonly {
    readonly dlt: string;
    readonly expr: string;
    readonly errorText: string;
  }[];
  /** `l`: on live Linux. */
  readonly flags: string;
  /** The netmask that the examples are compiled with, or `-`. */
  readonly mask: string;
  /** Where the first example compiles unoptimized; on other link types it is refused. */
  readonly dlts: readonly string[];
  /** Those of `dlts` on which it can match nothing, so that libpcap refuses it when it optimizes. */
  readonly alwaysFalseOn: readonly string[];
}

describe('the inventory of the language', () => {
  beforeEach(({ skip }) => skip(conformanceMissing !== undefined, conformanceMissing));
  if (conformanceMissing !== undefined) return test('each row', () => {});

  const { rows } = conformance<{ rows: readonly Row[] }>('language.json');
  const everywhere = [...new Set(rows.flatMap(({ dlts }) => dlts))];

  test('every example compiles where it should', () => {
    const refused = new Failures();
    let compiled = 0;
    const others: Refused[] = [];
    for (const row of rows) {
      for (const [index, example] of row.examples.entries()) {
        let here = 0;
        for (const linkType of row.dlts) {
          const result = compileExample(row, example, linkType);
          if (result.ok) here++;
          else if (index === 0)
            refused.addRefused(result.diagnostics, `${row.id} ${linkType}: ${example}`);
          else others.push({ row, linkType, example, diagnostics: result.diagnostics });
        }
        if (here === 0) refused.add('compiles nowhere', `${row.id}: ${example}`);
        compiled += here;
      }
    }
    const alike = refusedByLibpcapToo(others);
    for (const each of others.filter((_, index) => !alike[index])) {
      refused.addRefused(each.diagnostics, `${each.row.id} ${each.linkType}: ${each.example}`);
    }
    const excused = alike.filter((each) => each).length;
    console.log(
      `language: ${compiled} of ${compiled + refused.count} examples compile; ` +
        `${excused} do not, and not with the installed libpcap either`,
    );
    expect(refused.describe(6), 'refused').toBe('');
  });

  test('the first example of a row is refused elsewhere', () => {
    const accepted = new Failures();
    let refused = 0;
    for (const row of rows) {
      const here = new Set(row.dlts);
      for (const linkType of everywhere) {
        if (here.has(linkType)) continue;
        if (compileExample(row, row.examples[0]!, linkType).ok) {
          accepted.add(`${row.id}: ${row.examples[0]}`, linkType);
        } else refused++;
      }
    }
    console.log(`language: ${refused} of ${refused + accepted.count} refused on other link types`);
    expect(accepted.describe(6), 'accepted').toBe('');
  });

  test('what can match nothing is told, and refused only where libpcap refuses it', () => {
    const wrong = new Failures();
    const counts = { compiled: 0, refused: 0, warned: 0 };
    for (const row of rows) {
      const never = new Set(row.alwaysFalseOn);
      for (const linkType of row.dlts) {
        const where = `${row.id} ${linkType}: ${row.examples[0]}`;
        const result = compileExample(row, row.examples[0]!, linkType, true);
        if (!never.has(linkType)) {
          if (result.ok) counts.compiled++;
          else if (reasonToDiffer('refusal', { linkType, expression: row.examples[0]! })) {
            counts.refused++;
          } else wrong.addRefused(result.diagnostics, where);
          continue;
        }
        const told = result.ok ? result.warnings : result.diagnostics;
        if (!told.some(({ code }) => code === 'rejects-all')) wrong.add('nothing is told', where);
        else counts[result.ok ? 'warned' : 'refused']++;
      }
    }
    console.log(
      `language, optimized: ${counts.compiled} compile; of what can match nothing ` +
        `${counts.refused} are refused, as libpcap does, for ${counts.warned} there is a warning`,
    );
    expect(wrong.describe(12), 'wrong').toBe('');
  });

  test('every wrong example is refused', () => {
    const accepted = new Failures();
    const wrong = rows.flatMap(({ id, reject }) => reject.map((each) => ({ id, ...each })));
    for (const { id, dlt, expr, errorText } of wrong) {
      const result = compile(expr, { linkType: dlt, names: resolveNames(expr) });
      if (!result.ok) continue;
      const filter = { linkType: dlt, expression: expr, error: errorText };
      const reason = reasonToDiffer('refusal', filter);
      if (reason === undefined) accepted.add(errorText, `${id} ${dlt}: ${expr}`);
      else console.log(`language: ${expr} compiles: ${reason}`);
    }
    console.log(`language: ${wrong.length - accepted.count} of ${wrong.length} refused`);
    expect(accepted.describe(6), 'accepted').toBe('');
  });
});

const compileExample = (row: Row, example: string, linkType: string, optimize = false) =>
  compile(example, {
    linkType,
    optimize,
    linux: row.flags.includes('l'),
    names: resolveNames(example),
    ...(row.mask !== '-' && { netmask: ipv4Number(row.mask) }),
  });

interface Refused {
  readonly row: Row;
  readonly linkType: string;
  readonly example: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The inventory says where the first example of a row compiles; libpcap itself where the others do,
 * but for BACNET_MS_TP, where the installed one takes what 1.11 refuses.
 */
function refusedByLibpcapToo(examples: readonly Refused[]): boolean[] {
  const oracle = openOracle();
  if ('missing' in oracle) return examples.map(() => false);
  const answers = oracle.ask(
    examples.map(({ linkType, example }) => `compile ${linkType} 262144 0 ${example}`),
  );
  oracle.close();
  return answers.map(
    (answer, index) => answer.startsWith('error ') || examples[index]!.linkType === 'BACNET_MS_TP',
  );
}
