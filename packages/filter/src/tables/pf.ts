/**
 * What OpenBSD's packet filter writes into its log, by name (<net/pfvar.h>, what all systems have
 * in common and libpcap on Linux therefore knows). Case does not count.
 */
export const pfReasons: Readonly<Record<string, number>> = {
  match: 0,
  'bad-offset': 1,
  fragment: 2,
  short: 3,
  normalize: 4,
  memory: 5,
  'bad-timestamp': 6,
  congestion: 7,
  'ip-option': 8,
  'proto-cksum': 9,
  'state-mismatch': 10,
  'state-insert': 11,
  'state-limit': 12,
  'src-limit': 13,
  synproxy: 14,
};

export const pfActions: Readonly<Record<string, number>> = {
  pass: 0,
  accept: 0,
  block: 1,
  drop: 1,
  scrub: 2,
  noscrub: 3,
  nat: 4,
  nonat: 5,
  binat: 6,
  nobinat: 7,
  rdr: 8,
  nordr: 9,
  'synproxy-drop': 10,
};

/** Bytes of the name of an interface or of a rule set in the log's header, with a 0 at its end. */
export const pfNameSize = 16;
