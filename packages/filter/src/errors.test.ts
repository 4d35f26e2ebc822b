import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { type Diagnostic, renderDiagnostic } from './diagnostic.ts';

/** Each way to be wrong, as it is shown: a case is one line more and `vitest -u`. */
const mistakes = [
  'icmp § udp',
  'net 256.1.1.1',
  'host 1.2.3.0x4',
  'host 1:2:3:4:5:6:7:8:9',
  'host fe80::256.20.30.40',
  'host ::1::2',
  '1.2.3.4',
  'len > 5 or 80',
  'ip[0:3] = 1',
  'len / 0 = 1',
  'len % (2 - 2) = 1',
  'not ()',
  'ip[0',
  'ip[0:',
  'tcp[13] & 2',
  'tcp port',
  'src or dst',
  'port and 80',
  'len > ',
  'len = 10-1',
  'ether[len-1] = 0',
  'ip[] = 0',
  'port 80 443',
  'tcp udp',
  'ip and',
  'or ip',
  'not',
  'net 10.0.0.1/8',
  'net 10.1.2.3 mask 255.255.0.0',
  'net fe80:1234::/16',
  'host 10.0.0.0/8',
  'host fe80::/64',
  'ip 1.2.3.4',
  'ether 1:2:3:4:5:6',
  'ah[0] = 1',
  'len = 08',
  'ether host 1:2:3:4:5:6',
  'host 1:2:3:4:5:6',
  'ether proto 0x88cc',
  'len = 4294967296',
  'port 65536',
  'portrange 1-70000',
  'proto 256',
  'net 10.0.0.0/33',
  'net ::/129',
  'tcp host 1.2.3.4',
  'icmp port 80',
  'ip6 host 1.2.3.4',
  'ip host ::1',
  'udp port ssh',
  'udp portrange ssh-http',
  'src proto 1',
  'ether',
  'port 80 or (443 or host 1.2.3.4)',
  '1 < len < 5',
  'len >> 32 = 1',
  `${'('.repeat(300)}ip${')'.repeat(300)}`,
  `${'not '.repeat(300)}ip`,
  `len${' + 1'.repeat(300)} = 1`,
  '(ip or (arp and tcp)',
  'net 10/8',
  'host nosuchhost',
  'net nosuchnet',
  'port nosuchport',
  'proto nosuchproto',
  'tcp prot 80',
  'icpm',
  'fooo',
  'ip or arp)',
  'vlan 5 and ip',
];

const diagnose = (text: string): readonly Diagnostic[] => {
  const compiled = compile(text, { linkType: 'EN10MB' });
  return compiled.ok ? [] : compiled.diagnostics;
};

/** The page of all mistakes, by code; it is documentation and expectation in one. */
function page(): string {
  const sections = new Map<string, string[]>();
  for (const text of mistakes) {
    for (const diagnostic of diagnose(text)) {
      const shown = sections.get(diagnostic.code) ?? [];
      sections.set(diagnostic.code, [...shown, renderDiagnostic(diagnostic, text)]);
    }
  }
  const codes = [...sections.keys()].sort();
  const body = codes.map(
    (code) => `## ${code}\n\n\`\`\`\n${sections.get(code)!.join('\n')}\`\`\`\n`,
  );
  return `# Diagnostics\n\nEvery mistake that a filter can have, by its code, as it is shown. Written by packages/filter/src/errors.test.ts: a new case is a line there, then \`vitest -u\`.\n\n${body.join('\n')}`;
}

test('mistakes are shown with their place and what to do', async () => {
  expect(mistakes.filter((text) => diagnose(text).length === 0)).toEqual([]);
  await expect(page()).toMatchFileSnapshot('../../../docs/diagnostics.md');
});

test('every code of an error has a case', () => {
  const source = readFileSync(new URL('messages.ts', import.meta.url), 'utf8');
  const codes = new Set([...source.matchAll(/error\(\s*'([a-z-]+)'/g)].map((match) => match[1]));
  const shown = new Set(mistakes.flatMap((text) => diagnose(text).map(({ code }) => code)));
  codes.delete('unknown-link-type');
  expect([...codes].filter((code) => !shown.has(code!))).toEqual([]);
  expect(compile('ip', { linkType: 'NOPE' })).toMatchObject({
    diagnostics: [{ code: 'unknown-link-type' }],
  });
});

test('what can match nothing compiles with a warning', () => {
  expect(compile('arp', { linkType: 'RAW' })).toMatchObject({
    ok: true,
    warnings: [{ code: 'rejects-all' }],
  });
});
