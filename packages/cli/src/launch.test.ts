import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** bin/launch.js: a start with the code cache, and every way for it not to be there. */

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let folder: string;
let bundle: string;
let cache: string;
let starter: string;

/** As a bundle is: its first line says which it is. */
const source = (id: string, word: string): string =>
  `// ${id}
"use strict";
const say = (text) => console.log(text);
say([${JSON.stringify(word)}, __filename, ...process.argv.slice(2)].join(' '));
say(require('./more.cjs'));
if (process.argv[2] === 'fail') throw new Error(require('node:path').basename(__filename));
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookdump-launch-'));
  [bundle, cache, starter] = ['b.cjs', 'b.cache', 'start.cjs'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(bundle, source('1111', 'one'));
  writeFileSync(join(folder, 'more.cjs'), "module.exports = 'more';\n");
  // What became of the cache is told at the end, on standard error.
  writeFileSync(
    starter,
    `const { launch } = require(${JSON.stringify(here('../bin/launch.js'))});
const script = launch(${JSON.stringify(bundle)});
console.error(script === undefined ? 'none' : script.cachedDataRejected ? 'rejected' : 'taken');
`,
  );
  expect(node(here('../make-cache.cjs'), bundle, 'x')).toEqual([0, ran('one', 'x'), '']);
});
afterEach(() => rmSync(folder, { recursive: true }));

function node(...args: string[]): [status: number | null, stdout: string, stderr: string] {
  const env = { ...process.env, XDG_CACHE_HOME: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return [status, stdout, stderr.trim()];
}

const ran = (word: string, ...args: string[]): string =>
  `${[word, bundle, ...args].join(' ')}\nmore\n`;

test('a cache is taken', () => {
  expect(node(starter, 'a', 'b')).toEqual([0, ran('one', 'a', 'b'), 'taken']);
});

test('without one, it runs all the same', () => {
  rmSync(cache);
  expect(node(starter, 'a')).toEqual([0, ran('one', 'a'), 'none']);
});

test('a cache of another bundle of the same length is not for this one', () => {
  writeFileSync(bundle, source('2222', 'two'));
  expect(node(starter)).toEqual([0, ran('two'), 'none']);
});

test('a cache of another Node is not for this one', () => {
  const text = readFileSync(cache, 'latin1');
  expect(text).toContain(process.version);
  writeFileSync(cache, text.replace(process.version, 'v0.0.0'), 'latin1');
  expect(node(starter)).toEqual([0, ran('one'), 'none']);
});

test('a cache that V8 refuses does no harm', () => {
  truncateSync(cache, readFileSync(cache).length - 100);
  expect(node(starter)).toEqual([0, ran('one'), 'rejected']);
});

test('errors say where they come from', () => {
  for (const prepare of [() => {}, () => rmSync(cache)]) {
    prepare();
    const [status, , stderr] = node(starter, 'fail');
    expect(status).toBe(1);
    expect(stderr).toContain('Error: b.cjs');
    expect(stderr).toContain(`${bundle}:6:`);
  }
});

test('the commands load what they need later without a word', () => {
  // node:dns among it, for a name.
  const [status, stdout, stderr] = node(here('../bin/hookc'), '-ddd', 'host localhost');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^[0-9]+\n/);
});
