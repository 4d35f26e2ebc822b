/*
 * What each of these files begins with. They are C as somebody writes it who knows XDP well: no
 * structs, a bounds check and then plain reads (one check of 34 bytes where no shorter frame can
 * match, otherwise header by header), constants swapped and not packets, tests nested so that what
 * refuses most comes first. On whole frames they give what the filter above them gives; on frames that
 * are cut off within a header they may refuse where the filter still knows.
 */

#define be16(value) from_be16((__u16)(value))
#define be32(value) from_be32((__u32)(value))

#define ETH_P_IP 0x0800
#define ETH_P_ARP 0x0806
#define ETH_P_RARP 0x8035
#define ETH_P_IPV6 0x86dd
#define ETH_P_8021Q 0x8100
#define ETH_P_8021AD 0x88a8
#define ETH_P_QINQ1 0x9100

#define IPPROTO_HOPOPTS 0
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_ROUTING 43
#define IPPROTO_FRAGMENT 44
#define IPPROTO_AH 51
#define IPPROTO_DSTOPTS 60
#define IPPROTO_SCTP 132
