/** libpcap's name of what a frame at a hook begins with. */
export type LinkType = 'EN10MB' | 'RAW';

/** What all hooks of one kind have in common; one file each. */
export interface HookKind {
  /** What stands before the colon of a hook's spec. */
  readonly kind: string;
  /** The spec, as help shows it. */
  readonly syntax: string;
  readonly description: string;
  /** File of bpf-templates that the filter is put into. */
  readonly template: string;
  /** Header of bpf-templates/include through which the filter reads packets. */
  readonly strategy: string;
  /** Header of bpf-templates/include through which it asks for what stands beside the bytes. */
  readonly ancillary: string;
  /** Link types that a packet can have here; a filter is compiled for each of them. */
  readonly linkTypes: readonly LinkType[];
  /**
   * Whether one object serves frames of several link types, choosing by the device of each packet.
   * If not, it holds the one program that fits the device.
   */
  readonly mixesLinkTypes: boolean;
  /** How records leave the kernel: map `events` is a perf event array or a ring buffer. */
  readonly transport: 'perf' | 'ring';
  readonly needs: KernelNeeds;
  /** Reads what follows the colon; `undefined`: there was no colon. */
  parse(target: string | undefined): HookResult;
}

export interface KernelNeeds {
  /** Lowest version, such as `5.8`. */
  readonly version: string;
  /** What it is needed for. */
  readonly reason: string;
}

/** A place in the kernel where a program is attached. */
export interface Hook {
  readonly kind: HookKind;
  /** `kind:target`, or the kind alone. */
  readonly spec: string;
  /** What it is attached to, such as a tracepoint's or a device's name; none for an object that is compiled only. */
  readonly target?: string;
  /** The program's name in the object, which is the C function's. */
  readonly program: string;
  readonly direction: 'in' | 'out';
  /** Words of the template and what stands for them at this hook; `hook_program` is always one. */
  readonly words?: Readonly<Record<string, string>>;
}

export type HookResult =
  | { readonly ok: true; readonly hook: Hook }
  | { readonly ok: false; readonly message: string; readonly hint: string };
