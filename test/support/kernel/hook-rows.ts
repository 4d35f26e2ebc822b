/** How packets are sent on their way to the hooks. */
export interface Way {
  readonly to: string;
  /** Bytes of payload. */
  readonly payload: number;
}

/** One sk_buff: head and pages. */
export const PAGED: Way = { to: '127.0.0.1', payload: 60_000 };
/** In 21 fragments, which the receiver puts together as a list of sk_buffs. */
const LISTED: Way = { to: '10.78.0.2', payload: 30_000 };
const SMALL: Way = { to: '10.78.0.2', payload: 100 };
const SMALL_LOCAL: Way = { to: '127.0.0.1', payload: 100 };

/** By kind, functions where the packet is as the comment says. */
export const rows: readonly (readonly [spec: string, way: Way])[] = [
  // A frame, `data` behind its Ethernet header.
  ['tp_btf:netif_receive_skb', PAGED],
  ['raw_tp:netif_receive_skb', SMALL],
  ['raw_tp:netif_receive_skb', PAGED],
  ['tp:net/netif_receive_skb', SMALL],
  ['tp:net/netif_receive_skb', PAGED],
  // A frame that begins at `data`.
  ['tp:net/net_dev_queue', SMALL],
  ['fentry:dev_hard_start_xmit', SMALL],
  ['kprobe:dev_hard_start_xmit', SMALL],
  // At the IP header, with an Ethernet header in front.
  ['kprobe:ip_rcv', PAGED],
  ['fentry:ip_rcv', PAGED],
  ['fexit:eth_type_trans', PAGED],
  // No Ethernet header yet, the device not known yet.
  ['kprobe:ip_output@2', SMALL],
  ['fentry:ip_output@2', SMALL_LOCAL],
  ['fentry:ip_output@2', PAGED],
  // At the UDP header.
  ['kprobe:udp_rcv', SMALL],
  ['kprobe:udp_rcv', LISTED],
  ['fentry:udp_rcv', LISTED],
];
