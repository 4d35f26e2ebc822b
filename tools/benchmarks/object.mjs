// C to object: clang on what `codegen` makes, beside an empty file through the same clang with the
// same arguments; and all of `buildObject`, with and without a cache that has it.
import { join } from 'node:path';
import { buildObject, renderSource } from '../../packages/codegen/dist/index.js';
import { compiler, noClang, request } from './clang.mjs';
import { filters } from './inputs.mjs';
import { duration, interleave, median, now, ratioOf, report, say, skipped, title } from './lib.mjs';
import { goal } from './table.mjs';

/** `goals`: whether those of an object for one hook hold for it. */
const places = [
  {
    name: 'a tracing hook (tp_btf, two link types)',
    hooks: ['tp_btf:netif_receive_skb'],
    linkTypes: ['EN10MB', 'RAW'],
    goals: true,
  },
  {
    name: 'device layer (tp_btf, both hooks, two link types)',
    hooks: ['tp_btf:netif_receive_skb', 'tp_btf:net_dev_queue'],
    linkTypes: ['EN10MB', 'RAW'],
  },
  { name: 'XDP', hooks: ['xdp'], linkTypes: ['EN10MB'], goals: true },
];

export default async function objectSection({ quick, scratch }) {
  title('C to object');
  const missing = noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  process.env.XDG_CACHE_HOME = join(scratch, 'cache');
  for (const { name, hooks, linkTypes, goals } of places) {
    for (const filter of quick ? filters.slice(1, 2) : filters.slice(0, 4)) {
      const options = request(filter, hooks, linkTypes);
      const ordinary = goals === true && filter.hosts === undefined;
      await measure(`${name}: ${filter.name}`, options, { quick, scratch, ordinary });
    }
  }
}

/** @param how `ordinary`: whether the goals for a filter of some words apply */
async function measure(name, options, { quick, scratch, ordinary }) {
  const source = renderSource(options);
  const { time } = compiler(scratch, source);
  const first = await buildObject(options);
  say(`${name} (${source.length} bytes of C, object of ${first.bytes.length})`);
  const empty = 'clang, an empty file';
  const cases = {
    [empty]: () => time(''),
    'clang, the emitted C': () => time(source),
    'IR to C (renderSource)': () => elapsed(() => renderSource(options)),
    'buildObject, no cache': () => elapsed(() => buildObject({ ...options, cache: false })),
    'buildObject, from the cache': () => elapsed(() => fromCache(options)),
  };
  const figures = await interleave(cases, quick ? 5 : 21);
  report(figures, empty);
  if (!ordinary) return;
  goal('clang, of an empty file', ratioOf(figures['clang, the emitted C'], figures[empty]), 1.5);
  goal('from the cache', median(figures['buildObject, from the cache']), 5e6, duration);
  goal('the object, bytes', first.bytes.length, 16_384, String);
}

async function elapsed(work) {
  const start = now();
  await work();
  return now() - start;
}

async function fromCache(options) {
  const { cached } = await buildObject(options);
  if (!cached) throw new Error('the cache forgot an object');
}
