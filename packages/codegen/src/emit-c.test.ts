import { expect, test } from 'vitest';
import { emitC, windowBytes } from './emit-c.ts';
import { compileObject, findClang } from './object/clang.ts';
import { inlineHeaders } from './source/render.ts';
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
static __noinline __u32 filter_en10mb_careful(struct packet *packet);

static __always_inline __u64 filter_en10mb_by(struct packet *packet, const enum way way)
{
	struct view frame;

	if (!reach(packet, way, 0, 0, 12, 24, &frame))
		goto unsure;
	__u32 ether_type = raw16(frame, 12);
	if (ether_type != be16(0x0800))
		return 0;
	__u32 ip_protocol = get8(frame, 23);
	if (ip_protocol != 1)
		return 0;

match:
	return accept(262144);

unsure:
	if (in_memory(filter_en10mb_careful, packet) == 0)
		return 0;
	goto match;
}

static __noinline __u32 filter_en10mb_careful(struct packet *packet)
{
	return filter_en10mb_by(packet, CAREFUL);
}

static __always_inline __u32 filter_en10mb(struct packet *packet)
{
	__u64 verdict = first_try(filter_en10mb_by, packet);

	return verdict == UNSURE ? in_memory(filter_en10mb_careful, packet) : verdict;
}
`);
});

test('ports stand where they usually do, and one comparison covers all loads', () => {
  expect(emitC(portBehindHeader, { name: 'filter' })).toContain(`	struct view frame, transport;

	if (!reach(packet, way, 0, 0, 12, 38, &frame))
		goto unsure;
	__u32 ether_type = raw16(frame, 12);
	if (ether_type != be16(0x0800))
		return 0;
	__u32 ip_version_and_length = get8(frame, 14);
	__u32 ip_header_length = (ip_version_and_length & 0xf) << 2;
	if (!behind_header(frame, ip_version_and_length, ip_header_length, &transport))
		goto unsure;
	__u32 source_port = raw16(transport, 14);
	if (source_port == be16(80))
		goto match;
	__u32 destination_port = raw16(transport, 16);
	if (destination_port != be16(80))
		return 0;

match:
	return accept(262144);
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
		__u32 u8_1 = get8(frame, 1);
		if (u8_1 != 7)
			return 0;
		goto b3;
	}
	__u32 u8_2 = get8(frame, 2);
	if (!(u8_2 & 7))
		return 0;

b3:;
	__u32 u32_4 = get32(frame, 4);
	if (u32_4 < u8_0)
		return 0;

match:
	return accept(96);
`);
});

test('a load that nobody reads still rejects short frames', () => {
  const unread = program({ values: [load(0, 4, 20), load(1, 1, 3, 0)], end: returns(1) });
  expect(emitC(unread, { name: 'filter' })).toContain(`	__u32 u32_20 = get32(frame, 20);
	if (!reach(packet, way, u32_20, 4294967295, 3, 4, &at_v0))
		goto unsure;
	if (lacks(at_v0, 4))
		return 0;

match:
	return accept(1);
`);
});

test('where a packet is compared with its end depends on what packets have', () => {
  const guards = (filter: string, linkType?: string): string[] =>
    [
      ...emitC(filterProgram(filter, linkType), { name: 'filter' }).matchAll(
        /(?:reach|further|covers)\((.*)\)\)/g,
      ),
    ].map(([, call]) =>
      call!.replace(/packet, way, 0, 0, |&?frame(, )?|, &frame/g, '').replace(/, $/, ''),
    );
  // ARP messages and UDP datagrams without data have 42 bytes.
  expect(guards('arp host 10.0.0.1')).toEqual(['12, 42']);
  expect(guards('ip6 dst host fd00::1')).toEqual(['12, 42', '12, 54']);
  expect(guards('ip and tcp[tcpflags] & tcp-syn != 0')).toEqual(['12, 24', '12, 48']);
  expect(guards('ether[60] = 1 and ether[1500] = 2')).toEqual(['60, 61', '60, 1501']);
  expect(guards('ip[9] = 1 and ip[22:2] = 2', 'RAW')).toEqual(['0, 24']);
});

test('what is only compared stays in the byte order of packets', () => {
  const text = emitC(filterProgram('ip net 192.168.0.0/16 and ip[2:2] > 100'), { name: 'filter' });
  expect(text).toContain('__u32 ip_source = head16(frame, 26);\n\tif (ip_source == be16(0xc0a8))');
  expect(text).toContain('__u32 ip_length = compared16(frame, 16);');
  // Once a number, always a number, under a mask too.
  const both = emitC(filterProgram('ip[2:2] & 0xff = 69 and ip[2:2] > 99'), {
    name: 'filter',
  });
  expect(both).toContain('(ip_length & 0xff) != 69');
});

test('a long program is compiled for exact loads only, each by itself', () => {
  const long = Array.from({ length: 50 }, (_, i) => `ether[len - ${i + 1}] = ${i}`).join(' or ');
  const text = emitC(filterProgram(long), { name: 'filter' });
  expect(text).toContain('get8(carefully(packet, (__u32)length_of(packet) - 7), 0)');
  expect(text).not.toContain('reach(');
  expect(text).not.toContain('first_try');
});

test('tests of neighbours become one', () => {
  const address = emitC(filterProgram('ip6 src host 2001:db8::1'), { name: 'filter' });
  expect(address).toContain(`	if (!equal64(frame, 22, 0x20010db8, 0))
		return 0;
	if (!equal64(frame, 30, 0, 1))
		return 0;
`);
  const port = emitC(filterProgram('ip and udp dst port 53'), { name: 'filter' });
  expect(port).toContain(`	__u32 ip_fragment_ttl_protocol = raw32(frame, 20);
	if ((ip_fragment_ttl_protocol & be32(0x1fff00ff)) != be32(17))
		return 0;
`);
});

test('fields have the names that the tests before them give', () => {
  const names = (filter: string, linkType?: string): string[] =>
    [...emitC(filterProgram(filter, linkType), { name: 'f' }).matchAll(/__u32 (\w+) =/g)].map(
      ([, name]) => name!,
    );
  expect(names('ip6 and udp dst port 53')).toEqual([
    'ether_type',
    'ip6_next_header',
    'destination_port',
  ]);
  expect(names('icmp[icmptype] = 8')).toEqual([
    'ether_type',
    'ip_fragment_ttl_protocol',
    'ip_version_and_length',
    'icmp_type',
  ]);
  expect(names('arp host 10.0.0.1')).toEqual(['ether_type', 'arp_sender', 'arp_target']);
  expect(names('vlan and ip dst host 10.0.0.1')).toContain('ip_destination');
  expect(names('ip host 10.0.0.1', 'RAW')).toEqual(
    expect.arrayContaining(['ip_source', 'ip_destination']),
  );
  expect(names('ether[40] = 1 and ether[41] = 2')).toEqual(['u8_40', 'u8_41']);
});

test('a tail that several ways lead to is written for each, with its offsets', () => {
  const text = emitC(filterProgram('tcp dst port 80'), { name: 'filter' });
  expect(text).not.toContain('goto b');
  expect(text).toContain('raw16(frame, 56)');
});

test('blocks that nothing leads to are not there, also where they would lead to a shared tail', () => {
  const unreachable = program(
    { values: [load(0, 1, 0), constant(1, 7), store(2, 0, 1)], end: branch(0, '>', 1, 2, 3) },
    { values: [load(3, 1, 99), store(4, 0, 3)], end: branch(3, '>', 1, 2, 4) },
    { values: [store(5, 0, 0)], end: branch(0, '&', 1, 3, 4) },
    { values: [recall(6, 0), load(7, 1, 1, 6)], end: branch(7, '==', 1, 5, 4) },
    { values: [], end: returns(0) },
    { values: [], end: returns(8) },
  );
  const text = emitC(unreachable, { name: 'filter' });
  expect(text).not.toContain('99');
  // A load from behind 7 bytes, and one from behind as many as the first byte says.
  expect(text).toContain('get8(frame, 8)');
  expect(text).toContain('get8(at_v0, 1)');
});

test('fields that are tested together for several numbers are loaded once', () => {
  const text = emitC(filterProgram('port 53 or port 80'), { name: 'filter' });
  expect(text).toContain('= ip_fragment_ttl_protocol & be32(0x1fff00ff);');
  expect(text).toContain('if (likely(ip_fragment_and_protocol == be32(6)))');
  expect(text).not.toContain('__u32 ip_protocol');
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

test('what differs by path stands where it is read; what the kernel knows comes of a function', () => {
  expect(emitC(liveVlan, { name: 'filter' })).toContain(`{
	struct view frame;

	if (ancillary_vlan_tag_present(packet) == 1) {
		if ((ancillary_vlan_tag(packet) & 0xfff) != 5)
			return 0;
		if (!reach(packet, way, 0, 0, 12, 28, &frame))
			goto unsure;
`);
  // 23 + 4 + 1 bytes.
  expect(windowBytes([liveVlan])).toBe(32);
});

test('what differs by path and is not known on each goes through a variable', () => {
  const differing = program(
    { values: [load(0, 1, 0), constant(1, 7), store(2, 0, 1)], end: branch(0, '>', 1, 1, 2) },
    { values: [store(3, 0, 0)], end: branch(0, '&', 1, 2, 3) },
    { values: [recall(4, 0)], end: branch(4, '>', 0, 3, 4) },
    { values: [], end: returns(0) },
    { values: [], end: returns(1) },
  );
  const text = emitC(differing, { name: 'filter' });
  expect(text).toContain('\t__u32 word_0 = 0;\n');
  expect(text).toContain(' = word_0;\n');
});

test('what is put away and not looked at is not put away', () => {
  const blind = program({
    values: [load(0, 1, 0), store(1, 0, 0), store(2, 1, 1), recall(3, 0), recall(4, 7)],
    end: returnsValue(2),
  });
  expect(emitC(blind, { name: 'filter' })).toContain(`	__u32 u8_0 = get8(frame, 0);
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
  expect(emitC(twice, { name: 'filter' })).toContain(`	__u32 u8_0 = get8(frame, 0);
	__u32 u8_1 = get8(frame, 1);
	return u8_0 - u8_1;
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
  expect(windowBytes([ethertypeThenProtocol, portBehindHeader])).toBe(64);
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
          (strategy === 'xdp'
            ? 'static __u32 attached_name(const __u32 at) { return at; }\n'
            : '') +
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
  .each(
    (['bpfel', 'bpfeb'] as const).flatMap((target) =>
      FILTERS.map((filter) => [target, filter] as const),
    ),
  )('clang -target %s takes `%s` without a warning', async (target, filter) => {
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
});
