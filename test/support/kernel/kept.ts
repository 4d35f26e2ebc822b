const twenty = (item: (index: number) => string): string =>
  Array.from({ length: 20 }, (_, index) => item(index)).join(' or ');

/** Filters that the kernel once answered wrongly, or that only it knows; tried at every strategy. */
export const kept: readonly string[] = [
  // The length as a number of 64 bits, where all arithmetic is of 32.
  '(17 - icmp[icmpcode:1] + len + 0xff) < icmp6-echo',
  'len != ip[6:2] and tcp dst portrange 443',
  // The length of the first buffer for that of the packet.
  '(ether[12:2] ^ 80 | len) > 0x0800',
  'src port ssh or len >= (len | ip[100])',
  // A transport header of raw IP, which is where an Ethernet frame has its addresses.
  '0 - icmp[1] > 0xffffff80 and len < 1000',
  'len & tcp-syn = 2 or 0xff <= ip[len & tcp-syn:2]',
  // An index of which the verifier of the stack's bytes does not know that it is aligned.
  'ip[icmp[0:4]:2] = 1 or ip[ip[8] & 0x1f:4] > 7',
  // A tag in the bytes of which no more than the Ethernet header is linear.
  'vlan 7 and vlan 3',
  'vlan and ether src 02:00:5e:10:00:02 and vlan',
  'vlan and ether[10:4] = 0x00020800 or vlan and ether proto 0x88cc',
  // Not in random filters: libpcap has it on link types of no hook.
  'ifname left or ifname raw0 and not ip[8] < 2',
  'not ifname right and not ifname lef',
  // Tables whose keys are several words.
  `ip6 host ${twenty((index) => `2001:db8::${(7 * index + 1).toString(16)}`)}`,
  twenty((index) => `(src host 10.0.0.${index + 1} and dst host 10.0.1.${200 - index})`),
  // Cut into parts.
  '(rarp net 10.0) or protochain ipv6-icmp || (byte 20 & 8) and vlan and vlan 4095 and protochain \\tcp',
];
