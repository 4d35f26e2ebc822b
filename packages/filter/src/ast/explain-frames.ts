/** In English what the words after `llc`, `type`, `subtype` and `dir` stand for. */

type Names = Readonly<Record<string, string>>;

/** IEEE 802.2, by the words of `llcControls`. */
export const llcNames: Names = {
  i: 'an information frame',
  s: 'a supervisory frame',
  u: 'an unnumbered frame',
  rr: 'receive ready (RR)',
  rnr: 'receive not ready (RNR)',
  rej: 'reject (REJ)',
  ui: 'unnumbered information (UI)',
  ua: 'unnumbered acknowledgement (UA)',
  disc: 'disconnect (DISC)',
  dm: 'disconnected mode (DM)',
  sabme: 'set asynchronous balanced mode extended (SABME)',
  test: 'a test',
  xid: 'exchange identification (XID)',
  frmr: 'frame reject (FRMR)',
};

/** IEEE 802.11, by the words of `wlanTypes`. */
export const typeNames: Names = {
  mgt: 'management',
  management: 'management',
  ctl: 'control',
  control: 'control',
  data: 'data',
};

/** The same by the words of `wlanSubtypes`. */
export const subtypeNames: Names = {
  'assoc-req': 'association request',
  assocreq: 'association request',
  'assoc-resp': 'association response',
  assocresp: 'association response',
  'reassoc-req': 'reassociation request',
  reassocreq: 'reassociation request',
  'reassoc-resp': 'reassociation response',
  reassocresp: 'reassociation response',
  'probe-req': 'probe request',
  probereq: 'probe request',
  'probe-resp': 'probe response',
  proberesp: 'probe response',
  beacon: 'beacon',
  atim: 'announcement traffic indication message (ATIM)',
  disassoc: 'disassociation',
  disassociation: 'disassociation',
  auth: 'authentication',
  authentication: 'authentication',
  deauth: 'deauthentication',
  deauthentication: 'deauthentication',
  bar: 'block acknowledgement request',
  ba: 'block acknowledgement',
  'ps-poll': 'power-save poll',
  rts: 'request to send (RTS)',
  cts: 'clear to send (CTS)',
  ack: 'acknowledgement',
  'cf-end': 'end of the contention-free period',
  'cf-end-ack': 'end of the contention-free period, with acknowledgement',
  data: 'plain data',
  'data-cf-ack': 'data with contention-free acknowledgement',
  'data-cf-poll': 'data with contention-free poll',
  'data-cf-ack-poll': 'data with contention-free acknowledgement and poll',
  null: 'null, without data',
  'cf-ack': 'contention-free acknowledgement, without data',
  'cf-poll': 'contention-free poll, without data',
  'cf-ack-poll': 'contention-free acknowledgement and poll, without data',
  'qos-data': 'QoS data',
  'qos-data-cf-ack': 'QoS data with contention-free acknowledgement',
  'qos-data-cf-poll': 'QoS data with contention-free poll',
  'qos-data-cf-ack-poll': 'QoS data with contention-free acknowledgement and poll',
  qos: 'QoS null, without data',
  'qos-cf-poll': 'QoS contention-free poll, without data',
  'qos-cf-ack-poll': 'QoS contention-free acknowledgement and poll, without data',
};

/** The bits ToDS and FromDS, in the order of their numbers: those of `wlanDirections`. */
export const directionNames: Names = {
  nods: 'from station to station (neither to nor from the distribution system)',
  tods: 'from a station to an access point (to the distribution system)',
  fromds: 'from an access point to a station (from the distribution system)',
  dstods: 'from one access point to another (to and from the distribution system)',
};
