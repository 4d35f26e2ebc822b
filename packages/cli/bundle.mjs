// How a command becomes one file that starts fast: unbundled, the parser alone costs 250 ms at every
// start; bin/launch.js says what the code cache saves.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles into CommonJS, since only that can have a code cache. A cache of an earlier bundle goes.
 *
 * @param entry source file, @param bundle where to, `….cjs`; @param options more for esbuild
 */
export async function makeBundle(entry, bundle, options = {}) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    // Node calls import() in code with a cache experimental, and says so to the user. All that is
    // left of it are Node's own modules.
    supported: { 'dynamic-import': false },
    // Names too, which stack traces then lack: 4 ms of a start.
    minify: true,
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: 'warning',
    ...options,
  });
  const { text } = outputFiles[0];
  rmSync(bundle.replace(/\.cjs$/, '.cache'), { force: true });
  // The first line is how a cache is known to be of this bundle.
  writeFileSync(bundle, `// ${createHash('sha256').update(text).digest('hex')}\n${text}`);
}

/**
 * Writes the code cache of a bundle for this Node, after a run.
 *
 * @param args of the run: what it calls is what a start will find compiled
 */
export function makeCache(bundle, args) {
  const script = fileURLToPath(new URL('make-cache.cjs', import.meta.url));
  execFileSync(process.execPath, [script, bundle, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
