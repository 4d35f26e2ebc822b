import { compile, type Instruction, type Program, run, toClassic, verify } from '@hookdump/filter';
import type { Filter } from '../support/filters/index.ts';
import {
  type Oracle,
  packetText,
  programText,
  readJudgement,
  readProgram,
} from '../support/oracle.ts';
import { type Packet, packetsFor } from '../support/packets.ts';
import { type Random, random } from '../support/random.ts';
import { shrink } from '../support/shrink.ts';
import { type Found, known } from './known.ts';

/**
 * Filters held against the installed libpcap, unoptimized: both refuse a filter, or all of these say
 * the same of packets steered down the branches of all programs: libpcap's program, our classic BPF
 * as lowered and as optimized, all in libpcap's interpreter, and our own interpreter.
 */
export interface Outcome {
  readonly filter: Filter;
  readonly accepted: boolean;
  readonly verdicts: number;
  readonly matches: number;
  /** Differences that are known. */
  readonly reasons: readonly string[];
  /** One that is not. */
  readonly complaint?: string;
}

const packetsEach = 48;
/** For a filter that was found to be wrong, so that it is again when it is shrunk. */
const packetsToShrink = 600;

/** `ret #0`: what the optimizer refuses must be this. */
const nothing: readonly Instruction[] = [{ code: 6, jt: 0, jf: 0, k: 0 }];

/** What must be asked of a filter that both accept. */
interface Asked {
  readonly filter: Filter;
  readonly question: string;
  readonly packets: readonly Packet[];
  /** libpcap's, ours as lowered, ours as optimized. */
  readonly programs: readonly (readonly Instruction[])[];
  readonly lowered: Program;
}

export function judge(
  { ask }: Oracle,
  filters: readonly Filter[],
  seed: number,
  packetCount = packetsEach,
): Outcome[] {
  const r = random(seed);
  const theirs = ask(filters.map(({ linkType, text }) => `compile ${linkType} 262144 0 ${text}`));
  const compiled = filters.map((filter, index) =>
    compileBeside(filter, theirs[index]!, r, packetCount),
  );
  const answers = ask(compiled.flatMap((each) => ('question' in each ? each.question : [])));
  let next = 0;
  return compiled.map((each) => ('question' in each ? compare(ask, each, answers[next++]!) : each));
}

/** What is wrong with it, and the same for the shortest filter for which something still is. */
export function describeWrong(
  oracle: Oracle,
  { filter, complaint }: Outcome,
  seed: number,
): string {
  const { linkType } = filter;
  const complain = (text: string): string | undefined =>
    judge(oracle, [{ linkType, text }], seed, packetsToShrink)[0]!.complaint;
  const text = shrink(filter.text, (shorter) => complain(shorter) !== undefined);
  return [
    `${linkType}: ${filter.text}`,
    `  ${complaint}`,
    `  shrunk: { linkType: '${linkType}', text: '${text}' }`,
    `  ${complain(text) ?? 'not wrong again with other packets'}`,
  ].join('\n');
}

function compileBeside(
  filter: Filter,
  answer: string,
  r: Random,
  packetCount: number,
): Outcome | Asked {
  const { linkType, text } = filter;
  const lowered = compile(text, { linkType, optimize: false });
  const optimized = compile(text, { linkType });
  const matchesNothing = !optimized.ok && optimized.diagnostics[0]?.code === 'rejects-all';
  const error = answer.startsWith('ok ') ? undefined : answer.slice('error '.length);
  if (error !== undefined || !lowered.ok || !(optimized.ok || matchesNothing)) {
    const refused = { filter, accepted: false, verdicts: 0, matches: 0, reasons: [] };
    if ((error === undefined) === lowered.ok && lowered.ok === optimized.ok) return refused;
    const reason = explain('refusal', filter, {
      ...(error !== undefined && { error }),
      ...(!lowered.ok && { codes: lowered.diagnostics.map(({ code }) => code) }),
    });
    if (reason !== undefined) return { ...refused, reasons: [reason] };
    const ours = lowered.ok ? 'we accept it' : `ours: ${lowered.diagnostics[0]!.message}`;
    return { ...refused, complaint: `libpcap: ${error ?? 'accepted'}; ${ours}` };
  }
  const complaints = [lowered, optimized].flatMap((each) => (each.ok ? verify(each.program) : []));
  if (complaints.length > 0) {
    const complaint = complaints.join('; ');
    return { filter, accepted: true, verdicts: 0, matches: 0, reasons: [], complaint };
  }
  const programs = [
    readProgram(answer.slice('ok '.length)),
    toClassic(lowered.program),
    optimized.ok ? toClassic(optimized.program) : nothing,
  ];
  const packets = packetsFor(programs, linkType, r, packetCount);
  const question = judgement(programs, packets);
  return { filter, question, packets, programs, lowered: lowered.program };
}

function compare(
  ask: Oracle['ask'],
  { filter, packets, programs, lowered }: Asked,
  answer: string,
): Outcome {
  const reasons: string[] = [];
  let complaint: string | undefined;
  let matches = 0;
  const rows = readJudgement(answer);
  packets.forEach((packet, index) => {
    const [theirs, asLowered, asOptimized] = rows[index]!;
    const own = run(lowered, packet.data, packet.wireLength);
    if (own !== 0) matches++;
    if (own === asLowered && own === asOptimized && own === theirs) return;
    const where =
      `libpcap ${theirs}, lowered ${asLowered}, optimized ${asOptimized}, run ${own} ` +
      `for ${packetText(packet)}`;
    if (own !== asLowered || own !== asOptimized) {
      complaint ??= `we differ among us: ${where}`;
      return;
    }
    const reason = explain('verdict', filter, {
      packet,
      endsEarly: endsEarly(ask, programs, packet),
      testsConstant: testsConstant(programs[0]!),
    });
    if (reason === undefined) complaint ??= where;
    else reasons.push(reason);
  });
  return {
    filter,
    accepted: true,
    verdicts: rows.length,
    matches,
    reasons,
    ...(complaint !== undefined && { complaint }),
  };
}

const judgement = (programs: Asked['programs'], packets: readonly Packet[]): string =>
  `judge ${programs.map(programText).join('|')} ${packets.map(packetText).join(' ')}`;

/** Do all programs say the same of the packet with zeros behind it? */
function endsEarly(ask: Oracle['ask'], programs: Asked['programs'], packet: Packet): boolean {
  const data = new Uint8Array(2000);
  data.set(packet.data);
  const [values] = readJudgement(ask([judgement(programs, [{ ...packet, data }])])[0]!);
  return new Set(values).size === 1;
}

/** `ld #k` and a jump at once: how libpcap 1.10 writes true and false. */
const testsConstant = (program: readonly Instruction[]): boolean =>
  program.some(({ code }, index) => code === 0 && program[index + 1]?.code === 0x15);

const explain = (of: 'refusal' | 'verdict', filter: Filter, found: Found): string | undefined =>
  known.find((each) => each.of === of && each.explains(filter, found))?.reason;
