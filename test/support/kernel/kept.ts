/** Filters that the kernel once answered wrongly, tried at every strategy. */
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
];
