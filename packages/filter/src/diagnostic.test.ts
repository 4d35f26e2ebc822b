import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { type Diagnostic, renderDiagnostic } from './diagnostic.ts';

const only = (options: object): Diagnostic => {
  const compiled = compile('ip', { linkType: 'EN10MB', ...options });
  const diagnostics = compiled.ok ? [] : compiled.diagnostics;
  expect(diagnostics.length).toBe(1);
  return diagnostics[0]!;
};

test('what is wrong with an option is shown without a place in the text', () => {
  expect(renderDiagnostic(only({ linkType: 'foo' }), 'ip', 'a.filter')).toBe(
    "a.filter: error: no filter can be compiled for link type 'foo'\n  hint: 'hookc -L' lists the link types\n",
  );
});

test.each([Number.NaN, null, Number.POSITIVE_INFINITY, 2 ** 32, 1.5, -1])(
  '%s is neither a snaplen nor a netmask',
  (number) => {
    expect(only({ snapLen: number })).toMatchObject({ code: 'bad-snaplen', inText: false });
    expect(only({ netmask: number })).toMatchObject({ code: 'bad-netmask', inText: false });
  },
);

test('the bounds are a snaplen, and a netmask', () => {
  for (const options of [
    { snapLen: 1, netmask: 0 },
    { snapLen: 2 ** 32 - 1, netmask: 2 ** 32 - 1 },
  ]) {
    expect(compile('ip', { linkType: 'EN10MB', ...options }).ok).toBe(true);
  }
});

test.each([
  [' EN10MB', 'EN10MB'],
  ['ethernet', 'EN10MB'],
  ['LINKTYPE_ETHERNET', 'EN10MB'],
  ['LINKTYPE_LINUX_SLL', 'LINUX_SLL'],
  ['DLT_EN10BM', 'EN10MB'],
])('instead of %o, %s is offered', (linkType, meant) => {
  expect(only({ linkType }).hint).toBe(`did you mean '${meant}'?`);
});
