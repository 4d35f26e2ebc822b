import type { Random } from '../random.ts';

/** Words of one or a few link types. */
const comparisons = ['=', '==', '!=', '>', '>=', '<', '<='] as const;

/** `opc 5`, `opc > 5`, `opc (5 or 6)`. */
function field(r: Random, name: string, values: readonly string[]): string {
  switch (r.below(3)) {
    case 0:
      return `${name} ${r.pick(values)}`;
    case 1:
      return `${name} ${r.pick(comparisons)} ${r.pick(values)}`;
    default:
      return `${name} (${r.pick(values)} or ${r.pick(values)})`;
  }
}

export const ss7 = (r: Random): string =>
  r.pick([
    () => r.pick(['fisu', 'lssu', 'lsu', 'msu', 'hfisu', 'hlssu', 'hmsu']),
    () => field(r, r.pick(['sio', 'hsio']), ['0', '5', '255']),
    () => field(r, r.pick(['opc', 'dpc', 'hopc', 'hdpc']), ['0', '5', '300', '16383']),
    () => field(r, r.pick(['sls', 'hsls']), ['0', '9', '15']),
  ])();

export const atm = (r: Random): string =>
  r.pick([
    () => field(r, 'vpi', ['0', '5', '255']),
    () => field(r, 'vci', ['0', '5', '65535']),
    () => r.pick(['metac', 'bcc', 'oamf4sc', 'oamf4ec', 'sc', 'ilmic', 'oam', 'oamf4']),
    () => r.pick(['connectmsg', 'metaconnect', 'lane', 'llc']),
  ])();

export const pf = (r: Random): string =>
  r.pick([
    () => `${r.pick(['ifname', 'on'])} ${r.pick(['em0', 'lo0', 'em01'])}`,
    () => `${r.pick(['rset', 'ruleset'])} ${r.pick(['main', 'a'])}`,
    () => `${r.pick(['rnr', 'rulenum', 'srnr', 'subrulenum'])} ${r.pick(['0', '5', '4294967295'])}`,
    () => `reason ${r.pick(['match', 'bad-offset', 'short', 'memory', 'synproxy', '3', '15'])}`,
    () => `action ${r.pick(['pass', 'accept', 'block', 'drop', 'nat', 'rdr', 'synproxy-drop'])}`,
    () => r.pick(['inbound', 'outbound']),
  ])();

const subtypes = {
  mgt: [
    'assoc-req',
    'assocresp',
    'reassoc-req',
    'probe-req',
    'probe-resp',
    'beacon',
    'atim',
    'auth',
    'deauthentication',
  ],
  ctl: ['ps-poll', 'rts', 'cts', 'ack', 'cf-end', 'cf-end-ack'],
  data: [
    'data',
    'data-cf-ack',
    'null',
    'cf-poll',
    'qos-data',
    'qos-data-cf-ack-poll',
    'qos',
    'qos-cf-poll',
  ],
} as const;
const types = ['mgt', 'ctl', 'data'] as const;
const longTypes = { mgt: 'management', ctl: 'control', data: 'data' } as const;

export const wlan = (r: Random): string => {
  const type = r.pick(types);
  const prefix = r.pick(['', 'wlan ']);
  return r.pick([
    () => `${prefix}type ${r.pick([type, longTypes[type], '0', '4', '8'])}`,
    () => `${prefix}type ${type} subtype ${r.pick(subtypes[type])}`,
    () =>
      `${prefix}type ${r.pick(['0', '4', '8'])} subtype ${r.pick(['0', '0x40', '0x80', '0xf0'])}`,
    () => `${prefix}subtype ${r.pick(subtypes[type])}`,
    () =>
      `${prefix}${r.pick(['dir', 'direction'])} ${r.pick(['nods', 'tods', 'fromds', 'dstods', '0', '3'])}`,
    () =>
      `wlan ${r.pick(['addr1', 'address2', 'addr3', 'addr4', 'ra', 'ta', 'src', 'dst', 'host'])} ${r.pick(['1:2:3:a:b:c', 'ff:ff:ff:ff:ff:ff'])}`,
  ])();
};

export const interfaceIndex = (r: Random): string => `ifindex ${r.pick(['0', '2', '4294967295'])}`;
