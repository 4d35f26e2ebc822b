import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { templateFolder } from './source/templates.ts';

/**
 * Beside this package and the one that its IR is of: what an installer writes, and in a checkout
 * `tsc -b` at each build. Paths from where this file is, built.
 */
const STAMPS = ['..', '../../filter'].flatMap((folder) => [
  `${folder}/package.json`,
  `${folder}/tsconfig.tsbuildinfo`,
]);

/** Where templates are, below their package. */
const FOLDERS = ['', 'include'];

let known: string | undefined;

/**
 * What tells this build of our code and these templates from others, without reading them: what is
 * made of the same input is then the same. Reading and emitting would take longer than all else that
 * an object costs which is in the cache.
 *
 * @returns `undefined` where the code runs as it was written, so that nothing tells
 */
export function codeIdentity(): string | undefined {
  const own = fileURLToPath(import.meta.url);
  if (own.endsWith('.ts')) return undefined;
  known ??= [own, ...STAMPS.map((stamp) => join(dirname(own), stamp)), ...templates()]
    .map(fileIdentity)
    .join('\n');
  return known;
}

function templates(): string[] {
  const folder = templateFolder();
  return FOLDERS.flatMap((name) =>
    readdirSync(join(folder, name))
      .filter((file) => /\.(?:c|h|json)$/.test(file))
      .sort()
      .map((file) => join(folder, name, file)),
  );
}

/**
 * The file's name, size and time of change, not of modification: packages' files are of one and the
 * same hour in 1985. The name alone where there is none.
 */
function fileIdentity(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  return file === undefined ? path : `${path} ${file.size} ${file.ctimeMs}`;
}
