import { expect, test } from 'vitest';
import { hookKinds, parseHook } from './index.ts';

test.each([
  ['tp_btf:netif_receive_skb', 'netif_receive_skb', 'in', 'perf'],
  ['tp_btf:net_dev_queue', 'net_dev_queue', 'out', 'perf'],
  ['xdp:eth0', 'hookdump_xdp', 'in', 'ring'],
  ['xdp', 'hookdump_xdp', 'in', 'ring'],
])('%s', (spec, program, direction, transport) => {
  const parsed = parseHook(spec);
  expect(parsed).toMatchObject({
    ok: true,
    hook: { spec, program, direction, kind: { transport } },
  });
});

test.each([
  ['tpbtf:net_dev_queue', "unknown kind of hook 'tpbtf'", "did you mean 'tp_btf'?"],
  [
    'frobnicate:x',
    "unknown kind of hook 'frobnicate'",
    /known are tp_btf:netif_receive_skb\|net_dev_queue, xdp:IFACE/,
  ],
  ['', "unknown kind of hook ''", /known are/],
  ['tp_btf', 'hook tp_btf needs the name of a tracepoint', /tp_btf:netif_receive_skb/],
  ['tp_btf:net_dev_queu', /'net_dev_queu' is not one/, "did you mean 'tp_btf:net_dev_queue'?"],
  ['tp_btf:kfree_skb', /'kfree_skb' is not one/, /known are tp_btf:netif_receive_skb and/],
  ['xdp:', "'' cannot be the name of a network device", /xdp:IFACE/],
  ['xdp:a/b', "'a/b' cannot be the name of a network device", /xdp:IFACE/],
  ['xdp:abcdefghijklmnop', /cannot be the name/, /ip link/],
])('%s is refused', (spec, message, hint) => {
  const parsed = parseHook(spec);
  if (parsed.ok) throw new Error('was taken');
  expect(parsed.message).toMatch(message);
  expect(parsed.hint).toMatch(hint);
});

test('every kind says what it needs', () => {
  for (const kind of hookKinds) {
    expect(kind.needs.version).toMatch(/^\d+\.\d+$/);
    expect(kind.template).toMatch(/\.bpf\.c$/);
  }
});
