// Runs a bundle with the arguments that follow, and writes its code cache at the end, with the
// functions that were called among it: those are what the next start needs.
//
// usage: node make-cache.cjs BUNDLE ARGUMENT...
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { cachePath, cacheTag, runScript } = require('./bin/launch.js');

const bundle = process.argv[2];
process.argv.splice(1, 2, bundle);
const source = readFileSync(bundle, 'utf8');
const script = runScript(bundle, source, undefined);
process.on('exit', (status) => {
  if (status !== 0) return;
  const tag = Buffer.from(`${cacheTag(source)}\n`);
  // As a whole or not at all: nobody must find half of it.
  writeFileSync(`${bundle}.new`, Buffer.concat([tag, script.createCachedData()]));
  renameSync(`${bundle}.new`, cachePath(bundle));
});
