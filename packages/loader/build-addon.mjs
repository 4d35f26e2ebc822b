/*
 * Builds native/ into build/Release/hookdump_loader.node, if this machine can and it is not up to
 * date. Says nothing when all goes well. A machine without libbpf or a compiler is no failure:
 * hookc works without the addon, and the loader says at its first use what is missing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNodeDirectory, missingForBuild } from './dist/requirements.js';

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, 'native');
const built = join(here, 'build', 'Release', 'hookdump_loader.node');

/** Of everything that the addon is made from. Compiled into it, so that the two can't part. */
function stampOf(nodeDirectory) {
  const hash = createHash('sha256');
  for (const file of readdirSync(sources).sort()) {
    if (/\.(cc|h|gyp)$/.test(file))
      hash.update(`${file}\0`).update(readFileSync(join(sources, file)));
  }
  hash.update(nodeDirectory);
  hash.update(readFileSync(join(nodeDirectory, 'include/node/node_version.h')));
  hash.update(spawnSync('pkg-config', ['--modversion', 'libbpf']).stdout);
  return `stamp-${hash.digest('hex')}`;
}

function build(nodeDirectory, stamp) {
  mkdirSync(dirname(built), { recursive: true });
  // In a folder of its own: two builds at the same time must not meet, and a running process must
  // not see its addon change (rename leaves the old file to whoever has it mapped).
  const work = mkdtempSync(join(here, 'build', 'work-'));
  try {
    cpSync(sources, work, { recursive: true });
    writeFileSync(join(work, 'stamp.h'), `#define HOOKDUMP_STAMP "${stamp}"\n`);
    // gyp puts what it makes for a dependency beside it, seen from here: outside of this folder,
    // unless the dependency is in it.
    const require = createRequire(import.meta.url);
    const headers = dirname(require.resolve('node-addon-api/package.json'));
    cpSync(headers, join(work, 'node_modules/node-addon-api'), { recursive: true });
    const nodeGyp = require.resolve('node-gyp/bin/node-gyp.js');
    const where = [`--directory=${work}`, `--nodedir=${nodeDirectory}`];
    const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
    const run = spawnSync(
      process.execPath,
      [nodeGyp, 'configure', 'build', '--release', ...where],
      {
        encoding: 'utf8',
        env: { ...process.env, PATH: path },
        maxBuffer: 1 << 28,
      },
    );
    if (run.status !== 0) {
      process.stderr.write(`${run.stdout}${run.stderr}`);
      process.stderr.write('@hookdump/loader: the addon could not be built; the reason is above\n');
      return 1;
    }
    renameSync(join(work, 'build', 'Release', 'hookdump_loader.node'), built);
    return 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const missing = missingForBuild();
if (missing !== undefined) {
  rmSync(built, { force: true }); // it may be of other sources
  process.stderr.write(`@hookdump/loader: addon not built, captures won't work here; ${missing}\n`);
} else {
  const nodeDirectory = findNodeDirectory();
  const stamp = stampOf(nodeDirectory);
  const fresh = existsSync(built) && readFileSync(built).includes(stamp);
  if (!fresh) process.exitCode = build(nodeDirectory, stamp);
}
