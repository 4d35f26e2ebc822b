// A bundle for each command: unbundled, the parser alone costs 250 ms at every start. That of hookc
// is in parts, so that what it needs for objects only is read for objects only.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  // It finds its addon beside itself, and hookc must start without it.
  external: ['@hookdump/loader', '@hookdump/bpf-templates'],
  logLevel: 'warning',
};

await build({ ...common, entryPoints: ['src/hookdump.ts'] });
const { metafile } = await build({
  ...common,
  entryPoints: ['src/hookc.ts'],
  splitting: true,
  chunkNames: 'hookc-[hash]',
  metafile: true,
});

// Parts of earlier builds.
for (const file of readdirSync('dist')) {
  const isPart = /^hookc-.*\.js$/.test(file);
  if (isPart && !Object.hasOwn(metafile.outputs, `dist/${file}`)) rmSync(`dist/${file}`);
}
