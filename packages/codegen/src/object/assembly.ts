/** What was compiled, and what of it was included by whom: texts by file name. */
export type SourceFiles = Readonly<Record<string, string>>;

/**
 * What clang writes with `-S -g`, for people: instructions and data, the source line above what was
 * made of it, and nothing that is for debuggers and for BTF.
 *
 * @param main the file that was compiled; lines of other files have their name before
 * @param files lines of files that are not among them are not shown
 */
export function readableAssembly(assembly: string, main: string, files: SourceFiles): string {
  // The source is file 0 in DWARF 5, which clang writes.
  const names = new Map([['0', main]]);
  const lines = new Map(Object.entries(files).map(([name, text]) => [name, text.split('\n')]));
  const kept: string[] = [];
  let isDebug = false;
  let shown = '';
  for (const line of assembly.split('\n')) {
    const section = /^\t\.section\t([^,\s]+)/.exec(line)?.[1];
    if (section !== undefined) isDebug = DEBUG_SECTION.test(section);
    const file = /^\t\.file\t([1-9]\d*) (?:"[^"]*" )?"([^"]*)"/.exec(line);
    if (file !== null) names.set(file[1]!, file[2]!);
    if (isDebug || NOISE.test(line)) continue;
    const at = /^\t\.loc\t(\d+) (\d+) /.exec(line);
    if (at === null) {
      kept.push(line.replace(/\s+# (?:-- )?(?:Begin|End) function.*|\s+# @\S+$/, ''));
      continue;
    }
    const name = names.get(at[1]!) ?? '';
    const text = lines.get(name)?.[Number(at[2]) - 1]?.trim();
    const place = name === main ? at[2]! : `${name}:${at[2]}`;
    if (text === undefined || text === '' || place === shown) continue;
    shown = place;
    kept.push(`# ${place}: ${text}`);
  }
  return `${kept.join('\n').trimEnd()}\n`;
}

const DEBUG_SECTION = /^\.(debug_|BTF)/;

/** Labels and directives that only debug sections refer to. */
const NOISE =
  /^\.L(?:tmp|func_|sec_end)|^\t(?:#DEBUG_VALUE|\.cfi_|\.file\t|\.addrsig)|^\t\.loc\t\d+ 0 |^# %bb|^\t#(?:NO_)?APP/;
