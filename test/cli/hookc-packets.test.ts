import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PcapngWriter, PcapWriter, readCapture } from '@hookdump/pcapng';
import { afterAll, describe, expect, test } from 'vitest';
import { ethernet, frames, ipv4, tcp, udp } from '../support/frames.ts';
import { hookc, run } from '../support/lab.ts';

/** `hookc --test`: which packets of a file match, and what refuses the others. */

const folder = mkdtempSync(join(tmpdir(), 'hookdump-packets-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Bytes = readonly number[];

interface Interface {
  readonly linkType: number;
  readonly packets: readonly Bytes[];
}

/** Packet N (from 1) has the time of N seconds, by which it is known again. */
function pcap(name: string, linkType: number, packets: readonly Bytes[], snapLen = 65535): string {
  const path = join(folder, name);
  const chunks: Uint8Array[] = [];
  const writer = new PcapWriter((chunk) => void chunks.push(chunk.slice()), { linkType, snapLen });
  packets.forEach((packet, index) => {
    const data = Uint8Array.from(packet).subarray(0, snapLen);
    const timestamp = BigInt(index + 1) * 1_000_000_000n;
    writer.packet({ timestamp, data, originalLength: packet.length });
  });
  writer.flush();
  writeFileSync(path, Buffer.concat(chunks));
  return path;
}

function pcapng(name: string, interfaces: readonly Interface[]): string {
  const path = join(folder, name);
  const chunks: Uint8Array[] = [];
  const writer = new PcapngWriter((chunk) => void chunks.push(chunk.slice()));
  let time = 0n;
  for (const { linkType, packets } of interfaces) {
    const id = writer.interface({ linkType, snapLen: 65535 });
    for (const packet of packets) {
      time += 1_000_000_000n;
      const data = Uint8Array.from(packet);
      writer.packet({ interface: id, timestamp: time, data, originalLength: data.length });
    }
  }
  writer.flush();
  writeFileSync(path, Buffer.concat(chunks));
  return path;
}

const tcpdumpMissing = ((): string | undefined => {
  try {
    execFileSync('tcpdump', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'tcpdump is not installed';
  }
})();
if (tcpdumpMissing !== undefined) console.warn(`skipped beside tcpdump: ${tcpdumpMissing}`);

/** Numbers of the packets that tcpdump takes. */
function tcpdumpMatches(file: string, filter: string): number[] {
  const args = ['-r', file, '-w', '-', '--', filter];
  const saved = execFileSync('tcpdump', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return readCapture(saved).packets.map(({ timestamp }) => Number(timestamp! / 1_000_000_000n));
}

const onEthernet = [
  '',
  'ip',
  'ip6 and udp',
  'arp or rarp',
  'tcp port 80',
  'not (tcp port 80 or arp)',
  'vlan',
  'vlan 5 and tcp',
  'vlan and vlan 7 or ip6',
  'mpls 1024 and ip6',
  'pppoes 0x27 and ip',
  'geneve and tcp dst port 80',
  'ip6 protochain 6',
  'ip proto 51 and greater 60',
  'less 60 and not broadcast',
  'ether multicast and len > 40',
  'icmp[icmptype] = icmp-echo',
  'tcp[tcpflags] & tcp-syn != 0',
  'ether[len - 1] = 0',
  'ip[2:2] - 20 > 30',
  'iso proto \\isis',
  'stp',
];

/** The first word after the number and the colon of each line of packets. */
const matches = (stdout: string, name = ''): number[] =>
  [...stdout.matchAll(new RegExp(`^(\\d+)${name}: match$`, 'gm'))].map((line) => Number(line[1]));

describe.skipIf(tcpdumpMissing !== undefined)('the same packets as tcpdump -r', () => {
  const raw = frames.filter((frame) => frame[12] === 8 && frame[13] === 0);
  test.each([
    ['pcap', pcap('a.pcap', 1, frames), onEthernet],
    ['cut packets', pcap('cut.pcap', 1, frames, 40), onEthernet],
    ['pcapng', pcapng('a.pcapng', [{ linkType: 1, packets: frames }]), onEthernet],
    [
      'raw IP',
      pcap(
        'raw.pcap',
        101,
        raw.map((frame) => frame.slice(14)),
      ),
      ['', 'icmp', 'udp port 53 or tcp', 'not host 10.0.0.1', 'len < 60'],
    ],
  ])('%s', async (_, file, filters) => {
    const named = filters.flatMap((text, index) => ['--filter', `f${index}=${text}`]);
    const { status, stdout, stderr } = await run(hookc, ['--test', file, ...named]);
    expect([status, stderr.replaceAll(/^.*warning: .*\n.*\n.*\n( {2}.*\n)*/gm, '')]).toEqual([
      0,
      '',
    ]);
    for (const [index, text] of filters.entries()) {
      expect(matches(stdout, ` f${index}`), text).toEqual(tcpdumpMatches(file, text));
    }
  });

  test('a program of tcpdump', async () => {
    const program = execFileSync('tcpdump', ['-ddd', '-y', 'EN10MB', 'vlan 5'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const path = join(folder, 'classic');
    writeFileSync(path, program);
    const file = pcap('classic.pcap', 1, frames);
    const { status, stdout } = await run(hookc, ['--test', file, '--from-classic', path]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^1: no match$/m);
    expect(matches(stdout)).toEqual(tcpdumpMatches(file, 'vlan 5'));
  });
});

const web = ethernet(0x0800, ipv4(6, tcp(80), [10, 0, 0, 1]));
const dns = ethernet(0x0800, ipv4(17, udp(53), [10, 0, 0, 1]));
const arp = ethernet(0x0806, new Array<number>(28).fill(0));

/** What a filter says of the three packets above. */
const refusals: readonly (readonly [filter: string, ...verdicts: readonly string[]])[] = [
  ['tcp port 80', 'match', 'tcp port 80', 'tcp port 80'],
  ['ip and tcp and port 80', 'match', 'tcp', 'ip'],
  ['tcp port 80 and host 1.2.3.4', 'host 1.2.3.4', 'tcp port 80', 'tcp port 80'],
  ['host 1.2.3.4 and tcp port 80', 'host 1.2.3.4', 'host 1.2.3.4', 'host 1.2.3.4'],
  ['(tcp or udp) and dst port 53', 'dst port 53', 'match', 'tcp or udp'],
  ['tcp or udp and dst port 53', 'dst port 53', 'match', 'tcp or udp'],
  ['ip and (udp and (port 53 and not dst host 10.0.0.1))', 'udp', 'not dst host 10.0.0.1', 'ip'],
  ['dst host 10.0.0.1 and tcp or arp', 'match', 'dst host 10.0.0.1 and tcp or arp', 'match'],
  ['dst port 80 and (tcp or udp) and\n  len > 1000', 'len > 1000', 'dst port 80', 'dst port 80'],
  ['port (80 or 53) and udp', 'udp', 'match', 'port (80 or 53)'],
  ['vlan and tcp', 'vlan', 'vlan', 'vlan'],
];

test('the test that refused a packet is named', async () => {
  const file = pcap('three.pcap', 1, [web, dns, arp]);
  const named = refusals.flatMap(([filter], index) => ['--filter', `f${index}=${filter}`]);
  const { status, stdout } = await run(hookc, ['--test', file, ...named]);
  for (const [index, [filter, ...verdicts]] of refusals.entries()) {
    const said = [...stdout.matchAll(new RegExp(`^\\d f${index}: (?:no match: )?(.*)$`, 'gm'))];
    expect(
      said.map((line) => line[1]),
      filter,
    ).toEqual(verdicts);
  }
  expect(status).toBe(0);
});

test('one filter, one line for each packet, a summary', async () => {
  const file = pcap('three.pcap', 1, [web, dns, arp]);
  const some = await run(hookc, ['--test', file, 'ip and', 'tcp port 80']);
  expect(some).toEqual({
    status: 0,
    stdout: '1: match\n2: no match: tcp port 80\n3: no match: ip\n1 of 3 packets matched\n',
    stderr: '',
  });
  const none = await run(hookc, ['--test', file, 'vlan']);
  expect([none.status, none.stdout.split('\n').at(-2)]).toEqual([2, '0 of 3 packets matched']);
});

test('several filters', async () => {
  const args = ['--filter', 'web=tcp port 80', '--filter', 'dns = udp port 53'];
  const file = pcap('three.pcap', 1, [web, dns]);
  const { status, stdout } = await run(hookc, ['--test', file, ...args]);
  expect(stdout).toBe(
    '1 web: match\n1 dns: no match: udp port 53\n2 web: no match: tcp port 80\n2 dns: match\n' +
      'web: 1 of 2 packets matched\ndns: 1 of 2 packets matched\n',
  );
  expect(status).toBe(0);
});

test('interfaces of several link types', async () => {
  const file = pcapng('mixed.pcapng', [
    { linkType: 1, packets: [web] },
    { linkType: 101, packets: [web.slice(14), dns.slice(14)] },
  ]);
  const port = await run(hookc, ['--test', file, 'tcp port 80']);
  expect(port.stdout).toBe(
    '1: match\n2: match\n3: no match: tcp port 80\n2 of 3 packets matched\n',
  );
  const address = await run(hookc, ['--test', file, 'ip and not vlan']);
  expect(matches(address.stdout)).toEqual([1, 2, 3]);
  const ether = await run(hookc, [
    '--test',
    file,
    'ip and not ether host 1:2:3:4:5:6 and not vlan',
  ]);
  expect(matches(ether.stdout)).toEqual([1, 2, 3]);
});

test('standard input, and no packet', async () => {
  const file = pcap('none.pcap', 1, []);
  const { execFileSync: execute } = await import('node:child_process');
  const stdout = execute(process.execPath, [hookc, '--test', '-', 'ip'], {
    input: readFileSync(pcap('one.pcap', 1, [web])),
    encoding: 'utf8',
  });
  expect(stdout).toBe('1: match\n1 of 1 packet matched\n');
  const none = await run(hookc, ['--test', file, 'ip']);
  expect([none.status, none.stdout]).toEqual([2, '0 of 0 packets matched\n']);
});

test('a file that is cut is read up to there', async () => {
  const whole = readFileSync(pcap('whole.pcap', 1, [web, dns]));
  const path = join(folder, 'half.pcap');
  writeFileSync(path, whole.subarray(0, whole.length - 5));
  const { status, stdout, stderr } = await run(hookc, ['--test', path, 'ip']);
  expect([status, stdout]).toEqual([1, '1: match\n']);
  expect(stderr).toMatch(
    /^hookc: the capture file .*half\.pcap can't be read: byte \d+: the file ends/,
  );
});

test('an error of the filter is told once, with its name', async () => {
  const file = pcap('three.pcap', 1, [web, dns]);
  const args = ['--test', file, '--filter', 'a=ip', '--filter', 'b=tcp prot 80'];
  const { status, stderr } = await run(hookc, args);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^b:1:5: error: unknown word 'prot'/);
});
