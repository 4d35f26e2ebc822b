// Filters as C: ours and a person's. Each is a text that defines `struct xdp_md` and
// `bool matches(struct xdp_md *context, const __u8 *data, const __u8 *end)`.
import { emitC, windowBytes } from '../../packages/codegen/dist/index.js';
import { compile } from '../../packages/filter/dist/index.js';
import { handwritten, listMacro, part, withHeaders } from './c.mjs';

/** The IR of a filter. */
export function programOf({ text }) {
  const compiled = compile(text, { linkType: 'EN10MB' });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0].message);
  return compiled.program;
}

/** What `hookc` emits for XDP; `options` of `emitC`. */
export const atXdp = (filter, options = {}) =>
  withHeaders(
    '#include "include/packet_xdp.h"\n',
    emitC(programOf(filter), { name: 'filter', ...options }),
    part('xdp.c'),
  );

/** What `hookc` emits for tracing hooks. */
export const atTracingHook = (filter) =>
  withHeaders(
    constantWindow(filter),
    '#define SKB_UNTYPED\n#include "include/packet_skb.h"\n',
    part('context.h'),
    emitC(programOf(filter), { name: 'filter' }),
    part('skb.c'),
  );

/** The questions of packet_skb.h to the kernel. */
const QUESTIONS = /^#define (reads_\w+\(\)) .*$/gm;

/** The same, as on a kernel that has no better way than to copy the leading bytes first. */
export function byWindow(filter) {
  const snippet = atTracingHook(filter);
  if (snippet.match(QUESTIONS) === null) throw new Error('packet_skb.h does not ask the kernel');
  return snippet.replace(QUESTIONS, '#define $1 false');
}

/** The same filter with a helper call for each load. */
export const byProbe = (filter) =>
  withHeaders(
    part('packet_probe.h'),
    part('context.h'),
    emitC(programOf(filter), { name: 'filter' }),
    part('probe.c'),
  );

/** No filter at a tracing hook. */
export const nothingTraced = withHeaders(
  '#include "include/types.h"\n',
  part('context.h'),
  part('skb_nothing.c'),
);

const constantWindow = (filter) => `enum { WINDOW = ${windowBytes([programOf(filter)])} };\n`;

/** The same filter as a person writes it. */
export const byHand = (filter) =>
  handwrittenAs(filter.hosts === undefined ? `${filter.id}.c` : 'hosts.c', filter);

/** A list of hosts as one comparison after the other. */
export const asChain = (filter) => handwrittenAs('hosts_chain.c', filter);

/** No filter. */
export const nothing = withHeaders(
  '#include "include/types.h"\n',
  part('context.h'),
  part('nothing.c'),
);

function handwrittenAs(file, { hosts = [], rules = [] }) {
  const hex = (address) => `0x${address.toString(16)}u`;
  return withHeaders(
    '#include "include/types.h"\n',
    part('context.h'),
    handwritten('packet.h'),
    listMacro(
      'HOSTS',
      hosts.map((host) => [hex(host)]),
    ),
    listMacro(
      'RULES',
      rules.map(({ source, target, port }) => [hex(source), hex(target), port]),
    ),
    handwritten(file),
    part('by_hand.c'),
  );
}
