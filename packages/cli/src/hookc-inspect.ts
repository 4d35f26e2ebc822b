import { readFileSync } from 'node:fs';
import { UserError } from '@hookdump/capture/errors';
import { type Description, type Inspected, inspectObject, NotAnObject } from '@hookdump/codegen';
import { nameOf } from './arguments.ts';

/**
 * `hookc inspect FILE`: what a built object says of itself, a line for each thing; `-` is standard
 * input.
 *
 * @throws UserError
 */
export function inspect(files: readonly string[]): string {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0 || /^-./.test(file)) {
    throw new UserError('inspect takes the path of one object', 'write hookc inspect FILE.bpf.o');
  }
  const found = read(file);
  const lines = [...describe(found), ...programs(found)];
  const width = Math.max(...lines.map(([label]) => label.length)) + 2;
  return lines.map(([label, text]) => `${label.padEnd(width)}${text}\n`).join('');
}

function read(file: string): Inspected {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new UserError(`the object can't be read: ${(error as Error).message}`);
  }
  try {
    return inspectObject(bytes);
  } catch (error) {
    if (!(error instanceof NotAnObject)) throw error;
    const hint = "inspect takes what 'hookc --emit object -o FILE' wrote";
    throw new UserError(`${nameOf(file)} is no BPF object: ${error.message}`, hint);
  }
}

type Line = readonly [label: string, text: string];

function describe({ description, isLater }: Inspected): Line[] {
  if (isLater) return [['made by', 'a later version of hookdump, which says more than this reads']];
  if (description === undefined) return [['made by', 'not hookc: nothing in it says what it is']];
  const { filters, hooks, template, hookdump, target, clang } = description;
  return [
    ...filters.flatMap(filterLines),
    ...(hooks.length > 0 ? [['hooks', hooks.join(', ')] as const] : []),
    ...(template === undefined ? [] : [['template', template] as const]),
    ['target', target],
    ['made by', `hookc ${hookdump}, ${clang}`],
  ];
}

function filterLines({
  name,
  text,
  linkTypes,
  branchFree,
}: Description['filters'][number]): Line[] {
  const of = name === undefined ? '' : ` ${name}`;
  return [
    [`filter${of}`, text.trim().replace(/\s+/g, ' ') || '(every packet)'],
    [`link types${of}`, linkTypes.join(', ') || 'none'],
    ...(branchFree ? [[`form${of}`, 'branch-free'] as const] : []),
  ];
}

const programs = ({ programs }: Inspected): Line[] =>
  programs.map(({ name, section }) => ['program', `${name} (${section})`]);
