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

/** What `hookc` emits for XDP. */
export const atXdp = (filter) => xdpSnippet(emitted(filter));

/** Its branch-free form; `undefined` where it has none. */
export function withoutBranches(filter) {
  const flat = emitted(filter, { branchFree: true });
  if (code(flat) === code(emitted(filter))) return undefined;
  return xdpSnippet(flat, '#include "include/branch_free.h"\n');
}

const emitted = (filter, options) => emitC(programOf(filter), { name: 'filter', ...options });

const xdpSnippet = (text, header = '') =>
  withHeaders(`#include "include/packet_xdp.h"\n${header}`, text, part('xdp.c'));

/** C text without its comments. */
const code = (text) => text.replace(/\/\*.*?\*\//gs, '');

/** What `hookc` emits for tracing hooks. */
export const atTracingHook = (filter) =>
  withHeaders(
    constantWindow(filter),
    '#define SKB_UNTYPED\n#include "include/packet_skb.h"\n',
    part('context.h'),
    emitC(programOf(filter), { name: 'filter' }),
    part('skb.c'),
  );

/** How packet_skb.h declares the kernel's better way. */
const CAST = /^extern (void \*)(bpf_rdonly_cast)(\(.*\)) __ksym __weak;$/m;

/** The same, as on a kernel that has no better way than to copy the leading bytes first. */
export function byWindow(filter) {
  const snippet = atTracingHook(filter);
  if (!CAST.test(snippet)) throw new Error('packet_skb.h does not ask for the cast of pointers');
  return snippet.replace(CAST, 'static $1(*const $2)$3 = NULL;');
}

/** No filter at a tracing hook. */
export const nothingTraced = withHeaders(
  '#include "include/types.h"\n',
  part('context.h'),
  part('skb_nothing.c'),
);

const constantWindow = (filter) => `enum { WINDOW = ${windowBytes([programOf(filter)])} };\n`;

/** The same filter as a person writes it. */
export const byHand = (filter) => handwrittenAs(fileOf(filter), filter, PLAIN);

/** The same, with a helper call for each read. */
export const byProbe = (filter) => handwrittenAs(fileOf(filter), filter, PROBED);

/** A list as one comparison after the other. */
export const asChain = (filter) => handwrittenAs(`${filter.shape}_chain.c`, filter, PLAIN);

/** No filter. */
export const nothing = withHeaders(
  '#include "include/types.h"\n',
  part('context.h'),
  part('nothing.c'),
);

const fileOf = ({ id, shape }) => `${shape ?? id}.c`;

/** How the files of handwritten/ read a frame, and what calls them then. */
const PLAIN = { reads: () => handwritten('reads.h'), around: 'by_hand.c' };
const PROBED = { reads: () => part('probed_reads.h'), around: 'probed.c' };

function handwrittenAs(file, { shape, entries = [] }, { reads, around }) {
  const hex = (value) => `0x${value.toString(16)}u`;
  return withHeaders(
    '#include "include/types.h"\n',
    part('context.h'),
    reads(),
    handwritten('packet.h'),
    shape === undefined
      ? ''
      : listMacro(
          'ENTRIES',
          entries.map((entry) => entry.map(hex)),
        ),
    handwritten(file),
    part(around),
  );
}
