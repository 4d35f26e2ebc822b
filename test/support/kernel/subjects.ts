import { spawnSync } from 'node:child_process';
import { buildObject, type LinkType } from '@hookdump/codegen';
import { compile, type Program } from '@hookdump/filter';
import { BpfObject } from '@hookdump/loader';
import { resolveNames } from '../names.ts';
import type { QuietLab } from './quiet-lab.ts';
import { hooksOf, type Strategy } from './strategies.ts';

/** The programs of a filter, at most one for each link type. */
export type Programs = { readonly [link in LinkType]?: Program };

/**
 * What a live capture compiles a filter to, where the language has it on a link type.
 *
 * @param optimize `false`: what the optimized program is measured by
 */
export function programsOf(
  text: string,
  links: readonly LinkType[],
  optimize: boolean,
): Programs | undefined {
  const programs: { [link in LinkType]?: Program } = {};
  for (const linkType of links) {
    const options = { linkType, linux: true, optimize, names: resolveNames(text) };
    const compiled = compile(text, options);
    if (compiled.ok) programs[linkType] = compiled.program;
  }
  return Object.keys(programs).length === 0 ? undefined : programs;
}

/** `cache: false`: not an object that another run will want; `branchFree`: the other form. */
export interface BuildChoice {
  readonly cache?: boolean;
  readonly branchFree?: boolean;
}

/** The object of these programs at a strategy's hooks. */
export async function build(
  strategy: Strategy,
  filter: string,
  programs: Programs,
  options: BuildChoice & { readonly signal?: AbortSignal } = {},
): Promise<Uint8Array> {
  const built = await buildObject({ filter, hooks: hooksOf(strategy), programs, ...options });
  return built.bytes;
}

/** @throws Error with the filter's name, if the kernel refuses the object */
export async function load(
  strategy: Strategy,
  filter: string,
  bytes: Uint8Array,
  inodes: readonly number[],
): Promise<BpfObject> {
  const object = BpfObject.open(bytes, { name: 'agreement' });
  try {
    await strategy.prepare(object, inodes);
    object.load();
    return object;
  } catch (error) {
    object.close();
    throw new Error(`${strategy.name}: ${filter}: ${(error as Error).message}`);
  }
}

/** Why this strategy cannot be had here; `undefined` if it can. */
export async function strategyMissing(
  strategy: Strategy,
  lab: QuietLab,
): Promise<string | undefined> {
  const { command } = strategy;
  if (command !== undefined && spawnSync(command, ['version']).error) return `no ${command} here`;
  // The kernels of guests are chosen because they have all.
  if (strategy.notEverywhere !== true || process.env.HOOKDUMP_GUEST !== undefined) return undefined;
  try {
    const programs = programsOf('', strategy.links, true)!;
    const object = await load(strategy, '', await build(strategy, '', programs), [lab.inode]);
    (await strategy.stage([object], lab)).close();
    return undefined;
  } catch (error) {
    const [first] = (error as Error).message.split('\n');
    return `this kernel has no ${first}`;
  }
}
