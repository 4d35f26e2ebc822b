/**
 * Functions and tracepoints that see each packet at the edge of a device: there the direction is
 * known, and that the frame begins as device's do. Elsewhere the packet's own fields tell.
 */
const EDGES: Readonly<Record<string, 'in' | 'out'>> = {
  netif_receive_skb: 'in',
  netif_receive_skb_entry: 'in',
  netif_receive_skb_list_entry: 'in',
  netif_rx: 'in',
  netif_rx_entry: 'in',
  napi_gro_receive_entry: 'in',
  napi_gro_frags_entry: 'in',
  net_dev_queue: 'out',
  net_dev_start_xmit: 'out',
  dev_hard_start_xmit: 'out',
  __dev_queue_xmit: 'out',
};

/** `enum place` of capture_skb.h and the direction for a function or a tracepoint of this name. */
export function placeOf(name: string): { place: string; direction: 'in' | 'out' } {
  const direction = Object.hasOwn(EDGES, name) ? EDGES[name]! : undefined;
  if (direction === undefined) return { place: 'ANYWHERE', direction: 'in' };
  return { place: direction === 'in' ? 'ENTERING_DEVICE' : 'LEAVING_DEVICE', direction };
}
