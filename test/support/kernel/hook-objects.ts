import { readFileSync, statSync } from 'node:fs';
import { buildObject, type LinkType, parseHook } from '@hookdump/codegen';
import { compile, type Program } from '@hookdump/filter';
import { BpfObject, EnvironmentError, LoadError, pageMap } from '@hookdump/loader';
import { left, right } from './two-netns.ts';

/** Where the kernel's pages are, if /proc/kcore tells; tp_btf objects get it from there. */
const map = pageMap();
/** Whether the kernel's symbols tell (CONFIG_KALLSYMS_ALL), which the other objects look up. */
const tellsPages = / page_offset_base$/m.test(readFileSync('/proc/kallsyms', 'utf8'));
const release = readFileSync('/proc/sys/kernel/osrelease', 'utf8');
const atLeast = (major: number, minor: number): boolean => {
  const [a = 0, b = 0] = release.split('.').map(Number);
  return a > major || (a === major && b >= minor);
};

/** Whether programs at a hook can be told where pages are. */
export const findsPages = (spec: string): boolean =>
  spec.startsWith('tp_btf') ? map !== undefined || atLeast(6, 12) : tellsPages;

const u32 = (...numbers: number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);

/** @param link what the packets of a hook of one link type are */
export async function build(
  spec: string,
  filter: string,
  link: LinkType = 'EN10MB',
): Promise<Uint8Array> {
  const parsed = parseHook(spec);
  if (!parsed.ok) throw new Error(`${parsed.message}; ${parsed.hint}`);
  const { hook } = parsed;
  const program = (linkType: string): Program => {
    const compiled = compile(filter, { linkType, linux: true });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
    return compiled.program;
  };
  const links: readonly LinkType[] = hook.kind.mixesLinkTypes ? ['EN10MB', 'RAW'] : [link];
  const programs = Object.fromEntries(links.map((each) => [each, program(each)]));
  return (await buildObject({ filter, hooks: [hook], programs })).bytes;
}

/** Confined to our namespaces, if not `everywhere`; `target`: the id of a program to attach to. */
export async function load(
  spec: string,
  filter: string,
  { target, everywhere }: { target?: number; everywhere?: boolean } = {},
): Promise<BpfObject> {
  const object = BpfObject.open(await build(spec, filter), { name: 'hooks_test' });
  const targets = new Uint8Array(128);
  targets.set(u32(...[left, right].flatMap((netns) => [statSync(`/run/netns/${netns}`).ino, 0])));
  object.setGlobal('targets', targets);
  object.setGlobal('target_count', u32(everywhere ? 0 : 2));
  if (map !== undefined && spec.startsWith('tp_btf')) {
    object.setGlobal('page_map', new Uint8Array(BigUint64Array.of(map.memory, map.pages).buffer));
  }
  if (target !== undefined) object.setTarget(object.programs[0]!, target);
  try {
    object.load();
  } catch (error) {
    object.close();
    throw error;
  }
  return object;
}

/** Whether this kernel refuses the kind as such: tells why. */
export function unavailable(spec: string, error: unknown): string | undefined {
  if (!(error instanceof EnvironmentError || error instanceof LoadError)) return undefined;
  const [, kind] = /^(kprobe|fentry|fexit):/.exec(spec) ?? [];
  // A kernel that is built without kprobes has none of these; Debian's, whose release says so, has all.
  if (kind === undefined || release.includes('amd64')) return undefined;
  return `this kernel refuses ${kind} (${/\((E[A-Z]+)\)/.exec(error.message)?.[1]})`;
}
