// Time of a filter alone where packets are kernel memory, as at tracing hooks: plain loads and the
// copied window, beside a helper call for each load, which is what others do.
import { Amplifier, KINDS, ratio } from './amplify.mjs';
import { noClang } from './clang.mjs';
import { say, skipped, title } from './lib.mjs';
import { set } from './set/index.mjs';
import { atTracingHook, byProbe, byWindow, nothingTraced } from './snippets.mjs';
import { geometricMean, goal, printTable } from './table.mjs';

/** Filters with loads enough: where there is but one, a copied window is that one call, too. */
const PORT_FILTERS = ['f03', 'f07', 'f10', 'f12', 'f13'];

/** Of a helper call for each load, geometric means: of the same frame again and again, of a mix. */
const GOALS = { ours: [0.03, 0.1], window: [0.25, 0.4] };

export default async function tracingSection({ quick, scratch }) {
  title('Time of a filter alone at a tracing hook (BPF_PROG_TEST_RUN, amplified)');
  const missing = process.getuid() !== 0 ? 'loading programs needs root' : noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const amplifier = new Amplifier({
    floor: nothingTraced,
    rounds: quick ? 5 : 9,
    builds: 1,
    repeat: 10_000,
    scratch,
  });
  say('ns for an evaluation, less those of an empty loop');
  const rows = [];
  for (const filter of quick ? set.filter(({ id }) => id === 'f03') : set) {
    const figures = await amplifier.measure(filter, {
      ours: atTracingHook(filter),
      window: byWindow(filter),
      calls: byProbe(filter),
    });
    if (Object.keys(figures).length === 3) rows.push({ filter, figures });
  }
  if (rows.length === 0) return;
  printTable(
    ['', ...KINDS.flatMap((kind) => [kind, 'window', 'calls'])],
    rows.map(({ filter, figures: { ours, window, calls } }) => [
      `${filter.id} ${filter.text}`,
      ...KINDS.flatMap((kind) => [ours, window, calls].map((each) => each[kind].toFixed(1))),
    ]),
  );
  const measured = rows.filter(({ filter }) => PORT_FILTERS.includes(filter.id));
  if (measured.length === 0) return;
  for (const [way, [fixed, mixed]] of Object.entries(GOALS)) {
    const of = (kind) =>
      measured.map(({ figures }) => ratio(figures[way][kind], figures.calls[kind]));
    const one = geometricMean([...of('match'), ...of('no match')]);
    goal(`ports, ${way}, one packet, of a call for each load`, one, fixed);
    goal(`ports, ${way}, mixed, of a call for each load`, geometricMean(of('mixed')), mixed);
  }
}
