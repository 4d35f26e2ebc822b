import { describe, expect, test } from 'vitest';
import { run } from '../../ir/run.ts';
import type { BlockId } from '../../ir/types.ts';
import { verify } from '../../ir/verify.ts';
import { type LinkTypeName, linkTypes } from '../../tables/link-types.ts';
import { Builder, type Targets } from '../builder.ts';
import { behindMpls, behindVlan, type Headers, loadAt, networkHeader } from '../headers.ts';
import { constant } from '../tree.ts';
import {
  behindPppoe,
  fieldIs,
  hasLlc,
  holdsGuard,
  insideLane,
  insideTunnel,
  isAtmLane,
  isProtocol,
  knownProtocol,
  startOf,
  tunnelWords,
  unsupportedProtocol,
  withPrologue,
} from './index.ts';

type Test = (build: Builder, to: Targets) => BlockId;

/** Does a packet pass a test? */
function passes(linkType: LinkTypeName, packet: readonly number[], make: Test): boolean {
  const build = new Builder();
  const to = { yes: build.return(1), no: build.return(0) };
  const entry = withPrologue(build, linkType, make(build, to), to.no);
  const program = { linkType, snapLen: 1, blocks: build.blocksFrom(entry) };
  expect(verify(program)).toEqual([]);
  return run(program, Uint8Array.from(packet)) === 1;
}

const start = (linkType: LinkTypeName): Headers => startOf(linkType, { linux: false });

/** Is a protocol announced, and does its header begin with the byte AB? */
const announcesAb =
  (headers: Headers, protocol: number): Test =>
  (build, to) =>
    isProtocol(build, headers, protocol, {
      yes: build.test('==', loadAt(1, networkHeader(headers)), constant(0xab), to),
      no: to.no,
    });

/** `'12:0800 14:ab'`: hexadecimal bytes at offsets, zeros elsewhere, 80 bytes in all. */
function packet(text: string): number[] {
  const bytes = new Array<number>(80).fill(0);
  for (const part of text.split(' ')) {
    const [offset, hex] = part.split(':') as [string, string];
    for (let i = 0; i < hex.length; i += 2) {
      bytes[Number(offset) + i / 2] = Number.parseInt(hex.slice(i, i + 2), 16);
    }
  }
  return bytes;
}

const ip = 0x0800;
const ip6 = 0x86dd;
const arp = 0x0806;
const atalk = 0x809b;
const ipx = 0xe0;
const iso = 0xfe;
const stp = 0x42;

test.each<readonly [LinkTypeName, number, string]>([
  ['EN10MB', ip, '12:0800 14:ab'],
  ['EN10MB', ip6, '12:86dd 14:ab'],
  ['DSA_TAG_DSA', ip, '16:0800 18:ab'],
  ['NETANALYZER', ip, '16:0800 18:ab'],
  ['NETANALYZER_TRANSPARENT', ip, '24:0800 26:ab'],
  ['FDDI', ip, '19:0800 21:ab'],
  ['IEEE802', arp, '20:0806 22:ab'],
  ['IP_OVER_FC', ip, '22:0800 24:ab'],
  ['ATM_RFC1483', ip, '6:0800 8:ab'],
  ['SUNATM', ip, '0:02 10:0800 12:ab'],
  ['IEEE802_11', ip, '0:08 30:0800 32:ab'],
  // A QoS field of two bytes.
  ['IEEE802_11', ip, '0:88 32:0800 34:ab'],
  ['IEEE802_11_RADIO', ip, '2:0c00 12:08 42:0800 44:ab'],
  ['IEEE802_11_RADIO', ip, '2:0c00 12:88 44:0800 46:ab'],
  // Flags in byte 8 say that the 802.11 header is padded: 12 + 26 becomes 40.
  ['IEEE802_11_RADIO', ip, '2:0c00 4:02000000 8:20 12:88 46:0800 48:ab'],
  // With a time stamp before them they are in byte 16: 20 + 26 becomes 48.
  ['IEEE802_11_RADIO', ip, '2:1400 4:03000000 16:20 20:88 54:0800 56:ab'],
  // A second word of presence bits: the flags are not looked for.
  ['IEEE802_11_RADIO', ip, '2:0c00 4:02000080 8:20 12:88 44:0800 46:ab'],
  ['IEEE802_11_RADIO_AVS', ip, '4:0000000c 12:08 42:0800 44:ab'],
  ['PRISM_HEADER', ip, '0:80211001 4:0000000c 12:08 42:0800 44:ab'],
  ['PPI', ip, '2:0c00 4:69000000 12:08 42:0800 44:ab'],
  ['PPP', ip, '2:0021 4:ab'],
  ['PPP_ETHER', ip6, '6:0057 8:ab'],
  ['PPP_BSDOS', ip, '5:002f 24:ab'],
  ['C_HDLC', ip, '2:0800 4:ab'],
  ['LINUX_SLL', ip, '14:0800 16:ab'],
  ['LINUX_SLL2', ip, '0:0800 20:ab'],
  ['NULL', ip, '0:02000000 4:ab'],
  ['NULL', ip6, '0:0a000000 4:ab'],
  ['LOOP', ip, '0:00000002 4:ab'],
  ['ENC', ip, '0:02000000 12:ab'],
  ['PFLOG', ip, '0:3d02 64:ab'],
  ['IPNET', ip6, '1:1a 24:ab'],
  ['ARCNET', ip, '2:d4 6:ab'],
  ['ARCNET_LINUX', ip6, '4:c4 8:ab'],
  ['FRELAY', ip, '0:ab 2:03cc'],
  ['JUNIPER_MLPPP', ip, '0:4d4743 4:ab'],
  ['JUNIPER_GGSN', ip, '0:4d4743 12:ab'],
  ['APPLE_IP_OVER_IEEE1394', arp, '16:0806 18:ab'],
  ['SYMANTEC_FIREWALL', ip, '6:0800 44:ab'],
  ['SLIP', ip, '0:40 16:ab'],
  ['IPV4', ip, '0:ab'],
  ['LTALK', atalk, '0:ab'],
])('%s: protocol 0x%s is announced, and its header found: %s', (linkType, protocol, text) => {
  const headers = start(linkType);
  expect(passes(linkType, packet(text), announcesAb(headers, protocol))).toBe(true);
  expect(passes(linkType, packet(text.replace(':ab', ':ac')), announcesAb(headers, protocol))).toBe(
    false,
  );
});

test.each<readonly [LinkTypeName, number, string, boolean]>([
  // IEEE 802.2: the SSAP counts for some, a length field must stand before.
  ['EN10MB', stp, '12:0040 14:4203', true],
  ['EN10MB', stp, '12:0800 14:4203', false],
  ['EN10MB', iso, '12:0040 14:fefe', true],
  ['EN10MB', iso, '12:0040 14:fe00', false],
  ['EN10MB', atalk, '12:809b', true],
  ['EN10MB', atalk, '12:0040 14:aaaa03080007809b', true],
  ['EN10MB', atalk, '12:0040 14:aaaa03000000809b', false],
  // IPX comes in four ways.
  ['EN10MB', ipx, '12:8137', true],
  ['EN10MB', ipx, '12:0040 14:ffff', true],
  ['EN10MB', ipx, '12:0040 14:e0e0', true],
  ['EN10MB', ipx, '12:0040 14:aaaa030000008137', true],
  ['EN10MB', ipx, '12:0800 14:ffff', false],
  ['LINUX_SLL', ipx, '14:8137', true],
  ['LINUX_SLL', ipx, '14:0001', true],
  ['LINUX_SLL', ipx, '14:0004 16:e0e0', true],
  ['LINUX_SLL', ipx, '14:0004 16:ffff', false],
  ['LINUX_SLL', stp, '14:0004 16:42', true],
  ['IEEE802', stp, '14:4242', true],
  ['IEEE802', atalk, '14:aaaa03080007809b', true],
  // 802.11: only frames of data.
  ['IEEE802_11', stp, '0:08 24:42', true],
  ['IEEE802_11', stp, '0:80 24:42', false],
  ['IEEE802_11_RADIO_AVS', stp, '4:0000000c 12:08 36:42', true],
  // Prism's header is always 144 bytes: longer than this packet.
  ['PRISM_HEADER', stp, '0:00000044 4:0000000c 12:08 36:42', false],
  // PPI may hold other things than 802.11.
  ['PPI', stp, '2:0c00 4:01000000 12:08 36:42', false],
  ['C_HDLC', iso, '2:fefe', true],
  ['PPP_BSDOS', ip, '5:002d', true],
  ['PPP', ip, '2:002d', false],
  ['FRELAY', iso, '2:0382', true],
  ['FRELAY', iso, '2:03cc', false],
  ['RAW', ip, '0:45', true],
  ['RAW', ip6, '0:45', false],
  ['RAW', arp, '0:45', false],
  ['NULL', ip, '0:00000002', false],
  ['JUNIPER_ES', arp, '0:4d4743', true],
  ['JUNIPER_ES', arp, '0:4d4744', false],
  ['SUNATM', stp, '0:01 4:42', false],
])('%s: protocol 0x%s of %s: %s', (linkType, protocol, text, expected) => {
  const test: Test = (build, to) => isProtocol(build, start(linkType), protocol, to);
  expect(passes(linkType, packet(text), test)).toBe(expected);
});

test('a capture file may be from any machine', () => {
  const savefile = startOf('NULL', { linux: false, savefile: true });
  const isIp6: Test = (build, to) => isProtocol(build, savefile, ip6, to);
  for (const family of ['1e000000', '0000001e', '00000018', '1c000000']) {
    expect(passes('NULL', packet(`0:${family}`), isIp6)).toBe(true);
  }
  expect(passes('NULL', packet('0:02000000'), isIp6)).toBe(false);
});

test('a prologue is there only if something needs it', () => {
  const always: Test = (_, to) => to.yes;
  expect(passes('IEEE802_11_RADIO', [], always)).toBe(true);
  const isData: Test = (build, to) => hasLlc(build, start('IEEE802_11_RADIO'), to);
  // The radio header's length is in bytes 2 and 3; the end of the 802.11 header is not asked for.
  expect(passes('IEEE802_11_RADIO', [0x00, 0x00, 0x00, 0x00, 0x08], isData)).toBe(false);
  expect(passes('IEEE802_11_RADIO', [0x00, 0x00, 0x04, 0x00, 0x08], isData)).toBe(true);
});

describe('inside of other things', () => {
  const inside = (outer: Headers, inner: Headers, at: string): boolean =>
    passes(outer.linkType, packet(at), announcesAb(inner, ip));

  test('VLAN tags, one after the other', () => {
    const ethernet = start('EN10MB');
    expect(inside(ethernet, behindVlan(ethernet), '16:0800 18:ab')).toBe(true);
    expect(inside(ethernet, behindVlan(behindVlan(ethernet)), '20:0800 22:ab')).toBe(true);
  });

  test('MPLS: the last label, then the version of IP', () => {
    const ethernet = start('EN10MB');
    const once = behindMpls(ethernet);
    const isIp =
      (headers: Headers): Test =>
      (build, to) =>
        isProtocol(build, headers, ip, to);
    expect(passes('EN10MB', packet('16:01 18:45'), isIp(once))).toBe(true);
    expect(passes('EN10MB', packet('16:00 18:45'), isIp(once))).toBe(false);
    expect(passes('EN10MB', packet('16:01 18:60'), isIp(once))).toBe(false);
    expect(passes('EN10MB', packet('20:01 22:45'), isIp(behindMpls(once)))).toBe(true);
    expect(unsupportedProtocol(once, arp)).toEqual({ kind: 'in-mpls', protocol: arp });
  });

  test('PPPoE: PPP', () => {
    const ethernet = start('EN10MB');
    expect(inside(ethernet, behindPppoe(ethernet), '20:0021 22:ab')).toBe(true);
    const tagged = behindVlan(ethernet);
    expect(inside(ethernet, behindPppoe(tagged), '24:0021 26:ab')).toBe(true);
  });

  test('LAN emulation: Ethernet, but not its control frames', () => {
    const sunAtm = start('SUNATM');
    const lane = insideLane(sunAtm);
    expect(inside(sunAtm, lane, '18:0800 20:ab')).toBe(true);
    expect(inside(sunAtm, lane, '4:ff00 18:0800 20:ab')).toBe(false);
    const isLane: Test = (build, to) => isAtmLane(build, sunAtm, to);
    expect(passes('SUNATM', packet('0:81'), isLane)).toBe(true);
    expect(passes('SUNATM', packet('0:82'), isLane)).toBe(false);
  });

  test('a tunnel: where scratch words say, and perhaps without Ethernet', () => {
    const ethernet = start('EN10MB');
    const inner = insideTunnel(ethernet);
    const words = tunnelWords(ethernet);
    const withWords =
      (protocol: number, header: number, payload: number, make: Test): Test =>
      (build, to) =>
        [
          [words.protocol, protocol] as const,
          [words.header, header] as const,
          [words.payload, payload] as const,
        ].reduceRight(
          (next, [word, value]) => build.store(word, constant(value), next),
          make(build, to),
        );
    const isIp = announcesAb(inner, ip);
    const hasAddresses: Test = (build, to) => holdsGuard(build, inner, to);
    const framed = packet('62:0800 64:ab');
    expect(passes('EN10MB', framed, withWords(62, 50, 64, isIp))).toBe(true);
    expect(passes('EN10MB', framed, withWords(62, 50, 64, hasAddresses))).toBe(true);
    const bare = packet('44:0800 50:ab');
    expect(passes('EN10MB', bare, withWords(44, 50, 50, isIp))).toBe(true);
    expect(passes('EN10MB', bare, withWords(44, 50, 50, hasAddresses))).toBe(false);
    // Where no tunnel has been found, the words hold 0, and there are no addresses either.
    expect(passes('EN10MB', bare, hasAddresses)).toBe(false);
    expect(tunnelWords(inner).protocol).toBe(words.payload + 1);
  });
});

test.each<readonly [LinkTypeName, string, boolean]>([
  ['EN10MB', '12:0040 14:4242', true],
  ['EN10MB', '12:0040 14:ffff', false],
  ['EN10MB', '12:0800 14:4242', false],
  ['IEEE802', '0:00', true],
  ['IEEE802_11', '0:88', true],
  ['IEEE802_11', '0:84', false],
  ['SUNATM', '0:02', true],
  ['SUNATM', '0:05', false],
  ['PPP', '0:00', false],
])('%s: llc of %s: %s', (linkType, text, expected) => {
  const test: Test = (build, to) => hasLlc(build, start(linkType), to);
  expect(passes(linkType, packet(text), test)).toBe(expected);
});

test.each<readonly [LinkTypeName, string, 'inbound' | 'outbound' | 'neither']>([
  ['DSA_TAG_BRCM', '12:00', 'inbound'],
  ['DSA_TAG_BRCM', '12:2c', 'outbound'],
  ['DSA_TAG_DSA', '12:c0', 'neither'],
  ['DSA_TAG_DSA', '12:40', 'outbound'],
  ['LINUX_SLL', '0:0004', 'outbound'],
  ['LINUX_SLL', '0:0003', 'inbound'],
  ['LINUX_SLL2', '10:04', 'outbound'],
  ['PFLOG', '60:01', 'inbound'],
  ['PPP_PPPD', '0:01', 'outbound'],
  ['SLIP', '0:00', 'inbound'],
  ['SLIP', '0:02', 'neither'],
  ['IPNET', '2:0002', 'inbound'],
  ['JUNIPER_VP', '0:4d474301', 'inbound'],
  ['JUNIPER_VP', '0:4d474302', 'outbound'],
])('%s: a packet with %s is %s', (linkType, text, expected) => {
  const { header, link } = start(linkType);
  for (const way of ['inbound', 'outbound'] as const) {
    const field = link.direction![way];
    const went = passes(linkType, packet(text), (build, to) => fieldIs(build, header, field, to));
    expect(went).toBe(way === expected);
  }
});

describe('what can be asked for', () => {
  test.each<readonly [LinkTypeName, number, string | undefined]>([
    ['EN10MB', 255, undefined],
    ['EN10MB', 256, 'LLC SAP'],
    ['EN10MB', 1500, 'LLC SAP'],
    ['EN10MB', 1501, undefined],
    ['EN10MB', 65536, 'EtherType'],
    ['LINUX_SLL2', 1500, undefined],
    ['LINUX_SLL2', 65536, 'EtherType'],
    ['PPP', 1500, undefined],
    ['PPP', 65536, 'PPP protocol'],
    ['C_HDLC', 65536, 'HDLC protocol'],
    ['RAW', 65536, undefined],
  ])('%s: %i', (linkType, protocol, field) => {
    const unsupported = unsupportedProtocol(start(linkType), protocol);
    if (field === undefined) expect(unsupported).toBeUndefined();
    else expect(unsupported).toMatchObject({ kind: 'number-too-large', field, value: protocol });
  });

  test('a link type without protocols announces none', () => {
    expect(unsupportedProtocol(start('USB_LINUX'), ip)).toEqual({
      kind: 'no-protocols',
      linkType: 'USB_LINUX',
    });
    const test: Test = (build, to) => isProtocol(build, start('USB_LINUX'), ip, to);
    expect(passes('USB_LINUX', packet('12:0800'), test)).toBe(false);
  });

  test('some answers are known without a packet', () => {
    expect(knownProtocol(start('IPV4'), ip)).toBe(true);
    expect(knownProtocol(start('IPV4'), ip6)).toBe(false);
    expect(knownProtocol(start('RAW'), ip)).toBeUndefined();
    expect(knownProtocol(start('RAW'), arp)).toBe(false);
    expect(knownProtocol(start('EN10MB'), ip)).toBeUndefined();
    expect(knownProtocol(start('USB_LINUX'), ip)).toBe(false);
  });

  test('every link type has a start, and makes its programs without fail', () => {
    for (const linkType of Object.keys(linkTypes) as LinkTypeName[]) {
      const headers = start(linkType);
      expect(headers.link.name).toBe(linkType);
      for (const protocol of [ip, ip6, arp, atalk, ipx, iso, stp]) {
        passes(linkType, packet('12:0800'), announcesAb(headers, protocol));
      }
    }
  });
});
