import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { emitC } from '../../emit-c.ts';
import { assembleSource } from '../../object/build-source.ts';
import { inlineHeaders } from '../../source/render.ts';
import { noClang, skips } from '../../testing/harness.ts';
import { ancillary, branch, filterProgram, program, returns } from '../../testing/programs.ts';
import { anyOf, type Condition, keyOf, type Question, withAnswer } from './conditions.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const question = (key: string, subject?: string): Question => ({
  key,
  ...(subject !== undefined && { subject }),
});
const [a, b, c] = ['a', 'b', 'c'].map((key) => question(key)) as [Question, Question, Question];

/** `a !b`: a condition. */
const all = (text: string): Condition =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({
      kind: 'test',
      question: [a, b, c].find(({ key }) => key === word.replace('!', ''))!,
      holds: !word.startsWith('!'),
    }));

/** Whether a condition holds for answers. */
function evaluate(condition: Condition, answers: ReadonlyMap<string, boolean>): boolean {
  return condition.every((literal) =>
    literal.kind === 'test'
      ? answers.get(literal.question.key) === literal.holds
      : literal.of.some((each) => evaluate(each, answers)),
  );
}

describe('conditions', () => {
  const answers = Array.from(
    { length: 8 },
    (_, bits) => new Map([a, b, c].map(({ key }, at) => [key, (bits & (1 << at)) !== 0])),
  );

  test.each([
    [['a', '!a b'], 2],
    [['a b', 'a !b c'], 3],
    [['a b', '!a b'], 1],
    [['a', 'a b'], 1],
    [['a', '!a'], 0],
    [['a b', 'a c', '!a !b'], 5],
    [['a b c', '!a !b !c'], 6],
  ] as const)('any of %j is the same with %i tests', (texts, size) => {
    const conditions = texts.map(all);
    const joined = anyOf(conditions)!;
    for (const each of answers) {
      expect(evaluate(joined, each)).toBe(conditions.some((one) => evaluate(one, each)));
    }
    const sizeOf = (condition: Condition): number =>
      condition.reduce(
        (sum, each) =>
          sum + (each.kind === 'test' ? 1 : each.of.reduce((s, one) => s + sizeOf(one), 0)),
        0,
      );
    expect(sizeOf(joined)).toBe(size);
  });

  test('a number is one number only', () => {
    const [six, other] = [question('p == 6', 'p'), question('p == 17', 'p')];
    const not = withAnswer([], six, false)!;
    expect(withAnswer(not, other, true)!.map(keyOf)).toEqual(['p == 17']);
    expect(withAnswer(withAnswer([], six, true)!, other, true)).toBeUndefined();
    expect(withAnswer(withAnswer([], six, true)!, other, false)!.map(keyOf)).toEqual(['p == 6']);
    expect(withAnswer(not, six, true)).toBeUndefined();
    expect(anyOf([])).toBeUndefined();
  });
});

const emit = (filter: string): string =>
  emitC(filterProgram(filter), { name: 'filter', filter, branchFree: true });

/** The function that tries it without branches. */
function straight(text: string): string {
  const at = text.indexOf('filter_straight(struct packet');
  return at < 0 ? '' : text.slice(at, text.indexOf('\n}', at));
}

test('it reads from top to bottom', () => {
  expect(
    straight(emit('tcp dst port 80')),
  ).toBe(`filter_straight(struct packet *packet, const enum way way)
{
	struct view frame, further;

	if (!reach(packet, way, 0, 0, 12, 24, &frame))
		return UNSURE;
	__u32 ip_version_and_length = get8(frame, 14);
	__u32 ip_header_length = (ip_version_and_length & 0xf) * 4;
	__u32 ether_type = raw16(frame, 12);
	__u32 ip6_next_header = get8(frame, 20);
	__u64 all_1 = zero((ether_type ^ be16(0x86dd)) | (ip6_next_header ^ 6));
	__u32 ip_fragment_ttl_protocol = raw32(frame, 20);
	__u64 all_2 = zero((ether_type ^ be16(0x800)) | ((ip_fragment_ttl_protocol & be32(0x1fff00ff)) ^ be32(6)));
	__u64 start_of_further = within(if_so(all_1, 0x28) | if_so(all_2, ip_header_length), 63);
	if (!reach(packet, way, start_of_further, 63, 16, 18, &further))
		return UNSURE;
	__u64 either_3 = all_1 | all_2;
	__u32 u16_further_16 = raw16(further, 16);
	__u64 all_4 = zero(u16_further_16 ^ be16(0x50)) & either_3;
	return if_so(all_4, 262144);`);
});

test('what is not of IPv4 is jumped over', () => {
  const text = straight(emit('vlan 100 and tcp port 443'));
  const jumps = [...text.matchAll(/^\tif \((?!!reach)(.*)\) \{$/gm)].map(([, each]) => each);
  expect(jumps).toEqual([
    'ether_type == be16(0x8100) || ether_type == be16(0x88a8) || ether_type == be16(0x9100)',
  ]);
  expect(text.trimEnd().endsWith('return 0;')).toBe(true);
});

test.each([
  ['', 'no tests'],
  [`host ${Array.from({ length: 20 }, (_, at) => `10.${at * 12}.7.${at}`).join(' or ')}`, 'a list'],
  ['ip6 protochain 6', '44 tests'],
  ['ip[0] / ip[1] = 1', 'a division by what a packet says'],
])('`%s` is as ever, and says why', (filter, reason) => {
  const plain = emitC(filterProgram(filter), { name: 'filter', filter });
  const said = ` * With branches, because it has ${reason}.\n`;
  expect(emit(filter)).toContain(said);
  expect(emit(filter).replace(said, '')).toBe(plain);
});

test('what the kernel is asked is not asked in vain', () => {
  const tagged = program(
    { values: [ancillary(0, 'vlan-tag'), ancillary(1, 'mark')], end: branch(0, '==', 1, 1, 2) },
    { values: [], end: branch(0, '>', 1, 2, 3) },
    { values: [], end: returns(1) },
    { values: [], end: returns(0) },
  );
  const text = emitC(tagged, { name: 'filter', branchFree: true });
  expect(text).toContain('because it has what stands beside the bytes');
});

const compilers = ['clang', 'clang-19'].filter((clang) => {
  const { error } = spawnSync(clang, ['--version']);
  return !skips(`no jumps by ${clang}`, error === undefined ? noClang() : `no ${clang}`);
});

const FILTERS = [
  'tcp port 80',
  'not (tcp port 22 or udp port 53)',
  'portrange 1000-2000',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'host 10.0.0.1',
  'tcp port 80 and ip[2:2] > 100',
];

// Neither select nor comparison: what compilers make jumps of does not stand there.
test
  .skipIf(compilers.length === 0)
  .each(compilers.flatMap((clang) => FILTERS.map((filter) => [clang, filter] as const)))(
  '%s makes no jumps of `%s`, but for guards',
  async (clang, filter) => {
    vi.stubEnv('HOOKDUMP_CLANG', clang);
    const text = emit(filter);
    const source = inlineHeaders(
      `#include "include/packet_xdp.h"\n#include "include/branch_free.h"\n${text}` +
        '__u64 use(const __u8 *start, const __u8 *end);\n' +
        '__u64 use(const __u8 *start, const __u8 *end)\n{\n' +
        '\tstruct packet packet = { .start = start, .end = end };\n\n' +
        '\treturn filter_straight(&packet, DIRECT);\n}\n',
    );
    const assembly = await assembleSource(source);
    const use = assembly.slice(assembly.indexOf('\nuse:'));
    const guards = straight(text).split('!reach(').length - 1;
    expect(guards).toBeGreaterThan(0);
    expect(use.match(/^\s+if [rw]\d/gm) ?? []).toHaveLength(guards);
  },
);
