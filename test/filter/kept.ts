import type { Filter } from '../support/filters/index.ts';

/** Filters that once were wrong, as small as they could be made: compared each time. */
export const kept: readonly Filter[] = [
  // The mistakes of libpcap's that we must not make (its optimizer's are no matter here).
  { linkType: 'EN10MB', text: '1 / 2 = 1 / 3 && 1 > 4 / 5 && 1 > 6 / 7' },
  { linkType: 'IEEE802_11_RADIO', text: '( radio [ 16 ] & 0x40 ) == 0 and subtype probe-req' },
  { linkType: 'EN10MB', text: 'vlan 2 or vlan 3' },
  { linkType: 'EN10MB', text: 'len > 100 and vlan and host 1.2.3.4' },
  // Inside of Geneve without Ethernet, an LLC SAP is two bytes behind the protocol field.
  { linkType: 'EN10MB', text: 'geneve and link proto 0x57' },
];
