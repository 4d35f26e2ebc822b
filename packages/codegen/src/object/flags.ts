/**
 * What clang is told, beside the target. The same source gives the same bytes wherever it is built: no path, no include
 * folder and no default of a version gets in.
 *
 * - `-mcpu=v3`: 32-bit registers and jumps (Linux 5.1), which is what filters compute with; the
 *   default differs between clang versions.
 * - `-fdebug-compilation-dir=.`: the source is named relative to where clang runs, and BTF can still
 *   quote its lines, which verifier messages show.
 */
export const CLANG_FLAGS: readonly string[] = [
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

/**
 * What an object is built for: a processor, whose calling convention the programs at kprobes read;
 * or a byte order alone, for hooks where only that matters.
 */
export const targets = ['x86_64', 'arm64', 'bpfel', 'bpfeb'] as const;
export type Target = (typeof targets)[number];

/** `__TARGET_ARCH_x86` and so on are the names that libbpf's headers ask for too. */
const TARGET_FLAGS: Readonly<Record<Target, readonly string[]>> = {
  x86_64: ['-target', 'bpfel', '-D__TARGET_ARCH_x86'],
  arm64: ['-target', 'bpfel', '-D__TARGET_ARCH_arm64'],
  bpfel: ['-target', 'bpfel'],
  bpfeb: ['-target', 'bpfeb'],
};

/** This machine. */
export function ownTarget(): Target {
  const known: { readonly [arch: string]: Target } = { x64: 'x86_64', arm64: 'arm64' };
  const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  return known[process.arch] ?? (little ? 'bpfel' : 'bpfeb');
}

/** clang's arguments for one file. */
export function clangArguments(
  input: string,
  output: string,
  target: Target = ownTarget(),
): string[] {
  return [...TARGET_FLAGS[target], ...CLANG_FLAGS, '-c', input, '-o', output];
}

/** Where Debian and its kin keep the headers of a processor, which BPF programs include too. */
const MULTIARCH: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

/**
 * The same for C that somebody else wrote: it may include what it wants, of its own folder and of the
 * system, and its warnings are no errors.
 *
 * @param folder where it was, absolute
 */
export function foreignArguments(
  input: string,
  output: string,
  folder: string,
  target: Target = ownTarget(),
): string[] {
  const strict = new Set(['-nostdinc', '-Werror']);
  const own = clangArguments(input, output, target).filter((flag) => !strict.has(flag));
  const headers = `/usr/include/${MULTIARCH[process.arch] ?? ''}`;
  // clang 14 only warns of a name that nobody declared, and the loader then looks for it in vain.
  const undeclared = '-Werror=implicit-function-declaration';
  return [...own, undeclared, '-iquote', folder, '-idirafter', headers];
}

/** The line for a person's terminal. */
export function clangCommand(input: string, output: string, target?: Target): string {
  return `clang ${clangArguments(input, output, target).join(' ')}`;
}
