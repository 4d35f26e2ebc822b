import { expect, test } from 'vitest';
import { parse } from '../../1-parse/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { type AnalyzeOptions, analyze } from '../index.ts';

function warningsOf(text: string, options: AnalyzeOptions = {}): readonly Diagnostic[] {
  const { ast, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  const warnings = analyze(ast, { text, netmask: 0xffffff00, names, ...options }).diagnostics;
  expect(warnings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return warnings;
}

const address = { ipv4: [0x0a000001], ipv6: [] };
const everybody = ['sundown', 'helios', 'hot', 'ace', 'snup', 'vs'];
const names = {
  hosts: new Map(everybody.map((name) => [name, address])),
  ethers: new Map(everybody.map((name) => [name, [0, 0, 0, 0, 0, 1]])),
  networks: new Map([
    ['ucb-ether', 128],
    ['localnet', 10],
  ]),
};

/** Filter, code, the part of the filter that it is about, and what the hint says to write. */
const told: [text: string, code: string, about: string, write?: string][] = [
  [
    'ip or arp and len > 100',
    'left-to-right',
    'ip or arp and len > 100',
    "'(ip or arp) and len > 100' if that is meant, else 'ip or (arp and len > 100)'",
  ],
  [
    'tcp or port 80 or 443 and ip and less 5 or arp',
    'left-to-right',
    'tcp or port 80 or 443 and ip',
    "'(tcp or port 80 or 443) and ip' if that is meant, else 'tcp or (port 80 or 443 and ip and less 5)'",
  ],
  ['not (tcp || udp && ip)', 'left-to-right', 'tcp || udp && ip', "else 'tcp || (udp && ip)'"],
  [
    'vlan 2 or vlan 3',
    'inside-the-first',
    'vlan 3',
    "'vlan and (ether[14:2] & 0xfff = 2 or ether[14:2] & 0xfff = 3)'",
  ],
  [
    'mpls 2 || mpls 3',
    'inside-the-first',
    'mpls 3',
    "'mpls and (ether[14:4] >> 12 = 2 or ether[14:4] >> 12 = 3)'",
  ],
  [
    'pppoes 2 or pppoes 3',
    'inside-the-first',
    'pppoes 3',
    "'(ether[16:2] = 2 or ether[16:2] = 3) and pppoes'",
  ],
  ['(vlan 2 and ip) or (vlan 3 and arp)', 'inside-the-first', 'vlan 3', 'vlan and'],
  ['geneve 2 or geneve 3', 'inside-the-first', 'geneve 3', "ask for 'geneve' once"],
  ['vlan and (vlan 2 or vlan 3)', 'inside-the-first', 'vlan 3', "ask for 'vlan' once"],
  [
    'ip or (vlan and ip) or (vlan and ip)',
    'inside-the-first',
    'vlan',
    "'vlan and (… or (vlan and …))'",
  ],
  ['not vlan and ip', 'looks-inside', 'ip', "'ip and not vlan'"],
  ['vlan or ip', 'looks-inside', 'ip', "'ip or vlan'"],
  ['(ip or vlan 5) and port 80', 'looks-inside', 'port 80', "'port 80 or (vlan 5 and port 80)'"],
  ['ip and not vlan and port 80', 'looks-inside', 'port 80', "'port 80 and (ip and not vlan)'"],
  ['vlan and ip or arp', 'looks-inside', 'arp', "'arp or (vlan and ip)'"],
  ['(vlan and ip) or ip', 'looks-inside', 'ip', "'ip or (vlan and ip)'"],
  ['vlan and port 80 or 443', 'looks-inside', '443', "as in 'ip or (vlan and ip)'"],
  ['ip and vlan or arp', 'looks-inside', 'arp', "'arp or (ip and vlan)'"],
  ['vlan or mpls', 'looks-inside', 'mpls', "'ether proto 0x8847' before 'vlan'"],
  ['vlan or ether src 1:2:3:4:5:6 or len > 5 or udp', 'looks-inside', 'udp'],
  ['geneve or ether src 1:2:3:4:5:6', 'looks-inside', 'ether src 1:2:3:4:5:6'],
  ['lane or ip', 'looks-inside', 'ip', "'ip or lane'"],
  ['vlan or ether[12:2] + ip[0] > 5', 'looks-inside', 'ether[12:2] + ip[0] > 5'],
  ['(host sundown or (vlan and host sundown)) and tcp', 'looks-inside', 'tcp'],
  ['(ip or ip6) and tcp[13] & 2 != 0', 'ipv4-only', 'tcp[13]', "'ip6[53]'"],
  ['udp[4:2] > 50 and net fe80::/10', 'ipv4-only', 'udp[4:2]', "'ip6[44:2]'"],
  ['host ::1 and len > ip[tcp[12]]', 'ipv4-only', 'tcp[12]', "'ip6[52]'"],
  ['(host 10.0.0.1 or ::1) and icmp[0] = 8', 'ipv4-only', 'icmp[0]'],
  ['ip6 and tcp port 80', 'misses-extension-headers', 'tcp port 80', 'protochain'],
  ['portrange 1-9 and src net 2001:db8::/32', 'misses-extension-headers', 'portrange 1-9'],
  ['protochain 6 and port 80', 'misses-extension-headers', 'port 80'],
  ['src host 10', 'host-is-number', '10', "'src net 10'"],
  ['host tcp-syn', 'host-is-number', 'tcp-syn'],
  ['host 10.1', 'host-is-network', '10.1', "'net 10.1'"],
  ['ip[0] = 256', 'never-true', 'ip[0] = 256'],
  ['tcp[13] & 2 = 1', 'never-true', 'tcp[13] & 2 = 1', "'!= 0'"],
  ['16 > ip[0] & 0xf', 'always-true', '16 > ip[0] & 0xf'],
  ['ip[2:2] >= 0', 'always-true', 'ip[2:2] >= 0'],
  ['(ip[0] & 0xf) << 2 != 21', 'always-true', '(ip[0] & 0xf) << 2 != 21'],
  ['byte 0 > 255', 'never-true', 'byte 0 > 255'],
  ['len < 0', 'never-true', 'len < 0'],
];

test.each(told)('%s: %s', (text, code, about, write) => {
  const warnings = warningsOf(text).filter((warning) => warning.code === code);
  expect(warnings.map(({ span }) => text.slice(span.start, span.end))).toEqual([about]);
  expect(warnings.map(({ severity }) => severity)).toEqual(['warning']);
  if (write !== undefined) expect(warnings[0]!.hint).toContain(write);
});

/** pcap-filter(7)'s own examples, and ordinary filters. */
test.each([
  'host sundown',
  'host helios and (hot or ace)',
  'ip host ace and not helios',
  'not host vs and ace',
  'net ucb-ether',
  'gateway snup and (port ftp or ftp-data)',
  'ip and not net localnet',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not src and dst net localnet',
  'tcp[tcpflags] & (tcp-rst|tcp-ack) == (tcp-rst|tcp-ack)',
  'tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)',
  'gateway snup and ip[2:2] > 576',
  'ether[0] & 1 = 0 and ip[16] >= 224',
  'icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply',
  'icmp6[icmp6type] != icmp6-echo and icmp6[icmp6type] != icmp6-echoreply',
  'tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420',
  'tcp[13] = 18 or tcp[13] & 0x3f = 0x3f',
  'ip[6] & 0x40 != 0 or (ip[0] & 0x0f) > 5',
  'ether[20:2] == 0x2000 or ether[12:2] <= 1500',
  'ip[8] < 5 or ip6[7] < 5',
  'udp[8:4] = 0x12345678 and less 500',
  'ether[0] & 1 != 0',
  'ip[0] & 0xf != 5',
  'ip[6:2] & 0x1fff = 0',
  'tcp dst port ftp or ftp-data or domain',
  'vlan 100 && vlan 200',
  'vlan && vlan 300 && ip',
  'mpls 100000 && mpls 1024',
  'mpls && mpls 1024 && host 192.9.200.1',
  'pppoes 0x27 && ip proto \\tcp',
  'geneve 0xb && ip',
  'vxlan 7 and tcp port 80 and not arp',
  'ip broadcast or (vlan and ip multicast)',
  'not (vlan and ip)',
  'ip or vlan',
  'not ip and vlan and not arp',
  'host sundown or (vlan and host sundown)',
  'port 80 or (vlan and (port 80 or (vlan and port 80)))',
  'vlan or ether src 1:2:3:4:5:6',
  'vlan or len > 5 or inbound or ether broadcast or radio[0] = 1',
  'port 80 or 443 and host sundown',
  'host sundown or ace and not port 22',
  'ip and tcp or udp',
  '(ip or arp) and len > 100',
  'ip or ip6',
  'ip6 or tcp[13] & 2 != 0',
  'icmp6 or tcp[tcpflags] & tcp-syn != 0',
  '(icmp6 or tcp) and (ip6 or tcp[13] = 2)',
  'not ip6 and tcp[13] = 2',
  '(ip or ip6) and port 80',
  'port 80 and not ip6',
  'host ::1 or port 80',
  'net 10 or host 10.0.0.1 or host 0 or host 0x0a000001',
  'len <= 0 or ip[0] > 254 or ip[0:4] = 0xffffffff or 1 = 2',
  'ip[0] + ip[1] > 300 and len - ip[0] > 4294967290 and len = -1',
])('%s is as it should be', (text) => expect(warningsOf(text)).toEqual([]));

test('of a live capture, the hint looks at the tag where it is', () => {
  const [warning] = warningsOf('vlan 2 or vlan 3', { linux: true });
  expect(warning!.hint).toContain('vlan and (ether[-4052:2] & 0xfff = 2 or');
});

test('of a live capture, tests are misled by a VLAN tag that was asked for in vain only', () => {
  const codes = (text: string) => warningsOf(text, { linux: true }).map(({ code }) => code);
  expect(codes('(ip or vlan) and port 80')).toEqual([]);
  expect(codes('port 80 and vlan or ip')).toEqual(['looks-inside']);
  expect(codes('not vlan and ip')).toEqual(['looks-inside']);
  expect(codes('(ip or mpls) and port 80')).toEqual(['looks-inside']);
});

test('each encapsulation is told once, and long filters in general words', () => {
  const hosts = Array.from({ length: 1000 }, (_, i) => `host 10.0.0.${i % 256}`).join(' or ');
  const warnings = warningsOf(`not vlan and (${hosts})`);
  expect(warnings.map(({ code }) => code)).toEqual(['looks-inside']);
  expect(warnings[0]!.hint).toContain("as in 'ip or (vlan and ip)'");
  const [first] = warningsOf(`${hosts} and ip`);
  expect(first!.hint).toBe('write parentheses');
  expect(warningsOf('ip or arp and len > 100', { text: undefined })[0]!.hint).toBe(
    'write parentheses',
  );
});

test('warnings stand in the order of the text, and not beside errors', () => {
  const codes = warningsOf('ip[0] = 256 or host 10 and vlan or ip').map(({ code }) => code);
  expect(codes).toEqual(['never-true', 'left-to-right', 'host-is-number', 'looks-inside']);
  const { diagnostics } = analyze(parse('ip[0] = 256 or port 70000').ast);
  expect(diagnostics.map(({ code }) => code)).toEqual(['out-of-range']);
});
