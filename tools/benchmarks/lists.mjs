// Lists of any length beside a chain of comparisons: instructions executed and verified, and time.
import { Amplifier, ratio } from './amplify.mjs';
import { noClang } from './clang.mjs';
import { counter } from './count.mjs';
import { geometricMean, goal } from './goals.mjs';
import { printTable, say, skipped, title } from './output.mjs';
import { host6List, hostList, ruleList } from './set/lists.mjs';
import { asChain, atXdp, byHand, nothing } from './snippets.mjs';

const KINDS = ['match', 'no match', 'decided'];

const SHORT = 200;
const LONG = 1000;

/** `switched`: whether C by hand with a `switch` stands beside. */
const shapes = [
  { name: 'hosts', make: hostList, text: '`host A or host B or …`', switched: true },
  { name: 'IPv6 hosts', make: host6List, text: '`ip6 host A or ip6 host B or …`' },
  {
    name: 'rules',
    make: ruleList,
    text: '`(src host A and dst host B and tcp dst port P) or …`',
  },
];

export default async function listsSection({ quick, scratch }) {
  title('Lists, beside a chain of comparisons by hand');
  const missing = noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const count = counter(scratch);
  const amplifier =
    process.getuid() === 0
      ? new Amplifier({
          floor: nothing,
          kinds: KINDS,
          rounds: quick ? 4 : 12,
          builds: 2,
          repeat: quick ? 50_000 : 100_000,
          slow: ['chain'],
          // A long chain has to be called: all of them are, so that all can be compared.
          calls: [2],
          scratch,
        })
      : skipped('times', 'loading programs needs root');
  for (const shape of quick ? shapes.slice(0, 1) : shapes) {
    const rows = await compare(shape, quick ? [SHORT] : [SHORT, LONG], count, amplifier);
    if (amplifier !== undefined) judge(shape.name, rows);
  }
  amplifier?.close();
}

async function compare({ name, make, text, switched = false }, lengths, count, amplifier) {
  const rows = [];
  for (const length of lengths) {
    const list = make(`${length} ${name}`, length);
    const snippets = {
      ours: atXdp(list),
      chain: asChain(list),
      ...(switched && { switch: byHand(list) }),
    };
    const times = (await amplifier?.measure(list, snippets)) ?? {};
    for (const [who, snippet] of Object.entries(snippets)) {
      rows.push({ length, who, executed: count(list, snippet), times: times[who] });
    }
  }
  say(`${text}: instructions executed; verified, for one evaluation; ns for an evaluation.`);
  printTable(
    ['', 'match', 'no match', 'mixed', 'size', 'verified', ...KINDS.map((kind) => `${kind}, ns`)],
    rows.map(({ length, who, executed, times }) => [
      `${length} ${name}, ${who === 'ours' ? 'ours' : `a ${who} by hand`}`,
      ...[executed.match, executed['no match'], executed.mixed, executed.size],
      times?.verified,
      ...KINDS.map((kind) => times?.[kind].toFixed(2)),
    ]),
  );
  return rows;
}

function judge(name, rows) {
  const of = (length, who) => rows.find((row) => row.length === length && row.who === who)?.times;
  const onOne = (time, other) =>
    geometricMean(['match', 'no match'].map((kind) => ratio(time[kind], other[kind])));
  for (const length of [SHORT, LONG]) {
    const [ours, chain] = [of(length, 'ours'), of(length, 'chain')];
    if (ours === undefined || chain === undefined) continue;
    const list = `${length} ${name}, of the chain`;
    goal(`${list}, one packet`, onOne(ours, chain), 0.04);
    goal(`${list}, mixed`, ratio(ours.decided, chain.decided), 0.2);
    goal(`${list}, verified`, ours.verified / chain.verified, 0.05);
  }
  const [short, long] = [of(SHORT, 'ours'), of(LONG, 'ours')];
  if (short === undefined || long === undefined) return;
  goal(`${LONG} ${name}, one packet, of ${SHORT}`, onOne(long, short), SAME, {
    gently: { figure: ratio(long.decided, short.decided), because: 'in mixed traffic' },
  });
}

/** What is the same may differ by as much, as for two builds of a filter. */
const SAME = 1.15;
