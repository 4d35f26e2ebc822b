// One file for each command: unbundled, the parser alone costs 250 ms at every start.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/hookc.ts', 'src/hookdump.ts'],
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
});
