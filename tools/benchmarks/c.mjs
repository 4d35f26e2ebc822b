// C text from the folders here and from bpf-templates.
import { readFileSync } from 'node:fs';
import { inlineHeaders } from '../../packages/codegen/dist/source.js';

const read = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** A file of harness/. */
export const part = (file) => read(`harness/${file}`);

/** A file of handwritten/. */
export const handwritten = (file) => read(`handwritten/${file}`);

/** C text of ours, with the headers of bpf-templates that it includes put in. */
export const withHeaders = (...texts) => inlineHeaders(texts.join('\n'));

/** `#define NAME VALUE` for each. */
export const constants = (values) =>
  Object.entries(values)
    .map(([name, value]) => `#define ${name} ${value}\n`)
    .join('');

/** `#define NAME(X) X(…) X(…)`: what stands in a list, to be expanded where X is known. */
export const listMacro = (name, rows) =>
  `#define ${name}(X)${rows.map((row) => ` \\\n\tX(${row.join(', ')})`).join('')}\n`;
