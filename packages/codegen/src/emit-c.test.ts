import { expect, test } from 'vitest';
import { emitC, windowBytes } from './emit-c.ts';
import { compileObject, findClang } from './object/clang.ts';
import { inlineHeaders } from './source.ts';
import { noClang, skips } from './testing/harness.ts';
import {
  arith,
  branch,
  constant,
  everyField,
  fields,
  filterProgram,
  liveVlan,
  load,
  program,
  recall,
  returns,
  returnsValue,
  store,
} from './testing/programs.ts';

const ethertypeThenProtocol = program(
  { values: [load(0, 2, 12), constant(1, 0x800)], end: branch(0, '==', 1, 1, 3) },
  { values: [load(2, 1, 23), constant(3, 1)], end: branch(2, '==', 3, 2, 3) },
  { values: [], end: returns(262144) },
  { values: [], end: returns(0) },
);

const portBehindHeader = program(
  { values: [load(0, 2, 12), constant(1, 0x800)], end: branch(0, '==', 1, 1, 4) },
  {
    values: [
      load(2, 1, 14),
      constant(3, 0xf),
      arith(4, 2, '&', 3),
      constant(5, 2),
      arith(6, 4, '<<', 5),
      load(7, 2, 14, 6),
      constant(8, 80),
    ],
    end: branch(7, '==', 8, 3, 2),
  },
  { values: [load(9, 2, 16, 6)], end: branch(9, '==', 8, 3, 4) },
  { values: [], end: returns(262144) },
  { values: [], end: returns(0) },
);

test('a small filter reads as a person would write it', () => {
  expect(emitC(ethertypeThenProtocol, { name: 'filter_en10mb', filter: 'icmp' })).toBe(`/*
 * icmp
 * Link type: EN10MB. Gives the bytes to keep, 0 for no match.
 */
static __always_inline __u32 filter_en10mb(struct packet *packet)
{
	__u32 u16_12;
	if (!load16(packet, 12, &u16_12))
		return 0;
	if (u16_12 != 0x800)
		return 0;
	__u32 u8_23;
	if (!load8(packet, 23, &u8_23))
		return 0;
	return u8_23 == 1 ? 262144 : 0;
}
`);
});

test('what is computed once and read twice has a name; the rest is written where it is read', () => {
  expect(emitC(portBehindHeader, { name: 'filter' })).toContain(`	__u32 u8_14, v7;
	if (!load8(packet, 14, &u8_14))
		return 0;
	__u32 v6 = (u8_14 & 0xf) << 2;
	if (!load16x(packet, v6, 14, &v7))
		return 0;
	if (v7 == 0x50)
		return 262144;
	__u32 v9;
	if (!load16x(packet, v6, 16, &v9))
		return 0;
	return v9 == 0x50 ? 262144 : 0;
`);
});

test('a block with several ways in stands once, under a label', () => {
  const merging = program(
    { values: [load(0, 1, 0), constant(1, 7)], end: branch(0, '>', 1, 1, 2) },
    { values: [load(2, 1, 1)], end: branch(2, '==', 1, 3, 4) },
    { values: [load(3, 1, 2)], end: branch(3, '&', 1, 3, 4) },
    { values: [load(4, 4, 4)], end: branch(4, '>=', 0, 5, 4) },
    { values: [], end: returns(0) },
    { values: [], end: returns(96) },
  );
  expect(emitC(merging, { name: 'filter' })).toContain(`	if (u8_0 > 7) {
		__u32 u8_1;
		if (!load8(packet, 1, &u8_1))
			return 0;
		if (u8_1 != 7)
			return 0;
		goto b3;
	}
	__u32 u8_2;
	if (!load8(packet, 2, &u8_2))
		return 0;
	if (!(u8_2 & 7))
		return 0;

b3:;
	__u32 u32_4;
	if (!load32(packet, 4, &u32_4))
		return 0;
	return u32_4 >= u8_0 ? 96 : 0;
`);
});

test('a load that nobody reads still rejects short frames', () => {
  const unread = program({ values: [load(0, 4, 20), load(1, 1, 3, 0)], end: returns(1) });
  expect(emitC(unread, { name: 'filter' })).toContain(`	if (!load32(packet, 20, &u32_20))
		return 0;
	if (!has(packet, (__u64)(u32_20) + 4))
		return 0;
	return 1;
`);
});

test('division by what the packet holds is guarded; by a constant 0 it rejects', () => {
  const divided = program(
    { values: [load(0, 1, 0), constant(1, 9), arith(2, 1, '/', 0)], end: branch(2, '>', 0, 1, 1) },
    { values: [constant(3, 0), arith(4, 1, '%', 3)], end: returns(5) },
  );
  expect(emitC(divided, { name: 'filter' })).toContain(`	if (u8_0 == 0)
		return 0;
	return 0;
`);
});

test('what differs by path goes through a variable; what the kernel knows through a function', () => {
  expect(emitC(liveVlan, { name: 'filter' })).toContain(`{
	__u32 word_0 = 0;
	if (ancillary_vlan_tag_present(packet) == 1) {
		word_0 = 0;
		if ((ancillary_vlan_tag(packet) & 0xfff) != 5)
			return 0;
		goto b4;
	}
	__u32 u16_12;
	if (!load16(packet, 12, &u16_12))
		return 0;
	if (u16_12 != 0x8100)
		return 0;
	__u32 u16_14;
	if (!load16(packet, 14, &u16_14))
		return 0;
	word_0 = 4;
	if ((u16_14 & 0xfff) != 5)
		return 0;

b4:;
	__u32 v17, v19;
	__u32 v16 = word_0;
	if (!load16x(packet, v16, 12, &v17))
		return 0;
	if (!load8x(packet, v16, 23, &v19))
		return 0;
	if (v17 != 0x800)
		return 0;
	return v19 == 6 ? 262144 : 0;
`);
  // 23 + 4 + 1 bytes.
  expect(windowBytes([liveVlan])).toBe(32);
});

test('what is put away and not looked at is not put away', () => {
  const blind = program({
    values: [load(0, 1, 0), store(1, 0, 0), store(2, 1, 1), recall(3, 0), recall(4, 7)],
    end: returnsValue(2),
  });
  expect(emitC(blind, { name: 'filter' })).toContain(`{
	__u32 u8_0;
	if (!load8(packet, 0, &u8_0))
		return 0;
	return u8_0;
}`);
  const empty = program({ values: [recall(0, 3)], end: returnsValue(0) });
  expect(emitC(empty, { name: 'filter' })).toContain('\treturn 0;\n}');
});

test('a word holds what was put there last when it is looked at', () => {
  const twice = program({
    values: [
      load(0, 1, 0),
      store(1, 0, 0),
      recall(2, 0),
      load(3, 1, 1),
      store(4, 0, 3),
      recall(5, 0),
      arith(6, 2, '-', 5),
    ],
    end: returnsValue(6),
  });
  expect(emitC(twice, { name: 'filter' })).toContain(`	word_0 = u8_0;
	__u32 v2 = word_0;
	if (!load8(packet, 1, &u8_1))
		return 0;
	word_0 = u8_1;
	__u32 v5 = word_0;
	return v2 - v5;
`);
});

test("a filter's text cannot leave its comment", () => {
  const text = emitC(ethertypeThenProtocol, { name: 'f', filter: 'a */ int x; /*\n\u202eb' });
  expect(text.split('\n')[1]).toBe(' * a * / int x; / * ?b');
});

test('the window covers what constant and bounded loads touch', () => {
  expect(windowBytes([])).toBe(0);
  expect(windowBytes([ethertypeThenProtocol])).toBe(24);
  // 60 bytes of IPv4 header behind 14 of Ethernet, then two ports.
  expect(windowBytes([ethertypeThenProtocol, portBehindHeader])).toBe(80);
  const far = program(
    {
      values: [load(0, 1, 300), load(1, 4, 10, 0), constant(2, 1)],
      end: branch(1, '==', 2, 1, 1),
    },
    { values: [], end: returns(0) },
  );
  expect(windowBytes([far])).toBe(16);
});

test.skipIf(skips('clang takes ancillary data', noClang()))(
  'every field of the ancillary data has a function, at every hook',
  async () => {
    const text = emitC(everyField, { name: 'filter' });
    for (const field of fields) {
      expect(text).toContain(`ancillary_${field.replaceAll('-', '_')}(packet)`);
    }
    for (const strategy of ['skb', 'xdp']) {
      const source = inlineHeaders(
        `enum { WINDOW = 0 };\n#include "include/ancillary_${strategy}.h"\n` +
          text +
          'int use(struct packet *packet);\nint use(struct packet *packet) { return filter(packet); }\n',
      );
      await expect(compileObject(findClang(), source)).resolves.toBeDefined();
    }
  },
);

const FILTERS = [
  'tcp port 80',
  'not (host 10.0.0.1 or net 192.168.0.0/16)',
  'ip[6:2] & 0x1fff = 0 and len > 100',
  'tcp[tcp[12] >> 2:4] = 0x47455420',
  'ip[0] & 0xf0 = 1 or 1 = 2 or ip[0] / ip[1] = 1',
];

test
  .skipIf(skips('clang takes emitted C', noClang()))
  .each(['bpfel', 'bpfeb'].flatMap((target) => FILTERS.map((filter) => [target, filter] as const)))(
  'clang -target %s takes `%s` without a warning',
  async (target, filter) => {
    for (const [strategy, window] of [
      ['packet_skb.h', windowBytes([filterProgram(filter)])],
      ['packet_xdp.h', 0],
    ]) {
      const source = inlineHeaders(
        `enum { WINDOW = ${window} };\n#include "include/${strategy}"\n` +
          emitC(filterProgram(filter), { name: 'filter', filter }) +
          'int use(struct packet *packet);\nint use(struct packet *packet) { return filter(packet); }\n',
      );
      await expect(compileObject(findClang(), source, { target })).resolves.toBeDefined();
    }
  },
);
