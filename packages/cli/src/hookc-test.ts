import { closeSync, openSync, readSync } from 'node:fs';
import { FilterError, UserError } from '@hookdump/capture/errors';
import { resolveNames } from '@hookdump/capture/names';
import {
  type CompileOptions,
  compile,
  type Interpreter,
  interpreter,
  linkTypes,
  parse,
} from '@hookdump/filter';
import { type CaptureBlock, CaptureFileError, CaptureReader, type Packet } from '@hookdump/pcapng';
import { type FilterText, nameOf } from './arguments.ts';
import { type Conjunct, conjuncts } from './conjuncts.ts';
import { programOf } from './from-classic.ts';
import { compilingOf, sayDiagnostics } from './report.ts';

/** What `hookc --test` does. */
export interface TestJob {
  readonly filters: readonly FilterText[];
  /** The one filter is a program in classic BPF. */
  readonly isClassic: boolean;
  /** The capture file; `-` is standard input. */
  readonly packets: string;
  readonly options: Omit<CompileOptions, 'linkType'>;
}

/**
 * Tries the packets of a file: a line for each and each filter, a summary at the end.
 *
 * @param say is given whole lines
 * @returns whether a packet matched
 * @throws UserError, FilterError; what was read before that has been said
 */
export async function testPackets(job: TestJob, say: (lines: string) => void): Promise<boolean> {
  const tried = await Promise.all(job.filters.map((filter) => Tried.of(filter, job)));
  const linkTypeOf = new Map<number, number>();
  let count = 0;
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) say(`${lines.join('\n')}\n`);
    lines = [];
  };
  try {
    for (const block of blocksOf(job.packets)) {
      if (block.kind === 'interface') linkTypeOf.set(block.id, block.linkType);
      if (block.kind !== 'packet' && block.kind !== 'simple-packet') continue;
      count++;
      for (const each of tried) {
        const name = each.filter.isNamed ? ` ${each.filter.name}` : '';
        lines.push(`${count}${name}: ${each.try(block, linkTypeOf.get(block.interface)!)}`);
      }
      if (lines.length > 1000) flush();
    }
  } finally {
    flush();
  }
  say(tried.map((each) => each.summary(count)).join(''));
  return tried.some(({ matched }) => matched > 0);
}

/** One filter, for every link type that the file has, and how it went. */
class Tried {
  readonly filter: FilterText;
  matched = 0;
  readonly #job: TestJob;
  readonly #options: Omit<CompileOptions, 'linkType'>;
  readonly #byLinkType = new Map<number, Verdicts>();

  private constructor(filter: FilterText, job: TestJob, options: TestJob['options']) {
    this.filter = filter;
    this.#job = job;
    this.#options = options;
  }

  static async of(filter: FilterText, job: TestJob): Promise<Tried> {
    const names = job.isClassic ? {} : { names: await resolveNames(filter.text) };
    return new Tried(filter, job, { ...job.options, ...names });
  }

  try(packet: Packet, linkType: number): string {
    let verdicts = this.#byLinkType.get(linkType);
    if (verdicts === undefined) {
      verdicts = compilingOf(this.filter, () => this.#compile(linkTypeName(linkType)));
      this.#byLinkType.set(linkType, verdicts);
    }
    if (verdicts.run(packet.data, packet.originalLength) !== 0) {
      this.matched++;
      return 'match';
    }
    const refusal = verdicts.parts.find(({ run }) => run(packet.data, packet.originalLength) === 0);
    return refusal === undefined ? 'no match' : `no match: ${refusal.text}`;
  }

  summary(count: number): string {
    const name = this.filter.isNamed ? `${this.filter.name}: ` : '';
    const packets = count === 1 ? 'packet' : 'packets';
    return `${name}${this.matched} of ${count} ${packets} matched\n`;
  }

  #compile(linkType: string): Verdicts {
    const { filter } = this;
    const options = { ...this.#options, linkType };
    if (this.#job.isClassic) {
      return { run: interpreter(programOf(filter.text, options)), parts: [] };
    }
    // The first link type must have all that the filter asks for, as with a file that has but one;
    // what another has not is no match.
    const isFirst = this.#byLinkType.size === 0;
    const compiled = compile(filter.text, {
      ...options,
      ...(!isFirst && { unsupported: 'no-match' }),
    });
    if (!compiled.ok) throw new FilterError(compiled.diagnostics);
    if (isFirst) sayDiagnostics(compiled.warnings, filter);
    const { ast } = parse(filter.text);
    const parts = ast === undefined ? [] : conjuncts(filter.text, ast);
    return {
      run: interpreter(compiled.program),
      parts: parts.map((part) => new Refusing(part, options)),
    };
  }
}

/** A filter on one link type. */
interface Verdicts {
  readonly run: Interpreter;
  readonly parts: readonly Refusing[];
}

/** A test that may refuse a packet; compiled when it is first asked. */
class Refusing {
  readonly text: string;
  readonly #prefix: string;
  readonly #options: CompileOptions;
  #run: Interpreter | undefined;

  constructor({ text, prefix }: Conjunct, options: CompileOptions) {
    this.text = text;
    this.#prefix = prefix;
    this.#options = options;
  }

  get run(): Interpreter {
    this.#run ??= this.#compile();
    return this.#run;
  }

  #compile(): Interpreter {
    const compiled = compile(this.#prefix, { ...this.#options, unsupported: 'no-match' });
    if (!compiled.ok) throw new Error(`a part of the filter does not compile: ${this.#prefix}`);
    return interpreter(compiled.program);
  }
}

/** libpcap takes these numbers of other systems' DLT_RAW for it too. */
const rawNumbers = new Set([12, 14]);

function linkTypeName(number: number): string {
  if (rawNumbers.has(number)) return 'RAW';
  const found = Object.entries(linkTypes).find(([, { value }]) => value === number);
  if (found !== undefined) return found[0];
  throw new UserError(
    `the file's link type ${number} is not known`,
    'https://www.tcpdump.org/linktypes.html says what it is; -L lists those that hookc knows',
  );
}

/** @throws UserError where the file can't be read or goes wrong, after what stands before */
function* blocksOf(path: string): Generator<CaptureBlock> {
  const descriptor = open(path);
  try {
    const reader = new CaptureReader();
    const chunk = new Uint8Array(1 << 18);
    for (let size = read(path, descriptor, chunk); size > 0; ) {
      yield* reader.push(chunk.subarray(0, size));
      size = read(path, descriptor, chunk);
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof CaptureFileError)) throw error;
    throw new UserError(
      `the capture file ${nameOf(path)} can't be read: ${error.message}`,
      error.code === 'not-a-capture' ? '--test takes a pcap or pcapng file' : undefined,
    );
  } finally {
    if (path !== '-') closeSync(descriptor);
  }
}

function open(path: string): number {
  if (path === '-') return 0;
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function read(path: string, descriptor: number, chunk: Uint8Array): number {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    throw unreadable(path, error);
  }
}

const unreadable = (path: string, error: unknown): UserError =>
  new UserError(`the capture file ${nameOf(path)} can't be read: ${(error as Error).message}`);
