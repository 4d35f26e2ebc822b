import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Node's own resolution, so that it works from this package's dist, bundled into another package
// that depends on the templates too, and in a test runner.
const require = createRequire(import.meta.url);

/** What was read; finding the files again is most of what an object costs that is in the cache. */
const read = new Map<string, string>();

/** A file of the package of templates, such as `include/record.h`. */
export function readTemplate(file: string): string {
  const known = read.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(require.resolve(`@hookdump/bpf-templates/${file}`), 'utf8');
  read.set(file, text);
  return text;
}
