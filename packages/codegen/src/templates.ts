import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Node's own resolution, so that it works from this package's dist, bundled into another package
// that depends on the templates too, and in a test runner.
const require = createRequire(import.meta.url);

/** A file of the package of templates, such as `include/record.h`. */
export function readTemplate(file: string): string {
  return readFileSync(require.resolve(`@hookdump/bpf-templates/${file}`), 'utf8');
}
