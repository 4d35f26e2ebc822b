// Time of a filter alone where packets are kernel memory, as at tracing hooks: plain loads and the
// copied window, beside a helper call for each load, which is what others do.
import { Amplifier, ratio } from './amplify.mjs';
import { noClang } from './clang.mjs';
import { geometricMean, goal } from './goals.mjs';
import { code, item, printTable, say, skipped, title } from './output.mjs';
import { set } from './set/index.mjs';
import { atTracingHook, byProbe, byWindow, nothingTraced } from './snippets.mjs';

const ONE_PACKET = ['match', 'no match'];
const KINDS = [...ONE_PACKET, 'decided'];

/** Filters of ports, which load five times or more. */
const PORT_FILTERS = ['f03', 'f07', 'f10', 'f12', 'f13'];

/** Of a helper call for each load. */
const GOALS = { ours: 0.03, window: 0.25 };

export default async function tracingSection({ quick, scratch }) {
  title('Time of a filter alone at a tracing hook (BPF_PROG_TEST_RUN, amplified)');
  const missing = process.getuid() !== 0 ? 'loading programs needs root' : noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const amplifier = new Amplifier({
    floor: nothingTraced,
    kinds: KINDS,
    rounds: quick ? 4 : 9,
    builds: quick ? 1 : 2,
    repeat: 50_000,
    slow: ['calls'],
    scratch,
  });
  const rows = [];
  for (const filter of quick ? set.filter(({ id }) => id === 'f03') : set) {
    const figures = await amplifier.measure(filter, {
      ours: atTracingHook(filter),
      window: byWindow(filter),
      calls: byProbe(filter),
    });
    if (Object.keys(figures).length === 3) rows.push({ filter, figures });
  }
  amplifier.close();
  if (rows.length === 0) return;
  say(
    'ns for an evaluation, less those of an empty loop: plain loads, the copied window, and a call ' +
      'of `bpf_probe_read_kernel` for each load of C by hand.',
  );
  printTable(
    ['', ...KINDS.flatMap((kind) => [kind, 'window', 'calls'])],
    rows.map(({ filter, figures: { ours, window, calls } }) => [
      `${filter.id} ${code(filter.text)}`,
      ...KINDS.flatMap((kind) => [ours, window, calls].map((each) => each[kind].toFixed(1))),
    ]),
  );
  for (const [way, most] of Object.entries(GOALS)) {
    const mean = (some, kinds) =>
      geometricMean(
        some.flatMap(({ figures }) =>
          kinds.map((kind) => ratio(figures[way][kind], figures.calls[kind])),
        ),
      );
    const ports = rows.filter(({ filter }) => PORT_FILTERS.includes(filter.id));
    goal(`tracing, ${NAMES[way]}, of a call for each load`, mean(rows, ONE_PACKET), most, {
      gently: {
        figure: mean(ports, ONE_PACKET),
        because: 'over filters of ports: of a filter that loads once, the window is that one call',
      },
    });
    item(`the same in mixed traffic: ${mean(rows, ['decided']).toFixed(3)}`);
  }
}

const NAMES = { ours: 'plain loads', window: 'the copied window' };
