import { expect, test } from 'vitest';
import { ipProtocolNumbers } from './ip-protocols.ts';
import { services } from './services.ts';

test('names are of a port of TCP, of UDP, or of the same one of both', () => {
  expect(services.get('http')).toEqual({ tcp: 80 });
  expect(services.get('ntp')).toEqual({ udp: 123 });
  expect(services.get('domain')).toEqual({ tcp: 53, udp: 53 });
  for (const [name, { tcp, udp }] of services) {
    const ports = [tcp, udp].filter((port) => port !== undefined);
    expect([name, ports.length > 0 && ports.every((port) => port > 0 && port <= 0xffff)]).toEqual([
      name,
      true,
    ]);
  }
});

test('no name stands in two rows', () => {
  // A map keeps one of two, and would be smaller.
  expect(services.size).toBe(335);
  expect(ipProtocolNumbers.size).toBe(112);
  expect([...ipProtocolNumbers.values()].every((number) => number >= 0 && number <= 255)).toBe(
    true,
  );
});
