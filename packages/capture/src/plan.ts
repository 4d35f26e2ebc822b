import { type Hook, type LinkType, parseHook } from '@hookdump/codegen';
import { MAX_TARGETS } from '@hookdump/codegen/record';
import type { Diagnostic, ResolvedNames } from '@hookdump/filter';
import type { KernelFacts } from '@hookdump/loader';
import { EnvironmentError } from '@hookdump/loader';
import { type Device, findDevices } from './devices.ts';
import { UserError } from './errors.ts';
import { Filters } from './filters.ts';
import { linkTypeOf } from './link-type.ts';
import { findNetns, type Netns, ownNetns } from './netns.ts';
import { deviceLayer, type LinkPrograms } from './programs.ts';

/** What a user asks for. */
export interface CaptureRequest {
  readonly filter: string;
  /** A device's name, or `any`. Ignored by hooks that name their own. */
  readonly device: string;
  /** Namespaces by name or path; none: all of them for `any`, the own one for a device. */
  readonly netns: readonly string[];
  /** Hooks as they are written; none: the device layer. */
  readonly hooks: readonly string[];
  /** Most bytes of a packet to keep. */
  readonly snapLen: number;
  readonly names?: ResolvedNames;
  /** Filters decide by arithmetic in place of jumps (docs/performance.md). */
  readonly branchFree?: boolean;
}

/** What is built, loaded and attached for a request. All of it is decided before anything is. */
export interface Plan {
  readonly request: CaptureRequest;
  readonly objects: readonly ObjectPlan[];
  /** Where the capture looks, for people. */
  readonly description: string;
  readonly warnings: readonly Diagnostic[];
}

/** One object: hooks of one kind, which share a filter and a way out of the kernel. */
export interface ObjectPlan {
  readonly hooks: readonly Hook[];
  readonly programs: LinkPrograms['programs'];
  /** What packets can begin with here. */
  readonly linkTypes: readonly LinkType[];
  /** Where packets are looked at, compared before a packet is touched; none: everywhere. */
  readonly targets: readonly Target[];
  /** Devices that were asked for by name; the capture ends when one goes. */
  readonly devices: readonly Device[];
  /** The one of them that an XDP program is attached to. */
  readonly device?: Device;
}

export interface Target {
  readonly netns: number;
  /** 0: every device of the namespace. */
  readonly ifindex: number;
}

/**
 * Plans a capture. The filter is looked at first: a mistake in it is told before anything about the
 * machine.
 *
 * @throws FilterError, UserError; EnvironmentError for what this kernel does not have or allow
 */
export function plan(request: CaptureRequest, facts: KernelFacts): Plan {
  const filters = new Filters(request);
  // Asked for twice, a hook or a namespace is still one.
  const specs = new Set(request.hooks.length > 0 ? request.hooks : deviceLayer);
  const hooks = [...specs].map(readHook);
  requireKernel(hooks, facts);
  const byInode = new Map(request.netns.map(findNetns).map((netns) => [netns.inode, netns]));
  const namespaces = [...byInode.values()];
  const objects: ObjectPlan[] = [];
  const shared = hooks.filter((hook) => hook.kind.mixesLinkTypes);
  if (shared.length > 0) {
    const place = choosePlace(request.device, namespaces);
    objects.push({ hooks: shared, programs: filters.at(place.linkTypes, place.devices), ...place });
  } else if (request.device !== 'any') {
    throw new UserError(
      `-i ${request.device} has no meaning here`,
      `${hooks.map(({ spec }) => spec).join(', ')} names its device itself`,
    );
  }
  for (const hook of hooks.filter((each) => !each.kind.mixesLinkTypes)) {
    objects.push(...onDevices(hook, namespaces, filters));
  }
  const { warnings } = filters;
  return { request, objects, warnings, description: describe(request, hooks, namespaces) };
}

/**
 * The filter as it is compiled for where a request looks, and nothing else of a plan.
 *
 * @throws FilterError, UserError; EnvironmentError for a namespace that can't be entered
 */
export function filtersOf(request: CaptureRequest): LinkPrograms {
  const filters = new Filters(request);
  const { warnings } = filters;
  const { linkTypes, devices } = choosePlace(request.device, request.netns.map(findNetns));
  return { programs: filters.at(linkTypes, devices), warnings };
}

/** Kinds of hooks that capture.ts attaches to; codegen builds objects for more. */
const ATTACHED_KINDS: readonly string[] = ['tp_btf', 'xdp'];

function readHook(text: string): Hook {
  const parsed = parseHook(text);
  if (!parsed.ok) throw new UserError(parsed.message, parsed.hint);
  const { hook } = parsed;
  if (!ATTACHED_KINDS.includes(hook.kind.kind)) {
    throw new UserError(
      `hookdump does not attach to hooks of kind ${hook.kind.kind}`,
      `it captures at ${ATTACHED_KINDS.join(' and ')}; 'hookc --hook ${text} --emit object' builds an object for others to load`,
    );
  }
  if (hook.target === undefined) {
    throw new UserError(`hook '${text}' does not say where`, `write ${hook.kind.syntax}`);
  }
  return hook;
}

function requireKernel(hooks: readonly Hook[], facts: KernelFacts): void {
  const { capabilities, btf, release } = facts;
  const admin = capabilities.sysAdmin;
  const missing = [
    !capabilities.bpf && !admin && 'CAP_BPF',
    !capabilities.perfmon && !admin && 'CAP_PERFMON',
    !capabilities.netAdmin && 'CAP_NET_ADMIN',
  ].filter((each) => each !== false);
  if (missing.length > 0) {
    throw new EnvironmentError(
      `capturing needs root, or the capabilities CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN; missing: ${missing.join(', ')}`,
      { hint: "run it with sudo; 'hookc' compiles without" },
    );
  }
  for (const { kind, spec } of hooks) {
    if (olderThan(release, kind.needs.version)) {
      throw new EnvironmentError(
        `${spec} needs Linux ${kind.needs.version} (${kind.needs.reason}); this is ${release}`,
      );
    }
    if (!btf && kind.kind === 'tp_btf') {
      throw new EnvironmentError(`${spec} needs the kernel's types at /sys/kernel/btf/vmlinux`, {
        hint: 'the kernel was built without CONFIG_DEBUG_INFO_BTF; xdp:IFACE needs no types',
      });
    }
  }
}

function olderThan(release: string, version: string): boolean {
  const numbers = (text: string): number[] => text.split(/[.-]/, 2).map(Number);
  const [major = 0, minor = 0] = numbers(release);
  const [wantedMajor = 0, wantedMinor = 0] = numbers(version);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** Where an object of the device layer looks, and what it can see there. */
function choosePlace(
  device: string,
  namespaces: readonly Netns[],
): Pick<ObjectPlan, 'targets' | 'linkTypes' | 'devices'> {
  if (device === 'any') {
    const targets = namespaces.map(({ inode }) => ({ netns: inode, ifindex: 0 }));
    return { targets: limited(targets), linkTypes: ['EN10MB', 'RAW'], devices: [] };
  }
  const found = findDevices(device, namespaces.length > 0 ? namespaces : [ownNetns()]);
  const targets = found.map(({ netns, index }) => ({ netns: netns.inode, ifindex: index }));
  return {
    targets: limited(targets),
    linkTypes: [...new Set(found.map(requireLinkType))],
    devices: found,
  };
}

function limited(targets: readonly Target[]): readonly Target[] {
  if (targets.length <= MAX_TARGETS) return targets;
  throw new UserError(`at most ${MAX_TARGETS} network namespaces can be named`);
}

function requireLinkType({ name, type }: Device): LinkType {
  const linkType = linkTypeOf(type);
  if (linkType !== undefined) return linkType;
  throw new UserError(`${name} has a link type that is not supported (ARPHRD ${type})`);
}

/** An object for each device: it is made for the device's link type. */
function onDevices(hook: Hook, namespaces: readonly Netns[], filters: Filters): ObjectPlan[] {
  const where = namespaces.length > 0 ? namespaces : [ownNetns()];
  return findDevices(hook.target!, where).map((device) => {
    const linkTypes = [requireLinkType(device)];
    const devices = [device];
    const programs = filters.at(linkTypes, devices);
    return { hooks: [hook], programs, linkTypes, targets: [], devices, device };
  });
}

function describe(
  { device, hooks: asked }: CaptureRequest,
  hooks: readonly Hook[],
  namespaces: readonly Netns[],
): string {
  const names = namespaces.map(({ name }) => name).join(', ');
  const place =
    names === '' ? '' : ` in network namespace${namespaces.length > 1 ? 's' : ''} ${names}`;
  if (asked.length > 0) return `${hooks.map(({ spec }) => spec).join(', ')}${place}`;
  if (device === 'any') return names === '' ? 'any (every network namespace)' : `any${place}`;
  return `${device}${place}`;
}
