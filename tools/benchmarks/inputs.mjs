// What is measured: filters, and for each a frame that matches and one that does not.

/** Distinct addresses of 10.0.0.0/8 without a pattern that a compiler could use. */
const addresses = (count) =>
  Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul(i + 1, 0x9e3779b1) >>> 8;
    return `10.${(mixed >> 16) & 255}.${(mixed >> 8) & 255}.${mixed & 255}`;
  });

/** `host A or host B or …`, each address another one. */
export const hosts = (count) => {
  const list = addresses(count);
  return {
    name: `${count} hosts`,
    hosts: count,
    text: list.map((address) => `host ${address}`).join(' or '),
    // The last one: the longest way through a chain of comparisons.
    matching: frame({ protocol: 'tcp', source: '192.0.2.1', target: list.at(-1) }),
  };
};

const arithmetic =
  'tcp port 80 and (((ip[2:2] - ((ip[0] & 0xf) << 2)) - ((tcp[12] & 0xf0) >> 2)) != 0)';

/** `name` is how a line calls it, `text` the filter; `hosts`: how long a list of them is. */
export const filters = [
  { name: 'icmp', text: 'icmp', matching: frame({ protocol: 'icmp' }) },
  {
    name: 'tcp port 80 and host 10.0.0.1',
    text: 'tcp port 80 and host 10.0.0.1',
    matching: frame({ protocol: 'tcp', target: '10.0.0.1', targetPort: 80 }),
  },
  {
    name: 'tcp port 80 with payload (arithmetic)',
    text: arithmetic,
    matching: frame({ protocol: 'tcp', targetPort: 80 }),
  },
  hosts(100),
  hosts(1000),
];

/** Matches none of the filters, and is near to them: TCP over IPv4, port 443. */
export const notMatching = frame({ protocol: 'tcp' });

/** An Ethernet frame of 98 bytes, as ping sends it. */
function frame({ protocol, source = '192.0.2.1', target = '192.0.2.2', targetPort = 443 }) {
  const bytes = new Uint8Array(98);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, 0x0800);
  view.setUint8(14, 0x45);
  view.setUint16(16, bytes.length - 14);
  view.setUint8(22, 64);
  view.setUint8(23, { icmp: 1, tcp: 6 }[protocol]);
  bytes.set(source.split('.').map(Number), 26);
  bytes.set(target.split('.').map(Number), 30);
  if (protocol === 'icmp') {
    view.setUint8(34, 8);
  } else {
    view.setUint16(34, 40000);
    view.setUint16(36, targetPort);
    view.setUint8(46, 0x50);
  }
  return bytes;
}
