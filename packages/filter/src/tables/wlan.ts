/**
 * Words for IEEE 802.11's frame control field: type and subtype as they stand in its first byte
 * (bits 2 and 3, bits 4 to 7), direction as in its second (bits 0 and 1). Case does not count.
 */
export const wlanTypes: Readonly<Record<string, number>> = {
  mgt: 0x00,
  management: 0x00,
  ctl: 0x04,
  control: 0x04,
  data: 0x08,
};

export const typeMask = 0x0c;
export const subtypeMask = 0xf0;

/** Subtypes by type; a subtype that is given alone is looked for in this order. */
export const wlanSubtypes: readonly {
  readonly type: number;
  readonly name: string;
  readonly subtypes: Readonly<Record<string, number>>;
}[] = [
  {
    type: 0x00,
    name: 'mgt',
    subtypes: {
      'assoc-req': 0x00,
      assocreq: 0x00,
      'assoc-resp': 0x10,
      assocresp: 0x10,
      'reassoc-req': 0x20,
      reassocreq: 0x20,
      'reassoc-resp': 0x30,
      reassocresp: 0x30,
      'probe-req': 0x40,
      probereq: 0x40,
      'probe-resp': 0x50,
      proberesp: 0x50,
      beacon: 0x80,
      atim: 0x90,
      disassoc: 0xa0,
      disassociation: 0xa0,
      auth: 0xb0,
      authentication: 0xb0,
      deauth: 0xc0,
      deauthentication: 0xc0,
    },
  },
  {
    type: 0x04,
    name: 'ctl',
    subtypes: {
      bar: 0x80,
      ba: 0x90,
      'ps-poll': 0xa0,
      rts: 0xb0,
      cts: 0xc0,
      ack: 0xd0,
      'cf-end': 0xe0,
      'cf-end-ack': 0xf0,
    },
  },
  {
    type: 0x08,
    name: 'data',
    subtypes: {
      data: 0x00,
      'data-cf-ack': 0x10,
      'data-cf-poll': 0x20,
      'data-cf-ack-poll': 0x30,
      null: 0x40,
      'cf-ack': 0x50,
      'cf-poll': 0x60,
      'cf-ack-poll': 0x70,
      'qos-data': 0x80,
      'qos-data-cf-ack': 0x90,
      'qos-data-cf-poll': 0xa0,
      'qos-data-cf-ack-poll': 0xb0,
      qos: 0xc0,
      'qos-cf-poll': 0xe0,
      'qos-cf-ack-poll': 0xf0,
    },
  },
];

export const wlanDirections: Readonly<Record<string, number>> = {
  nods: 0,
  tods: 1,
  fromds: 2,
  dstods: 3,
};
