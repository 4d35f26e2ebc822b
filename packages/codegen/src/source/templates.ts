import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Node's own resolution, so that it works from this package's dist, bundled into another package
// that depends on the templates too, and in a test runner.
const require = createRequire(import.meta.url);

/** What was read. */
const read = new Map<string, string>();

let folder: string | undefined;

/** Where the package of templates is. */
export function templateFolder(): string {
  folder ??= dirname(require.resolve('@hookdump/bpf-templates/package.json'));
  return folder;
}

/** A file of the package of templates, such as `include/record.h`. */
export function readTemplate(file: string): string {
  const known = read.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(join(templateFolder(), file), 'utf8');
  read.set(file, text);
  return text;
}
