// Makes the page: `node build.mjs FOLDER`, then serve the folder, as with `npx serve FOLDER`.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [folder = 'page'] = process.argv.slice(2);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

await mkdir(folder, { recursive: true });
await copyFile(here('index.html'), join(folder, 'index.html'));
await build({
  entryPoints: [here('page.js')],
  outfile: join(folder, 'page.bundle.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  logLevel: 'warning',
});
