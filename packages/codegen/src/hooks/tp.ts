import { nearest } from '@hookdump/filter';
import { placeOf } from './place.ts';
import { programName } from './target.ts';
import type { HookKind } from './types.ts';

/**
 * Tracepoints whose events hold an sk_buff's address in a field `skbaddr`, with the class of the
 * event (include/trace/events/): the kernel's struct is trace_event_raw_CLASS. Those are left out
 * behind which the packet may be freed (net_dev_xmit).
 */
const EVENTS: Readonly<Record<string, string>> = {
  'net/netif_receive_skb': 'net_dev_template',
  'net/netif_rx': 'net_dev_template',
  'net/net_dev_queue': 'net_dev_template',
  'net/net_dev_start_xmit': 'net_dev_start_xmit',
  'net/netif_receive_skb_entry': 'net_dev_rx_verbose_template',
  'net/netif_receive_skb_list_entry': 'net_dev_rx_verbose_template',
  'net/netif_rx_entry': 'net_dev_rx_verbose_template',
  'net/napi_gro_receive_entry': 'net_dev_rx_verbose_template',
  'net/napi_gro_frags_entry': 'net_dev_rx_verbose_template',
  'skb/kfree_skb': 'kfree_skb',
  'skb/consume_skb': 'consume_skb',
  'qdisc/qdisc_dequeue': 'qdisc_dequeue',
  'qdisc/qdisc_enqueue': 'qdisc_enqueue',
};

/** Classic tracepoints. */
export const tp: HookKind = {
  kind: 'tp',
  syntax: 'tp:CATEGORY/NAME',
  description: 'packets of the classic tracepoints',
  template: 'tp.bpf.c',
  strategy: 'packet_skb.h',
  ancillary: 'ancillary_skb.h',
  linkTypes: ['EN10MB', 'RAW'],
  mixesLinkTypes: true,
  transport: 'ring',
  needs: { version: '5.8', reason: 'the ring buffer; tracefs, BTF' },
  parse(target = '') {
    const names = Object.keys(EVENTS);
    const known = `known are ${names.map((name) => `tp:${name}`).join(', ')}`;
    if (target === '') {
      return { ok: false, message: 'hook tp needs the name of a tracepoint', hint: known };
    }
    const event = Object.hasOwn(EVENTS, target) ? EVENTS[target] : undefined;
    if (event === undefined) {
      const message = `tracepoint '${target}' is not one whose event is known to hold a packet`;
      const meant = nearest(target, names);
      return {
        ok: false,
        message,
        hint: meant === undefined ? known : `did you mean 'tp:${meant}'?`,
      };
    }
    const { place, direction } = placeOf(target.slice(target.indexOf('/') + 1));
    return {
      ok: true,
      hook: {
        kind: tp,
        spec: `tp:${target}`,
        target,
        program: programName(target),
        direction,
        words: { hook_target: target, hook_event: event, HOOK_PLACE: place },
      },
    };
  },
};
