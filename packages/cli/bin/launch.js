/*
 * Starts a bundle with V8's code cache beside it: what V8 made of the bundle in an earlier run. More
 * than a third of a start is compiling JavaScript: hookc's first filter is there after 79 ms instead
 * of some 120 where this was written, an empty Node process taking 29.
 *
 * build.mjs writes the cache, for the Node that builds. For any other, Node keeps one itself from the
 * first run on, from 22.1 on, which saves less; before that, the start takes longer, and that is all.
 *
 * CommonJS, as the bundles are: without a flag, Node takes no cache for an ES module.
 */
const { readFileSync } = require('node:fs');
const nodeModule = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** The parameters that Node gives a CommonJS module. */
const WRAPPER = ['(function (exports, require, module, __filename, __dirname) { ', '\n})'];

/** A bundle's code cache: a line that says what it is good for, and V8's data. */
const cachePath = (bundle) => bundle.replace(/\.cjs$/, '.cache');

/**
 * What a cache is good for. V8 itself compares no more of the source than its length: so that the
 * first line of a bundle, a hash of the rest, is among it.
 */
function cacheTag(source) {
  const { arch, platform, version } = process;
  return [version, platform, arch, source.slice(0, source.indexOf('\n'))].join(' ');
}

function readCache(bundle, source) {
  try {
    const cache = readFileSync(cachePath(bundle));
    const end = cache.indexOf('\n');
    return cache.toString('latin1', 0, end) === cacheTag(source)
      ? cache.subarray(end + 1)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs a bundle as `require` would, but for `import()`: bundles have none. V8 takes a cache or passes it over, such as under other flags:
 * `cachedDataRejected` of the script tells.
 */
function runScript(bundle, source, cachedData) {
  const script = new Script(WRAPPER.join(source), {
    filename: bundle,
    // So that places on the first line are right in stack traces.
    columnOffset: -WRAPPER[0].length,
    cachedData,
  });
  const own = { exports: {} };
  const require = nodeModule.createRequire(bundle);
  script.runInThisContext()(own.exports, require, own, bundle, dirname(bundle));
  return script;
}

/**
 * Where Node is to keep its own: not in /tmp, its default, since what lies there is code that root
 * may run. As for built objects, HOOKDUMP_CACHE=off wants none.
 */
function nodeCacheFolder({ HOME, HOOKDUMP_CACHE, XDG_CACHE_HOME } = process.env) {
  if (HOOKDUMP_CACHE === 'off') return undefined;
  const root = [XDG_CACHE_HOME, HOME && join(HOME, '.cache')].find((path) => path?.startsWith('/'));
  return root && join(root, 'hookdump', 'node');
}

/**
 * @param bundle the path of a bundle, absolute
 * @returns what ran, if there was a cache for it
 */
function launch(bundle) {
  const source = readFileSync(bundle, 'utf8');
  const cachedData = readCache(bundle, source);
  if (cachedData !== undefined) return runScript(bundle, source, cachedData);
  const folder = nodeCacheFolder();
  if (folder !== undefined) nodeModule.enableCompileCache?.(folder);
  require(bundle);
  return undefined;
}

module.exports = { cachePath, cacheTag, launch, runScript };
