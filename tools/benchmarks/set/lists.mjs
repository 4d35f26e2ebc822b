// Filters that are lists, of any length; the C beside them is made of the same `entries`: numbers, for
// the list macro of handwritten/SHAPE.c and SHAPE_chain.c.
import { colons, dotted, randomHosts, randomHosts6, randomRules } from './addresses.mjs';
import { tcp, tcp6, udp } from './frames.mjs';
import { other, traffic, web6 } from './traffic.mjs';

const anyOf = (entries, one) => entries.map(one).join(' or ');

/** `count` of them from the whole length of a list. */
const spread = (list, count) =>
  Array.from(
    { length: count },
    (_, i) => list[Math.floor(((2 * i + 1) * list.length) / (2 * count))],
  );

/** `host A or host B or …` */
export function hostList(id, count) {
  const hosts = randomHosts(count);
  const texts = hosts.map(dotted);
  const hits = spread(texts, 3).flatMap((host) => [
    tcp({ source: host, size: 10 }),
    udp({ target: host, size: 10 }),
  ]);
  return {
    id,
    text: anyOf(texts, (host) => `host ${host}`),
    // The last one: the longest way through a chain.
    matching: tcp({ target: texts.at(-1), size: 10 }),
    missing: other,
    mixed: [...traffic.slice(0, 10), ...hits],
    shape: 'hosts',
    entries: hosts.map((host) => [host]),
  };
}

/** `ip6 host A or ip6 host B or …` */
export function host6List(id, count) {
  const hosts = randomHosts6(count);
  const texts = hosts.map(colons);
  const hits = spread(texts, 3).flatMap((host) => [tcp6({ source: host }), tcp6({ target: host })]);
  return {
    id,
    text: anyOf(texts, (host) => `ip6 host ${host}`),
    matching: tcp6({ target: texts.at(-1) }),
    missing: web6,
    mixed: [...traffic.slice(-10), ...hits],
    shape: 'hosts6',
    entries: hosts,
  };
}

/** `(src host A and dst host B and tcp dst port P) or …` */
export function ruleList(id, count) {
  const rules = randomRules(count);
  const texts = rules.map(({ source, target, port }) => ({
    source: dotted(source),
    target: dotted(target),
    port,
  }));
  const frame = ({ port, ...peers }) => tcp({ to: port, ...peers });
  return {
    id,
    text: anyOf(
      texts,
      ({ source, target, port }) =>
        `(src host ${source} and dst host ${target} and tcp dst port ${port})`,
    ),
    matching: frame(texts.at(-1)),
    missing: other,
    mixed: [...traffic.slice(0, 10), ...spread(texts, 6).map(frame)],
    shape: 'rules',
    entries: rules.map(({ source, target, port }) => [source, target, port]),
  };
}
