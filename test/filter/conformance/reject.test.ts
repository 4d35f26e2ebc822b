import { compile } from '@hookdump/filter';
import { beforeEach, describe, expect, test } from 'vitest';
import { resolveNames } from '../../support/names.ts';
import { conformanceMissing } from '../../support/shared.ts';
import { reasonToDiffer } from '../differences.ts';
import { type RejectCase, readCases } from './cases.ts';
import { causeOf } from './causes.ts';
import { Failures } from './failures.ts';

/** Every expression that libpcap's tests refuse is refused, for the same cause. */
describe('what libpcap refuses', () => {
  beforeEach(({ skip }) => skip(conformanceMissing !== undefined, conformanceMissing));
  if (conformanceMissing !== undefined) return test('is refused', () => {});

  const { reject } = readCases();
  const accepted = new Failures();
  const unlike = new Failures();
  const notInTable = new Failures();
  const purposes = new Map<string, number>();
  for (const each of reject) judge(each);

  function judge({ name, linkType, expression, error }: RejectCase) {
    const result = compile(expression, { linkType, names: resolveNames(expression) });
    const where = `${linkType}: ${expression}`;
    const cause = causeOf(error);
    if (cause === undefined) return notInTable.add(error, `${name} (${where})`);
    if (result.ok) {
      const reason = reasonToDiffer('refusal', { linkType, expression, error });
      const told = result.warnings.some((warning) => cause.isNamedBy(warning));
      if (reason !== undefined && told) {
        purposes.set(reason, (purposes.get(reason) ?? 0) + 1);
        return;
      }
      return accepted.add(cause.title, where);
    }
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.some((each) => cause.isNamedBy(each))) return;
    const [{ code, message, hint = '' } = { code: 'no error', message: '' }] = errors;
    unlike.add(
      `libpcap's cause: ${cause.title}; ours: ${code}`,
      `${where}: ${message}; ${hint} (libpcap: ${error})`,
    );
  }

  test('is refused', () => {
    console.log(`reject: ${reject.length - accepted.count} of ${reject.length} refused`);
    for (const [reason, count] of purposes) console.log(`reject: ${count} warn only: ${reason}`);
    expect(accepted.describe(6), 'accepted').toBe('');
  });

  test('is refused for a cause that one would recognise', () => {
    console.log(`reject: ${unlike.count} for another cause than libpcap's`);
    expect(notInTable.describe(), 'errors of libpcap that causes.ts does not know').toBe('');
    expect(unlike.describe(6), 'another cause').toBe('');
  });
});
