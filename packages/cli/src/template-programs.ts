import { UserError } from '@hookdump/capture/errors';
import { type Hook, inspectObject, type ObjectProgram } from '@hookdump/codegen';

/** How sections of one kind of program begin, as libbpf knows them, and what is written for one. */
interface Sections {
  readonly words: readonly string[];
  readonly example: string;
}

/** By kind of hook: those at which somebody else's C can have a filter. */
const sectionsOf: Readonly<Record<string, Sections>> = {
  xdp: { words: ['xdp'], example: 'SEC("xdp") int NAME(struct xdp_md *context)' },
  tc: {
    words: ['tc', 'tcx', 'netkit', 'classifier', 'action'],
    example: 'SEC("tc") int NAME(struct __sk_buff *context)',
  },
};

/** The first words of sections of all other kinds (libbpf's section_defs). */
const otherWords: ReadonlySet<string> = new Set(
  (
    'socket sk_reuseport kprobe uprobe kretprobe uretprobe usdt ksyscall kretsyscall tracepoint tp ' +
    'raw_tracepoint raw_tp tp_btf fentry fmod_ret fexit freplace lsm lsm_cgroup iter syscall ' +
    'perf_event cgroup_skb cgroup lwt_in lwt_out lwt_xmit lwt_seg6local sockops sk_skb sk_msg ' +
    'lirc_mode2 flow_dissector struct_ops sk_lookup'
  ).split(' '),
);

/**
 * Refuses an object of somebody else's C in which no program can be for the hook. A section that libbpf
 * does not know is taken: `ip`, `tc` and loaders of one's own say themselves what kind it is.
 *
 * @param name the template's
 * @throws UserError
 */
export function requireProgram(object: Uint8Array, { kind, spec }: Hook, name: string): void {
  const { programs } = inspectObject(object);
  const { words, example } = sectionsOf[kind.kind]!;
  const write = `write ${example}, and call the filter there`;
  if (programs.length === 0) throw new UserError(`${name} has no program in it`, write);
  const isOther = (program: ObjectProgram): boolean => {
    const word = kindWord(program);
    return !words.includes(word) && (kindOfWord(word) !== undefined || otherWords.has(word));
  };
  if (!programs.every(isOther)) return;
  const found = programs.map((each) => `${each.name} is in section ${each.section}`).join(', ');
  const meant = kindOfWord(kindWord(programs[0]!));
  throw new UserError(
    `${name} has no program for ${spec}: ${found}`,
    meant === undefined ? write : `${write}, or give --hook ${meant}`,
  );
}

/** `xdp` of `xdp.frags`, `tc` of `tc/ingress`; a `?` before it keeps libbpf from loading it unasked. */
const kindWord = ({ section }: ObjectProgram): string => /^\??([^./]*)/.exec(section)![1]!;

const kindOfWord = (word: string): string | undefined =>
  Object.entries(sectionsOf).find(([, { words }]) => words.includes(word))?.[0];
