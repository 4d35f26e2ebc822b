/**
 * What clang is told. The same source gives the same bytes wherever it is built: no path, no include
 * folder and no default of a version gets in.
 *
 * - `-mcpu=v3`: 32-bit registers and jumps (Linux 5.1), which is what filters compute with; the
 *   default differs between clang versions.
 * - `-fdebug-compilation-dir=.`: the source is named relative to where clang runs, and BTF can still
 *   quote its lines, which verifier messages show.
 */
export const CLANG_FLAGS: readonly string[] = [
  '-target',
  'bpf',
  '-mcpu=v3',
  '-O2',
  '-g',
  '-std=gnu11',
  '-nostdinc',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-fdebug-compilation-dir=.',
];

/** clang's arguments for one file. */
export function clangArguments(input: string, output: string): string[] {
  return [...CLANG_FLAGS, '-c', input, '-o', output];
}

/** The line for a person's terminal. */
export function clangCommand(input: string, output: string): string {
  return `clang ${clangArguments(input, output).join(' ')}`;
}
