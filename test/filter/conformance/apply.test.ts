import { existsSync, readFileSync } from 'node:fs';
import { compile, linkTypes, run, toClassic } from '@hookdump/filter';
import { type Packet, readCapture } from '@hookdump/pcapng';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ipv4Number, resolveNames } from '../../support/names.ts';
import { hex, openOracle, programText } from '../../support/oracle.ts';
import { conformanceMissing, conformancePath } from '../../support/shared.ts';
import { type ApplyCase, readCases } from './cases.ts';
import { Failures } from './failures.ts';

/**
 * What a filter returns for each packet of a file is what libpcap's returns: in our interpreter, as
 * lowered and as optimized, and as classic BPF in libpcap's.
 */
describe('savefiles', () => {
  const oracle = conformanceMissing === undefined ? openOracle() : { missing: conformanceMissing };
  const missing = 'missing' in oracle ? oracle.missing : undefined;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  if ('missing' in oracle) return test('are filtered alike', () => {});
  const { ask, close } = oracle;
  afterAll(close);

  const { apply } = readCases();
  const exists = ({ savefile }: ApplyCase) => existsSync(conformancePath(`savefiles/${savefile}`));
  const present = apply.filter(exists);
  const absent = new Set(apply.filter((each) => !exists(each)).map(({ savefile }) => savefile));

  test('are filtered alike', () => {
    const wrong = new Failures();
    for (const each of present) {
      try {
        applyAll(each, wrong);
      } catch (error) {
        wrong.add((error as Error).message, `${each.savefile}: ${each.expression}`);
      }
    }
    console.log(
      `apply: ${present.length - wrong.count} of ${apply.length} alike, ` +
        `${apply.length - present.length} without their file`,
    );
    expect(wrong.describe(8), 'different').toBe('');
  });

  test.for([...absent])('%s', (savefile, { skip }) =>
    skip(`the conformance data lacks ${savefile}`),
  );

  const names = new Map<number, string>(
    Object.entries(linkTypes).map(([name, { value }]) => [value, name]),
  );

  function applyAll({ savefile, expression, results }: ApplyCase, wrong: Failures) {
    const file = readCapture(readFileSync(conformancePath(`savefiles/${savefile}`)));
    if (file.error !== undefined) throw file.error;
    const { linkType: number, snapLen } = file.interfaces[0]!;
    const linkType = names.get(number) ?? String(number);
    const where = `${savefile} (${linkType}): ${expression}`;
    // One of them wants a netmask: of its packets, any would say the same.
    const netmask = ipv4Number('255.255.255.0');
    const options = { linkType, snapLen, netmask, names: resolveNames(expression) };
    for (const optimize of [false, true]) {
      const compiled = compile(expression, { ...options, optimize });
      if (!compiled.ok) return wrong.addRefused(compiled.diagnostics, where);
      const { program } = compiled;
      const ways = {
        run: file.packets.map(({ data, originalLength }) => run(program, data, originalLength)),
        classic: askOracle(programText(toClassic(program)), file.packets),
      };
      for (const [way, values] of Object.entries(ways)) {
        if (String(values) === String(results)) continue;
        const what = `${optimize ? 'optimized' : 'lowered'}, ${way}`;
        return wrong.add('other results', `${where}; ${what}: ${values}; libpcap: ${results}`);
      }
    }
  }

  const askOracle = (program: string, packets: readonly Packet[]): number[] =>
    ask(
      packets.map(({ data, originalLength }) => `run ${program} ${originalLength} ${hex(data)}`),
    ).map(Number);
});
