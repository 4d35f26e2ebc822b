// C to object: clang on what `codegen` makes, beside an empty file through the same clang with the
// same arguments; and all of `buildObject`, with and without a cache that has it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildObject, renderSource } from '../../packages/codegen/dist/index.js';
import { compiler, noClang, request } from './clang.mjs';
import { goal } from './goals.mjs';
import { filters } from './inputs.mjs';
import { duration, interleave, median, now, ratioOf, report, sh } from './lib.mjs';
import { say, skipped, title } from './output.mjs';

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
  for (const { name, hooks, linkTypes, goals } of quick ? places.slice(0, 1) : places) {
    for (const filter of quick ? filters.slice(1, 2) : filters.slice(0, 4)) {
      const how = { hooks, linkTypes, rounds: quick ? 5 : 11, scratch };
      const ordinary = goals === true && filter.hosts === undefined;
      await measure(`${name}: ${filter.name}`, filter, { ...how, ordinary });
    }
  }
  if (!quick) await sizes();
}

/** Of one kind each, and filters that long and longer: the objects that are asked to be small. */
const tracing = [
  'fentry:ip_rcv',
  'tp_btf:netif_receive_skb',
  'raw_tp:netif_receive_skb',
  'kprobe:ip_rcv',
];
const texts = ['icmp', 'host 10.0.0.1', 'tcp port 80', 'port 53', 'portrange 1000-2000'];

async function sizes() {
  for (const text of texts) {
    for (const hook of tracing) {
      const { bytes } = await buildObject(request({ text }, [hook], ['EN10MB', 'RAW']));
      goal(`${hook}: the object of ${text}, bytes`, bytes.length, 16_384, { format: String });
    }
  }
}

const EMPTY = 'clang, an empty file';
const EMITTED = 'clang, the emitted C';
const CACHED = 'buildObject, from the cache';
const FIRST_CACHED = 'the same, the first of a process';

/** @param how `ordinary`: whether the goals for a filter of some words apply */
async function measure(name, filter, { hooks, linkTypes, rounds, scratch, ordinary }) {
  const options = request(filter, hooks, linkTypes);
  const source = renderSource(options);
  const { time } = compiler(scratch, source);
  const first = await buildObject(options);
  say(`${name} (${source.length} bytes of C, object of ${first.bytes.length})`);
  const figures = await interleave(
    {
      [EMPTY]: () => time(''),
      [EMITTED]: () => time(source),
      'IR to C (renderSource)': () => elapsed(() => renderSource(options)),
      'buildObject, no cache': () => elapsed(() => buildObject({ ...options, cache: false })),
      [CACHED]: () => elapsed(() => fromCache(options)),
      [FIRST_CACHED]: () => firstFromCache(filter, hooks, linkTypes),
    },
    rounds,
  );
  report(figures, EMPTY);
  if (!ordinary) return;
  goal(`${name}: clang, of an empty file`, ratioOf(figures[EMITTED], figures[EMPTY]), 1.5);
  goal(`${name}: from the cache, first of a process`, median(figures[FIRST_CACHED]), 5e6, {
    format: duration,
    gently: { figure: median(figures[CACHED]), because: 'when the process has had one before' },
  });
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

const cachedScript = fileURLToPath(new URL('cached.mjs', import.meta.url));

const firstFromCache = ({ text }, hooks, linkTypes) =>
  Number(sh(process.execPath, cachedScript, JSON.stringify({ text, hooks, linkTypes })));
