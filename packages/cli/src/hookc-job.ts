import { UserError } from '@hookdump/capture/errors';
import { deviceLayer } from '@hookdump/capture/programs';
import type { Target } from '@hookdump/codegen';
import { type CompileOptions, nearest } from '@hookdump/filter';
import {
  type FilterText,
  filterText,
  namedFilters,
  netmask,
  parseCommandLine,
  snapLength,
} from './arguments.ts';

export const usage = `usage: hookc [options] FILTER
       hookc [options] --filter NAME=FILTER [--filter NAME=FILTER]...
       hookc [options] --test FILE.pcap FILTER
       hookc inspect FILE.bpf.o

Compiles a filter in the language of pcap-filter(7). Needs no root and no kernel.

  -d, -dd, -ddd    classic BPF: assembly (the default), C, decimal numbers
  --emit FORM      ast, predicate, ir, cbpf, c, asm or object; default: cbpf, or what the name of -o
                   says (.c, .s, .o)
  --explain        what the filter means, in English
  --test FILE      which packets of a capture file match, and what refuses the others
  --hook HOOK      for c, asm and object: where it is to run, such as tp_btf:netif_receive_skb or
                   xdp; repeatable; default: both hooks of the device layer
  --filter NAME=FILTER  a filter by name; repeatable: c, asm and object hold all of them, each in
                   programs of its own, --test tries them all
  --template FILE.c  for c, asm and object: your own C, which calls the filter as a function
                   (--hook xdp or tc)
  --target-arch ARCH  x86_64 or arm64, or bpfel or bpfeb where only the byte order matters; default:
                   this machine
  --branch-free    for c, asm and object: filters decide by arithmetic in place of jumps, which is
                   quicker where traffic is mixed
  -y LINKTYPE      what packets begin with (EN10MB), by libpcap's name; -L lists them
  --linux          compile as for a live capture: VLAN tags, directions and interfaces are asked of
                   the kernel; with --emit c, asm and object it is so in any case
  --netmask MASK   of the network, for 'ip broadcast': 255.255.255.0 or /24
  -s SNAPLEN       bytes of a packet to keep (262144)
  -O               do not optimize
  -F FILE          read the filter from a file
  --from-classic FILE  no filter: a program as 'tcpdump -ddd' prints it, to be emitted in another form
  -o FILE          write to a file
  -L               list the link types
  -h, --help       this text
  --version        versions

Exit status: 0; with --test 0 if a packet matched, 2 if none did; 1 for every error.
`;

const options = {
  d: { type: 'boolean', short: 'd', multiple: true },
  emit: { type: 'string' },
  explain: { type: 'boolean' },
  test: { type: 'string' },
  hook: { type: 'string', multiple: true },
  filter: { type: 'string', multiple: true },
  template: { type: 'string' },
  'target-arch': { type: 'string' },
  'branch-free': { type: 'boolean' },
  linktype: { type: 'string', short: 'y' },
  'list-data-link-types': { type: 'boolean', short: 'L' },
  linux: { type: 'boolean' },
  netmask: { type: 'string' },
  snaplen: { type: 'string', short: 's' },
  'no-optimize': { type: 'boolean', short: 'O' },
  file: { type: 'string', short: 'F' },
  'from-classic': { type: 'string' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** tcpdump's letters for capturing and printing. */
const refused = Object.fromEntries(
  [...'AbBcCDeEfGHiIjJkKlmMnNpqQrRStTuUvVwWxXzZ#'].map((letter) => [
    letter,
    'hookc only compiles; hookdump captures',
  ]),
);

const forms = ['ast', 'predicate', 'ir', 'cbpf', 'c', 'asm', 'object'] as const;
type EmittedForm = (typeof forms)[number];

/** What is built for hooks, around a filter. */
const builtForms = ['c', 'asm', 'object'] as const;
type BuiltForm = (typeof builtForms)[number];

/** As codegen has it, which is not loaded where it is not needed. */
const targetNames: readonly Target[] = ['x86_64', 'arm64', 'bpfel', 'bpfeb'];

/** Everything that the command line says. */
export interface Job {
  /** What is compiled, at least one; with `isClassic`, one program in place of a filter. */
  readonly filters: readonly FilterText[];
  readonly isClassic: boolean;
  readonly form: EmittedForm | 'explanation' | 'verdicts';
  readonly detail: number;
  readonly linkType: string | undefined;
  readonly hooks: readonly string[];
  readonly template: string | undefined;
  readonly target: Target | undefined;
  /** Filters decide by arithmetic in place of jumps. */
  readonly branchFree: boolean;
  /** The capture file whose packets are tried. */
  readonly packets: string | undefined;
  readonly linux: boolean;
  readonly options: Pick<CompileOptions, 'optimize' | 'snapLen' | 'netmask'>;
  readonly output: string | undefined;
}

export interface Question {
  readonly asks: 'help' | 'version' | 'link types';
}

/** @throws UserError */
export async function readJob(args: readonly string[]): Promise<Job | Question> {
  const { values, words } = parseCommandLine(args, options, refused);
  if (values.help === true) return { asks: 'help' };
  if (values.version === true) return { asks: 'version' };
  if (values['list-data-link-types'] === true) return { asks: 'link types' };
  // Before all that a hook goes with or not: what is no hook has no other fault.
  if (values.hook !== undefined) {
    const { readHooks } = await import('./hookc-hooks.ts');
    readHooks(values.hook);
  }
  checkTogether(values as Values);
  if (values.test === '-' && values.file === '-') {
    throw new UserError('standard input cannot be both the packets and the filter', 'name a file');
  }
  const classic = values['from-classic'];
  const text = (): FilterText =>
    classic === undefined ? filterText(words, values.file) : filterText(words, classic, 'program');
  const filters = values.filter === undefined ? [text()] : namedFilters(values.filter, words);
  const form = wantedForm(values as Values);
  if (filters.length > 1 && !isOneOf([...builtForms, 'verdicts'], form)) {
    throw new UserError(
      `--filter is given ${filters.length} times, and ${form} is of one filter`,
      `several go together in --emit ${builtForms.join(', ')} and in --test`,
    );
  }
  return {
    filters,
    isClassic: classic !== undefined,
    form,
    detail: values.d?.length ?? 1,
    linkType: values.linktype,
    hooks: values.hook ?? (values.template === undefined ? deviceLayer : []),
    template: values.template,
    target: values['target-arch'] === undefined ? undefined : readTarget(values['target-arch']),
    branchFree: values['branch-free'] === true,
    packets: values.test,
    linux: values.linux === true,
    options: {
      optimize: values['no-optimize'] !== true,
      snapLen: snapLength(values.snaplen),
      ...(values.netmask !== undefined && { netmask: netmask('--netmask', values.netmask) }),
    },
    output: values.output,
  };
}

type OptionName = keyof typeof options;
type Values = { readonly [name in OptionName]?: string | boolean | readonly (string | boolean)[] };

/** What contradicts what, and what to do; the first that is given is told. */
const contradictions: readonly {
  readonly option: OptionName;
  readonly others: readonly OptionName[];
  readonly why: string;
}[] = [
  {
    option: 'from-classic',
    others: ['file', 'filter'],
    why: 'it has a program in place of a filter',
  },
  { option: 'filter', others: ['file'], why: 'a filter is given once, by name or in a file' },
  {
    option: 'test',
    others: ['emit', 'explain', 'd', 'hook', 'template', 'target-arch', 'branch-free'],
    why: 'packets are tried here, and nothing is made',
  },
  { option: 'test', others: ['linktype'], why: 'the file says what its packets begin with' },
  { option: 'test', others: ['linux'], why: 'a file has nothing to ask beside the bytes' },
  { option: 'test', others: ['output'], why: 'verdicts go to standard output' },
  { option: 'explain', others: ['emit', 'template'], why: 'it explains in place of emitting' },
];

function checkTogether(values: Values): void {
  for (const { option, others, why } of contradictions) {
    const other = others.find((name) => values[name] !== undefined);
    if (values[option] === undefined || other === undefined) continue;
    const [first, second] = [option, other].map(written);
    throw new UserError(`${first} and ${second} do not go together`, why);
  }
}

/** As people write it. */
function written(name: OptionName): string {
  const { short } = options[name] as { readonly short?: string };
  return short === undefined ? `--${name}` : `-${short}`;
}

function wantedForm(values: Values): Job['form'] {
  if (values.test !== undefined) return 'verdicts';
  if (values.explain === true) return 'explanation';
  const form = (values.emit ?? formNotTold(values)) as string;
  if (!isOneOf(forms, form)) {
    const meant = nearest(form, forms);
    const guess = meant === undefined ? '' : `did you mean '${meant}'? `;
    const hint = `${guess}it takes ${forms.join(', ')}`;
    throw new UserError(`--emit ${form} is not known`, hint);
  }
  if (values.d !== undefined && form !== 'cbpf') {
    throw new UserError(`-d is a form of classic BPF, and has no meaning for ${form}`);
  }
  if (isOneOf(builtForms, form)) return form;
  for (const name of ['template', 'target-arch', 'branch-free', 'hook'] as const) {
    if (values[name] === undefined) continue;
    throw new UserError(
      `--${name} has no meaning for ${form}`,
      `add --emit ${builtForms.join(', --emit ')}`,
    );
  }
  return form;
}

/** What the name of a file says that it is to hold. */
const formOfEnding: Readonly<Record<string, BuiltForm>> = {
  '.c': 'c',
  '.s': 'asm',
  '.o': 'object',
};

function formNotTold({ d, output, template }: Values): EmittedForm {
  if (d !== undefined) return 'cbpf';
  const named = formOfEnding[/\.\w$/.exec((output ?? '') as string)?.[0] ?? ''];
  // A template is C, and what becomes of it.
  return named ?? (template === undefined ? 'cbpf' : 'object');
}

function readTarget(text: string): Target {
  if (isOneOf(targetNames, text)) return text;
  throw new UserError(
    `--target-arch ${text} is not known`,
    `it takes ${targetNames.slice(0, -1).join(', ')} or ${targetNames.at(-1)}`,
  );
}

function isOneOf<T extends string>(known: readonly T[], text: string): text is T {
  return (known as readonly string[]).includes(text);
}
