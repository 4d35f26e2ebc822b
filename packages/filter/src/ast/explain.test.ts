import { expect, test } from 'vitest';
import { parse } from '../1-parse/index.ts';
import { llcControls } from '../tables/llc.ts';
import { wlanDirections, wlanSubtypes, wlanTypes } from '../tables/wlan.ts';
import { words } from '../tables/words.ts';
import { explain } from './explain.ts';
import { directionNames, llcNames, subtypeNames, typeNames } from './explain-frames.ts';

const told = (text: string): string => {
  const { ast, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return explain(ast);
};

test('what a filter means, as somebody would tell it', () => {
  const filters = [
    '',
    'tcp port 80 or 443 and host 10.0.0.1',
    'ip or arp and len > 100',
    'ip or arp and tcp or udp and ip6 or icmp',
    'not (src net 10.1 or ether host 0:1:2:3:4:5) and not broadcast',
    'port (80 or not 443)',
    'vlan 2 or vlan 3',
    'vlan and (ip or mpls 5) and tcp[13] = 2 and len > 100',
    'geneve 7 and host 10.0.0.1',
    'tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and tcp[13] & 4 != 0 and tcp[13] & 9 = 0',
    'ip[2:2] - ((ip[0] & 0xf) << 2) > 7 % 4 + 1',
    'ether[len - 1] = 0 or link[12:2] >= 0x600 or ip[ip[0]:4] & 0xff != 0xff',
    'net 10 or net 0x0a01 or net 0 or host 10 or net 1.2.3.4/20 or net 10.0 mask 255.0',
    'ip6 host fe80::1 or net fe80::/10 or host www.example or net lan or arp src host 1.2.3.4',
    'src and dst port 53 or tcp portrange 80-90 or udp src port \\len',
    'ip proto 6 or ip6 proto \\tcp or proto ospf or ether proto 0x88cc or iso proto 0x83',
    'isis proto 15 or ip6 protochain 6 or gateway router or decnet src 1.1 or link host $1',
    'wlan ta 1:2:3:4:5:6 or type mgt subtype beacon or subtype ack or dir 3',
    'vpi (5 or 6) or opc > 5 or llc or llc rnr or byte 0 & 1 or byte 1 | 2 or byte 2 < 3',
    'ifname em0 or rset main or rnr 5 or srnr 6 or reason match or action pass',
    'ifindex 2 or less 64 or greater 1500 or inbound or ip broadcast or ip6 multicast',
    'portrange 90-80 or portrange 0x50-0100 or portrange ftp-ssh or port ftp-data',
    'llc RNR or llc s or type data or subtype qos-data or type 8 or dir tods or dir 7',
    'ether proto \\ip or ether proto lldp or iso proto \\clnp or ether host 0102.030a.0b0c',
    'proto constructor or llc constructor or ether host constructor',
    'tcp or 80',
  ];
  const page = filters.map((filter) => `> ${filter}\n${told(filter)}`).join('\n');
  expect(page).toMatchInlineSnapshot(`
    "> 
    every packet

    > tcp port 80 or 443 and host 10.0.0.1
    all of:
      any of:
        TCP with source or destination port 80
        TCP with source or destination port 443
      IPv4, ARP or RARP with source or destination address 10.0.0.1
    note: ports are found in first fragments of IPv4 and right behind the fixed header of IPv6 only
    note: 'and' and 'or' bind alike and are taken from left to right

    > ip or arp and len > 100
    all of:
      any of:
        IPv4
        ARP
      the packet's length is greater than 100
    note: 'and' and 'or' bind alike and are taken from left to right

    > ip or arp and tcp or udp and ip6 or icmp
    step by step, each applied to what came before:
      IPv4
      or ARP
      and TCP over IPv4 or IPv6
      or UDP over IPv4 or IPv6
      and IPv6
      or ICMP over IPv4
    note: 'and' and 'or' bind alike and are taken from left to right

    > not (src net 10.1 or ether host 0:1:2:3:4:5) and not broadcast
    all of:
      not any of:
        IPv4, ARP or RARP with a source address in 10.1.0.0/16
        a frame with source or destination hardware address 0:1:2:3:4:5
      not a frame to the broadcast hardware address

    > port (80 or not 443)
    any of:
      TCP, UDP or SCTP with source or destination port 80
      not TCP, UDP or SCTP with source or destination port 443
    note: ports are found in first fragments of IPv4 and right behind the fixed header of IPv6 only

    > vlan 2 or vlan 3
    any of:
      a VLAN tag of ID 2
      a VLAN tag of ID 3 behind the VLAN tag
    note: all that stands further right looks behind such a header, also after 'or' and outside of parentheses

    > vlan and (ip or mpls 5) and tcp[13] = 2 and len > 100
    all of:
      a VLAN tag
      any of:
        IPv4 behind the VLAN tag
        an MPLS label of value 5 behind the VLAN tag
      TCP over IPv4 behind the MPLS label, where byte 13 of the TCP header is 2
      the packet's length is greater than 100
    note: all that stands further right looks behind such a header, also after 'or' and outside of parentheses
    note: 'tcp[…]' looks into IPv4 only, and there into first fragments only

    > geneve 7 and host 10.0.0.1
    all of:
      Geneve (UDP port 6081) of VNI 7
      IPv4, ARP or RARP with source or destination address 10.0.0.1 inside of Geneve
    note: all that stands further right looks behind such a header, also after 'or' and outside of parentheses

    > tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and tcp[13] & 4 != 0 and tcp[13] & 9 = 0
    all of:
      TCP over IPv4, where of the bits 0x12 (SYN, ACK) in byte 13 of the TCP header, 0x2 (SYN) and no other is set
      TCP over IPv4, where any of the bits 0x4 (RST) in byte 13 of the TCP header is set
      TCP over IPv4, where none of the bits 0x9 (FIN, PSH) in byte 13 of the TCP header is set
    note: 'tcp[…]' looks into IPv4 only, and there into first fragments only

    > ip[2:2] - ((ip[0] & 0xf) << 2) > 7 % 4 + 1
    IPv4, where ip[2:2] - ((ip[0] & 0xf) << 2) is greater than 7 % (4 + 1)

    > ether[len - 1] = 0 or link[12:2] >= 0x600 or ip[ip[0]:4] & 0xff != 0xff
    any of:
      the byte at len - 1 of the frame is 0
      the number in bytes 12 to 13 of the frame is at least 0x600
      IPv4, where not all of the bits 0xff in the number in 4 bytes at ip[0] of the IPv4 header are set

    > net 10 or net 0x0a01 or net 0 or host 10 or net 1.2.3.4/20 or net 10.0 mask 255.0
    any of:
      IPv4, ARP or RARP with a source or destination address in 10.0.0.0/8
      IPv4, ARP or RARP with a source or destination address in 10.1.0.0/16
      IPv4, ARP or RARP with source or destination address 0.0.0.0
      IPv4, ARP or RARP with source or destination address 0.0.0.10
      IPv4, ARP or RARP with a source or destination address in 1.2.3.4/20
      IPv4, ARP or RARP with a source or destination address that is 10.0.0.0 under the mask 255.0.0.0

    > ip6 host fe80::1 or net fe80::/10 or host www.example or net lan or arp src host 1.2.3.4
    any of:
      IPv6 with source or destination address fe80::1
      IPv6 with a source or destination address in fe80::/10
      IPv4, ARP, RARP or IPv6 with a source or destination address of www.example
      IPv4, ARP or RARP with a source or destination address in the network called lan
      ARP with source address 1.2.3.4

    > src and dst port 53 or tcp portrange 80-90 or udp src port \\len
    any of:
      TCP, UDP or SCTP with source and destination port 53
      TCP with a source or destination port from 80 to 90
      UDP with source port len
    note: ports are found in first fragments of IPv4 and right behind the fixed header of IPv6 only

    > ip proto 6 or ip6 proto \\tcp or proto ospf or ether proto 0x88cc or iso proto 0x83
    any of:
      IPv4 that carries protocol 6
      IPv6 that carries TCP, behind a fragment header at most
      IPv4 or IPv6 that carries protocol ospf
      a frame of link-layer type 0x88cc
      OSI of network-layer protocol 0x83

    > isis proto 15 or ip6 protochain 6 or gateway router or decnet src 1.1 or link host $1
    any of:
      IS-IS of PDU type 15
      IPv6 with protocol 6 somewhere in the chain of headers
      IPv4, ARP or RARP that goes through the gateway router: its hardware address, but not its IP address
      DECnet with source node 1.1
      a frame with source or destination hardware address $1

    > wlan ta 1:2:3:4:5:6 or type mgt subtype beacon or subtype ack or dir 3
    any of:
      a frame with transmitter hardware address 1:2:3:4:5:6
      an 802.11 management frame of subtype beacon
      an 802.11 frame of subtype acknowledgement
      an 802.11 frame from one access point to another (to and from the distribution system)

    > vpi (5 or 6) or opc > 5 or llc or llc rnr or byte 0 & 1 or byte 1 | 2 or byte 2 < 3
    any of:
      the ATM virtual path (VPI) is 5 or 6
      the SS7 originating point code is greater than 5
      LLC
      LLC, receive not ready (RNR)
      any of the bits 1 in byte 0 of the frame is set
      byte 1 of the frame | 2 is not 0
      byte 2 of the frame is less than 3

    > ifname em0 or rset main or rnr 5 or srnr 6 or reason match or action pass
    any of:
      a packet on interface em0, or logged by PF on one whose name begins so
      a packet that PF logged for rulesets whose names begin with main
      a packet that PF logged for rule number 5
      a packet that PF logged for subrule number 6
      a packet that PF logged for the reason match
      a packet that PF logged as action pass

    > ifindex 2 or less 64 or greater 1500 or inbound or ip broadcast or ip6 multicast
    any of:
      the interface of index 2
      a length of at most 64 bytes
      a length of at least 1500 bytes
      a packet that came in
      IPv4 to a broadcast address of the network
      IPv6 to a multicast address

    > portrange 90-80 or portrange 0x50-0100 or portrange ftp-ssh or port ftp-data
    any of:
      TCP, UDP or SCTP with a source or destination port from 80 to 90
      TCP, UDP or SCTP with a source or destination port from 0100 to 0x50
      TCP, UDP or SCTP with a source or destination port from ftp to ssh
      TCP, UDP or SCTP with source or destination port ftp-data
    note: ports are found in first fragments of IPv4 and right behind the fixed header of IPv6 only

    > llc RNR or llc s or type data or subtype qos-data or type 8 or dir tods or dir 7
    any of:
      LLC, receive not ready (RNR)
      LLC, a supervisory frame
      an 802.11 data frame
      an 802.11 frame of subtype QoS data
      an 802.11 frame of type 8
      an 802.11 frame from a station to an access point (to the distribution system)
      an 802.11 frame of direction 7

    > ether proto \\ip or ether proto lldp or iso proto \\clnp or ether host 0102.030a.0b0c
    any of:
      a frame that carries IPv4
      a frame that carries LLDP
      OSI CLNP
      a frame with source or destination hardware address 01:02:03:0a:0b:0c

    > proto constructor or llc constructor or ether host constructor
    any of:
      IPv4 or IPv6 that carries protocol constructor
      LLC of type constructor
      a frame with a source or destination hardware address of constructor

    > tcp or 80
    any of:
      TCP over IPv4 or IPv6
      80, of which nothing says what it is
    "
  `);
});

test('every word for frames of 802.2 and 802.11 is told in English', () => {
  const subtypes = wlanSubtypes.flatMap((type) => Object.keys(type.subtypes));
  expect(Object.keys(llcNames)).toEqual(Object.keys(llcControls));
  expect(Object.keys(typeNames)).toEqual(Object.keys(wlanTypes));
  expect(Object.keys(subtypeNames)).toEqual([...new Set(subtypes)]);
  expect(Object.keys(directionNames)).toEqual(Object.keys(wlanDirections));
  expect(Object.values(wlanDirections)).toEqual([0, 1, 2, 3]);
});

test('every word has an explanation of its own', () => {
  const alone = [
    ...words.protocols,
    ...words.tests,
    ...words.encapsulations,
    ...words.casts,
  ].filter((word) => word !== 'radio');
  const explanations = alone.map((word) => told(word).replace(/\n.*/s, ''));
  for (const [index, word] of alone.entries()) {
    expect([word, explanations[index] !== word]).toEqual([word, true]);
  }
  // `oamf4` is `oam`.
  expect(new Set(explanations).size).toBe(alone.length - 1);
});

test('long and deep filters are explained too', () => {
  const alternating = `ip${' or arp and tcp'.repeat(5000)}`;
  expect(told(alternating).split('\n').length).toBe(10_000 + 4);
  expect(told(`${'not '.repeat(190)}ip`)).toBe('IPv4\n');
  expect(told(`${'not '.repeat(191)}ip`)).toBe('not IPv4\n');
  const hosts = Array.from({ length: 10_000 }, (_, i) => `host 10.0.${i >> 8}.${i & 255}`);
  expect(told(hosts.join(' or ')).split('\n').length).toBe(10_000 + 2);
});
