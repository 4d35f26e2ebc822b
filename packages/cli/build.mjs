// A bundle for each command, and its code cache for the Node that builds.
import { readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeBundle, makeCache } from './bundle.mjs';

// Of earlier builds.
for (const file of readdirSync('dist')) {
  if (/^hook.*\.(js|cjs|cache)$/.test(file)) rmSync(`dist/${file}`);
}

for (const command of ['hookc', 'hookdump']) {
  const bundle = resolve('dist', `${command}.cjs`);
  // The loader finds its addon beside itself, and hookc must start without it.
  const external = ['@hookdump/loader', '@hookdump/bpf-templates'];
  await makeBundle(`src/${command}.ts`, bundle, { external });
  // The way to the first filter; it needs neither root nor a kernel.
  makeCache(bundle, ['-d', 'tcp port 80 and host 10.0.0.1']);
}
