import { compile } from '@hookdump/filter';
import { expect, test } from 'vitest';
import { renderSource } from '../source/render.ts';
import { hookKinds, parseHook } from './index.ts';

test.each([
  ['tp_btf:netif_receive_skb', 'netif_receive_skb', 'in', 'perf'],
  ['tp_btf:net_dev_queue', 'net_dev_queue', 'out', 'perf'],
  ['xdp:eth0', 'hookdump_xdp', 'in', 'ring'],
  ['xdp', 'hookdump_xdp', 'in', 'ring'],
  ['tc:eth0/ingress', 'hookdump_ingress', 'in', 'perf'],
  ['tc:eth0/egress', 'hookdump_egress', 'out', 'perf'],
  ['tc:egress', 'hookdump_egress', 'out', 'perf'],
  ['kprobe:ip_rcv', 'on_ip_rcv', 'in', 'ring'],
  ['kprobe:ip_output@2', 'on_ip_output', 'in', 'ring'],
  ['kprobe:dev_hard_start_xmit', 'on_dev_hard_start_xmit', 'out', 'ring'],
  ['kprobe:tcp_v4_rcv.constprop.0', 'on_tcp_v4_rcv_constprop_0', 'in', 'ring'],
  ['raw_tp:kfree_skb', 'on_kfree_skb', 'in', 'ring'],
  ['raw_tp:tcp_probe@1', 'on_tcp_probe', 'in', 'ring'],
  ['tp:net/net_dev_queue', 'on_net_net_dev_queue', 'out', 'ring'],
  ['fentry:ip_rcv', 'on_ip_rcv', 'in', 'perf'],
  ['fexit:ip_output@2', 'on_ip_output', 'in', 'perf'],
  ['fentry:prog/12', 'on_12', 'in', 'perf'],
  ['fexit:prog/xdp_firewall', 'on_xdp_firewall', 'in', 'perf'],
  ['fexit:prog/cls_main@tc', 'on_cls_main', 'in', 'perf'],
  ['uprobe:/usr/lib/libx.so.1/send', 'on_send', 'in', 'ring'],
  ['uprobe:/usr/bin/vpn/emit@1,2', 'on_emit', 'in', 'ring'],
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
    /known are tp_btf:netif_receive_skb\|net_dev_queue, xdp:IFACE, tc:IFACE/,
  ],
  ['', "unknown kind of hook ''", /known are/],
  ['tp_btf', 'hook tp_btf needs the name of a tracepoint', /tp_btf:netif_receive_skb/],
  ['tp_btf:net_dev_queu', /'net_dev_queu' is not one/, "did you mean 'tp_btf:net_dev_queue'?"],
  ['tp_btf:kfree_skb', /'kfree_skb' is not one/, /known are tp_btf:netif_receive_skb and/],
  ['xdp:', "'' cannot be the name of a network device", /xdp:IFACE/],
  ['xdp:a/b', "'a/b' cannot be the name of a network device", /xdp:IFACE/],
  ['xdp:abcdefghijklmnop', /cannot be the name/, /ip link/],
  ['tc:eth0', "'eth0' does not say which way the packets go", /tc:IFACE\/ingress/],
  ['tc:a b/ingress', "'a b' cannot be the name of a network device", /tc:IFACE\/ingress/],
  ['kprobe', 'hook kprobe needs the name of a function', /kprobe:FUNC/],
  ['kprobe:ip-rcv', "'ip-rcv' cannot be the name of a function", /kprobe:FUNC/],
  ['kprobe:ip_rcv") int x', /cannot be the name of a function/, /kprobe:FUNC/],
  ['kprobe:ip_rcv@6', "'6' is not the number of an argument of ip_rcv", /from 0 to 5/],
  ['fentry:ip_rcv@', "'' is not the number of an argument of ip_rcv", /from 0 to 9/],
  ['raw_tp:', 'hook raw_tp needs the name of a tracepoint', /raw_tp:NAME/],
  ['tp:net/net_dev_queu', /'net\/net_dev_queu' is not one/, "did you mean 'tp:net/net_dev_queue'?"],
  ['tp:sched/sched_switch', /is not one whose event/, /known are tp:net\/netif_receive_skb/],
  ['fexit:prog/', "'' cannot be the id or name of a BPF program", /fexit:prog\/ID-or-NAME/],
  ['fexit:prog/7@cgroup', "'cgroup' is not a type of program", /@tc/],
  ['uprobe:send', 'hook uprobe needs a binary and one of its functions', /uprobe:BINARY/],
  ['uprobe:/bin/sh', "'/bin' is a folder: '/bin/sh' is a binary without", /uprobe:BINARY\/SYMBOL/],
  ['uprobe:/bin/a b/send', /is not the path of a function/, /uprobe:BINARY/],
  ['uprobe:/bin/vpn/send@1', /'1' does not say which arguments/, /uprobe:BINARY/],
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

/** Compiles to the same filter everywhere. */
const programs = (() => {
  const compiled = compile('udp', { linkType: 'EN10MB' });
  if (!compiled.ok) throw new Error('does not compile');
  return { EN10MB: compiled.program };
})();

test.each([
  ['kprobe:ip_output@2', ['SEC("kprobe/ip_output")', 'argument(registers, 2)', 'ANYWHERE']],
  ['fexit:__dev_queue_xmit', ['SEC("fexit/__dev_queue_xmit")', 'LEAVING_DEVICE']],
  ['tp:skb/kfree_skb', ['SEC("tp/skb/kfree_skb")', 'struct trace_event_raw_kfree_skb___on_']],
  ['fexit:prog/7', ['SEC("fexit")', 'xdp_buff', '1 ? verdict_of(arguments[1])']],
  ['uprobe:/bin/vpn/emit@3,2', ['SEC("uprobe//bin/vpn:emit")', 'argument(registers, 3)']],
])('%s: what the program says', (spec, texts) => {
  const parsed = parseHook(spec);
  if (!parsed.ok) throw new Error(parsed.message);
  const c = renderSource({ filter: 'udp', hooks: [parsed.hook], programs });
  for (const text of texts) expect(c).toContain(text);
  expect(c).not.toMatch(/\bhook_(program|target|section|event)\b|^\/\/@/m);
});

test('several functions in one object', () => {
  const hooks = ['tp:net/netif_rx', 'tp:net/net_dev_queue'].map((spec) => {
    const parsed = parseHook(spec);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.hook;
  });
  const c = renderSource({ filter: 'udp', hooks, programs });
  expect(c.match(/^SEC\("tp\/.*$/gm)).toEqual([
    'SEC("tp/net/netif_rx")',
    'SEC("tp/net/net_dev_queue")',
  ]);
});
