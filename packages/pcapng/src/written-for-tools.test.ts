/** What tshark, capinfos and tcpdump make of the files that we write. */

import { describe, expect, test, vi } from 'vitest';
import { arpFrame } from '../test/hand-made.ts';
import { collector, missing, run, scratch } from '../test/tools.ts';
import type { PacketOptions } from './blocks.ts';
import { buildPacketFlags } from './flags.ts';
import { type LinkTypeName, linkTypes, linkTypeText } from './link-types.ts';
import { PcapWriter } from './pcap-writer.ts';
import { PcapngWriter, type PcapngWriterSettings } from './pcapng-writer.ts';
import { sll2Header, sll2PacketTypes } from './sll2.ts';

const timestamp = 1_700_000_000_123_456_789n;
// tshark takes a second to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const files = scratch();

const packets: PacketOptions[] = [
  {},
  { flags: buildPacketFlags({ direction: 'inbound', reception: 'broadcast', fcsLength: 4 }) },
  { flags: buildPacketFlags({ direction: 'outbound' }), dropCount: 3n, packetId: 0x1234n },
  { queue: 7, verdict: { kind: 'xdp', value: 1n }, comments: ['erste Ü', 'second'] },
  { verdict: { kind: 'tc', value: 2n }, dropCount: 0xffff_ffff_ffff_ffffn },
  { verdict: { kind: 'hardware', data: Uint8Array.of(1, 2) }, process: { pid: 1, tid: 2 } },
];

/** One file with everything in it. */
function everything(settings: PcapngWriterSettings = {}): Uint8Array {
  const out = collector();
  const writer = new PcapngWriter(
    out.write,
    { hardware: 'a machine', os: 'Linux 6', application: 'hookdump', comments: ['icmp or arp'] },
    settings,
  );
  const id = writer.interface({
    linkType: linkTypes.EN10MB.value,
    snapLen: 262144,
    name: 'eth0@xdp',
    description: 'netns blue',
    filter: 'icmp or arp',
    os: 'Linux',
    hardware: 'veth',
    macAddress: Uint8Array.of(2, 0, 0, 0, 0, 1),
    speed: 10_000_000_000n,
    comments: ['netns 4026531840'],
  });
  for (const [index, options] of packets.entries()) {
    writer.packet({
      interface: id,
      timestamp: timestamp + BigInt(index),
      data: arpFrame(60 + index).subarray(0, 60),
      originalLength: 60 + index,
      options,
    });
  }
  writer.statistics({
    interface: id,
    timestamp,
    start: timestamp - 1_000_000_000n,
    end: timestamp,
    received: 101n,
    dropped: 102n,
    accepted: 103n,
    osDropped: 104n,
    delivered: 105n,
  });
  writer.flush();
  return out.bytes();
}

describe.skipIf(missing('tshark'))('tshark', () => {
  const fields = (path: string, ...names: string[]) => {
    const args = names.flatMap((name) => ['-e', name]);
    const result = run('tshark', ['-n', '-r', path, '-T', 'fields', '-E', 'separator=|', ...args]);
    expect(result.status).toBe(0);
    return result.text.trimEnd().split('\n');
  };

  test('shows every packet field', () => {
    const path = files.put('everything.pcapng', everything());
    expect(fields(path, 'frame.time_epoch', 'frame.len', 'frame.cap_len')).toEqual([
      '1700000000.123456789|60|60',
      '1700000000.123456790|61|60',
      '1700000000.123456791|62|60',
      '1700000000.123456792|63|60',
      '1700000000.123456793|64|60',
      '1700000000.123456794|65|60',
    ]);
    const shown = fields(
      path,
      'frame.packet_flags_direction',
      'frame.packet_flags_reception_type',
      'frame.packet_flags_fcs_length',
      'frame.drop_count',
      'frame.packet_id',
      'frame.interface_queue',
      'frame.comment',
    );
    expect(shown).toEqual([
      '||||||',
      '0x00000001|3|4||||',
      '0x00000002|0|0|3|4660||',
      '|||||7|erste Ü,second',
      '|||18446744073709551615|||',
      '||||||',
    ]);
    expect(
      fields(path, 'frame.verdict.ebpf_xdp', 'frame.verdict.ebpf_tc', 'frame.verdict.hw'),
    ).toEqual(['||', '||', '||', '1||', '|2|', '||01 02']);
    expect(fields(path, 'frame.interface_name', 'frame.interface_description')[0]).toBe(
      'eth0@xdp|netns blue',
    );
    expect(fields(path, 'arp.dst.proto_ipv4')[5]).toBe('10.0.0.2');
  });

  test('prints every block and option, counters included', () => {
    const path = files.put('blocks.pcapng', everything());
    const result = run('tshark', ['-r', path, '-X', 'read_format:MIME Files Format', '-V']);
    expect(result.status).toBe(0);
    const shown = result.text.split('\n').map((line) => line.trim());
    for (const line of [
      'Byte Order Magic: 4d3c2b1a (Little-endian)',
      'Section Length: -1',
      'User Application: hookdump',
      'Comment: icmp or arp',
      'Comment: netns 4026531840',
      'MAC Address: 02:00:00:00:00:01 (02:00:00:00:00:01)',
      'Timestamp Resolution: 0x09, Base: Power of 10',
      'Filter type: libpcap string (0)',
      'Filter string: icmp or arp',
      'Verdict type: Linux eBPF XDP (2)',
      'Verdict data: 0100000000000000',
      'Number of Received Packets: 101',
      'Number of Dropped Packets: 102',
      'Number of Accepted by Filter Packets: 103',
      'Number of Dropped Packets by OS: 104',
      'Number of Delivered to the User Packets: 105',
      '[Timestamp: Nov 14, 2023 22:13:20.123456789 UTC]',
    ]) {
      expect(shown).toContain(line);
    }
    expect(result.text).not.toContain('Malformed');
    // Their values tshark keeps to itself; dumpcap's are read in read-from-tools.test.ts.
    expect(result.text).toContain('Option: Start Time');
    expect(result.text).toContain('Option: End Time');
  });

  test.skipIf(missing('editcap'))('verdicts as comments survive a rewrite', () => {
    const path = files.put('comments.pcapng', everything({ verdicts: 'comment' }));
    const rewritten = files.path('rewritten.pcapng');
    expect(run('editcap', [path, rewritten]).status).toBe(0);
    expect(fields(rewritten, 'frame.comment').slice(3)).toEqual([
      'erste Ü,second,verdict XDP_DROP',
      'verdict TC_ACT_SHOT',
      'verdict hardware 0x0102',
    ]);
  });
});

test.skipIf(missing('capinfos'))('capinfos shows section and interface', () => {
  const { status, text } = run('capinfos', [files.put('capinfos.pcapng', everything())]);
  expect(status).toBe(0);
  const shown = text.split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' '));
  for (const line of [
    'Number of packets: 6',
    'Capture hardware: a machine',
    'Capture oper-sys: Linux 6',
    'Capture application: hookdump',
    'Capture comment: icmp or arp',
    'Name = eth0@xdp',
    'Description = netns blue',
    'Hardware = veth',
    'Speed = 10000000000',
    'Capture length = 262144',
    'Time precision = nanoseconds (9)',
    'Filter string = icmp or arp',
    'Operating system = Linux',
    'Comment = netns 4026531840',
    'Number of stat entries = 1',
    'Number of packets = 6',
  ]) {
    expect(shown).toContain(line);
  }
});

describe.skipIf(missing('tcpdump'))('tcpdump', () => {
  const print = (path: string, ...args: string[]) =>
    run('tcpdump', ['-n', '-tt', '--nano', ...args, '-r', path]);
  const arp = 'Request who-has 10.0.0.2 tell 10.0.0.1';

  test('reads pcapng, an interface that comes late included', () => {
    const out = collector();
    const writer = new PcapngWriter(out.write);
    const data = arpFrame();
    for (const name of ['eth0@tc', 'eth1@tc']) {
      const id = writer.interface({ linkType: 1, snapLen: 262144, name });
      writer.packet({ interface: id, timestamp, data, originalLength: data.length });
    }
    writer.flush();
    const { status, text, stderr } = print(files.put('late.pcapng', out.bytes()));
    expect(text).toBe(`1700000000.123456789 ARP, ${arp}, length 46\n`.repeat(2));
    expect(stderr).toContain('link-type EN10MB (Ethernet), snapshot length 262144');
    expect(status).toBe(0);
  });

  test('reads pcap from a pipe', () => {
    const out = collector();
    const writer = new PcapWriter(out.write, { linkType: 1, snapLen: 1000 });
    const data = arpFrame();
    writer.packet({ timestamp, data, originalLength: 60 });
    writer.packet({ timestamp: timestamp + 1n, data: data.subarray(0, 50), originalLength: 60 });
    writer.flush();
    const { status, text, stderr } = run(
      'tcpdump',
      ['-n', '-tt', '--nano', '-r', '-'],
      out.bytes(),
    );
    expect(text).toBe(
      `1700000000.123456789 ARP, ${arp}, length 46\n1700000000.123456790 ARP, ${arp}, length 46\n`,
    );
    expect(stderr).toContain('snapshot length 1000');
    expect(status).toBe(0);
  });

  test.each(Object.keys(linkTypes) as LinkTypeName[])('names link type %s as we do', (name) => {
    const out = collector();
    new PcapWriter(out.write, { linkType: linkTypes[name].value, snapLen: 1000 }).flush();
    const { stderr } = print(files.put('link-type.pcap', out.bytes()));
    expect(stderr).toContain(`link-type ${linkTypeText(linkTypes[name].value)}, snapshot`);
  });

  test('understands the SLL2 header', () => {
    const out = collector();
    const writer = new PcapWriter(out.write, { linkType: 276, snapLen: 262144 });
    // IPv4 and UDP, 10.0.0.1.1234 > 10.0.0.2.9.
    const packet = Buffer.from('4500001c00010000401166cf0a0000010a00000204d2000900080000', 'hex');
    const { host, outgoing, multicast } = sll2PacketTypes;
    for (const packetType of [host, outgoing, multicast]) {
      const header = { protocol: 0x0800, ifindex: 4_000_000_000, hatype: 1, packetType };
      const address = Uint8Array.of(2, 0, 0, 0, 0, 9);
      const data = Buffer.concat([sll2Header({ ...header, address }), packet]);
      writer.packet({ timestamp, data, originalLength: data.length });
    }
    writer.flush();
    const path = files.put('sll2.pcap', out.bytes());
    const lines = print(path).text.trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^\S+ +\S+ +/, ''))).toEqual(
      ['In ', 'Out', 'M  '].map(
        (direction) => `${direction} IP 10.0.0.1.1234 > 10.0.0.2.9: UDP, length 0`,
      ),
    );
    expect(print(path, '-e').text).toContain('4000000000 02:00:00:00:00:09');
  });
});

describe('SLL2 header', () => {
  const header = { protocol: 0x86dd, ifindex: 3, hatype: 772, packetType: sll2PacketTypes.host };

  test('goes where it is told to, without an address all zeros', () => {
    const target = new Uint8Array(24).fill(0xff);
    expect(sll2Header(header, target, 2)).toBe(target);
    expect(Buffer.from(target).toString('hex')).toBe(
      'ffff' + '86dd0000' + '00000003' + '0304' + '0000' + '0000000000000000' + 'ffff',
    );
  });

  test('an address longer than the field is cut, its length is not', () => {
    const built = sll2Header({ ...header, address: new Uint8Array(20).fill(7) });
    expect([...built.subarray(10)]).toEqual([0, 20, 7, 7, 7, 7, 7, 7, 7, 7]);
  });

  test('fields that do not fit are refused', () => {
    expect(() => sll2Header({ ...header, protocol: 0x10000 })).toThrow('SLL2 protocol 65536');
    expect(() => sll2Header({ ...header, packetType: 256 })).toThrow(RangeError);
    expect(() => sll2Header(header, new Uint8Array(19))).toThrow(RangeError);
  });
});

test('a link type that is not in the table is a number', () => {
  expect(linkTypeText(147)).toBe('147');
});
