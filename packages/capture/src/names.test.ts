import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  parseEthers,
  parseNetworks,
  parseProtocols,
  parseServices,
  tableLines,
} from './name-tables.ts';
import { type NameSources, resolveNames, systemNames } from './names.ts';

const folder = mkdtempSync(join(tmpdir(), 'hookdump-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const addresses: Readonly<Record<string, readonly string[]>> = {
  'both.test': ['10.0.0.2', '2001:db8::2', '10.0.0.1', '::ffff:1.2.3.4', '10.0.0.2'],
  'local.test': ['fe80::1%eth0'],
};

const sources: NameSources = {
  lookUpHost: async (name) => {
    const found = addresses[name];
    if (found === undefined) throw new Error('ENOTFOUND');
    return found;
  },
  ethers: file('ethers', '# nobody\n0:1:2:a:B:ff Gate.test # ours\n1:2:3:4:5 short.test\n'),
  networks: file('networks', 'Lab 10.20 laboratory\n'),
  protocols: file('protocols', 'ourproto 253 OURS # a comment\n'),
  services: file('services', 'web 8080/tcp www-ours\nweb 8080/udp\n'),
};

test('hosts have their addresses once, of each family in order', async () => {
  const { hosts } = await resolveNames('host both.test or host local.test', sources);
  expect(hosts).toEqual(
    new Map([
      [
        'both.test',
        {
          ipv4: [0x0a000001, 0x0a000002],
          ipv6: [
            [0, 0, 0xffff, 0x01020304],
            [0x20010db8, 0, 0, 2],
          ],
        },
      ],
      ['local.test', { ipv4: [], ipv6: [[0xfe800000, 0, 0, 1]] }],
    ]),
  );
});

test('what nobody knows is left out', async () => {
  const text = 'host nobody.test or net nonet or ether host noether';
  const found = await resolveNames(text, sources);
  for (const names of [found.hosts, found.networks, found.ethers]) expect(names).toEqual(new Map());
});

test('networks, ports, protocols and hardware addresses come from the tables', async () => {
  const text = 'net LAB or port www-ours or proto OURS or ether host gate.test';
  const found = await resolveNames(text, sources);
  expect(found.networks).toEqual(new Map([['LAB', 0x0a140000]]));
  expect(found.ports?.get('www-ours')).toEqual({ tcp: 8080 });
  expect(found.protocols?.get('OURS')).toBe(253);
  expect(found.ethers).toEqual(new Map([['gate.test', [0, 1, 2, 10, 11, 255]]]));
});

test('files that are not there know nothing, and nobody asks for what is not needed', async () => {
  const missing = join(folder, 'missing');
  const nowhere: NameSources = {
    lookUpHost: () => {
      throw new Error('asked for a host');
    },
    ...{ ethers: missing, networks: missing, protocols: missing, services: missing },
  };
  const found = await resolveNames('port nosuch or net nosuch', nowhere);
  expect(found.ports).toEqual(new Map());
  expect(found.networks).toEqual(new Map());
});

test('the C library knows this host', async () => {
  const { hosts } = await resolveNames('host localhost', systemNames);
  expect(hosts?.get('localhost')).toBeDefined();
});

test('tables: comments, blanks, aliases, nonsense', () => {
  expect(tableLines('# x\n\n  a\t b # c\r\nd\n')).toEqual([['a', 'b'], ['d']]);
  const services = 'http 80/tcp www # web\nhttp 81/tcp\nhttp 80/udp\nx 70000/tcp\ny tcp\nz 5/sctp';
  expect(parseServices(tableLines(services))).toEqual(
    new Map([
      ['http', { tcp: 80, udp: 80 }],
      ['www', { tcp: 80 }],
    ]),
  );
  expect(parseProtocols(tableLines('ip 0 IP\ntcp 6 TCP\nx 256\ny -1\nip 4'))).toEqual(
    new Map([
      ['ip', 0],
      ['IP', 0],
      ['tcp', 6],
      ['TCP', 6],
    ]),
  );
  const networks = 'a 127.0.0.0\nb 10 c\nd 0x0a.010\ne 1.2.3.4.5\nf 256\ng 10..1\nh';
  expect(parseNetworks(tableLines(networks))).toEqual(
    new Map([
      ['a', 0x7f000000],
      ['b', 0x0a000000],
      ['c', 0x0a000000],
      ['d', 0x0a080000],
    ]),
  );
  expect(
    parseEthers(
      tableLines(
        '1:2:3:4:5:6 A\n01-02-03-04-05-06 b\n1:2:3:4:5:6:7 c\n1:2:3:4:5:666 d\n1:2:3:4:5:6',
      ),
    ),
  ).toEqual(new Map([['a', [1, 2, 3, 4, 5, 6]]]));
});
