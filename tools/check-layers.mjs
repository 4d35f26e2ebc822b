#!/usr/bin/env node
// Checks that imports follow the arrows of the house (ARCHITECTURE.md): between packages, between
// the phases inside of `filter`, and without circles. Silent if all do; else a line for each import
// that does not, and exit status 1. It reads imports as text, so that it runs without a build.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/* The rules. Where code breaks one, mend the code; an exception wants a reason. */

/** What a package's sources may import beside their own package; `node`: Node's built-in modules. */
const PACKAGES = {
  cli: ['capture', 'codegen', 'filter', 'pcapng', 'node'],
  capture: ['codegen', 'loader', 'pcapng', 'filter', 'node'],
  codegen: ['filter', 'bpf-templates', 'node'],
  filter: ['chevrotain'],
  loader: ['node-addon-api', 'node'],
  pcapng: [],
};

/** What a package's tests may import on top of that, and its scripts (bin, build). */
const TESTS_TOO = ['vitest', 'fast-check', 'node'];
const SCRIPTS_TOO = ['esbuild', 'node-gyp', 'node'];

/** Which files of a package are tests and what they share; they are no part of the product. */
const TEST = /\.test\.ts$|^(test|test-support|src\/testing)\//;

/** What each part of packages/filter/src may import beside itself and the leaves. */
const FILTER = {
  '1-parse': ['ast'],
  '2-analyze': ['ast', 'predicate'],
  '3-lower': ['predicate', 'ir'],
  '4-optimize': ['ir'],
  '5-emit': ['ir'],
  ast: [],
  predicate: [],
  ir: [],
};

/** What every part of it may import; among themselves, leaves import leaves only. */
const LEAVES = ['tables', 'source.ts', 'diagnostic.ts', 'messages', 'nearest.ts'];

/** The files of it that may import every part. */
const WHOLE = ['compile.ts', 'index.ts'];

/** What small things of other forms may be imported all the same. */
const EXCEPTIONS = [
  {
    from: ['ast', '1-parse', 'predicate'],
    to: 'ir/types.ts',
    names: ['ArithOp'],
    why: 'an operator that is written is the operator that is run: one list of them, in the IR',
  },
  {
    from: ['2-analyze', 'predicate'],
    to: 'ir/types.ts',
    names: ['LoadSize'],
    why: 'the sizes that proto[expr:size] takes are those of the loads',
  },
  {
    from: ['2-analyze'],
    to: 'ir/arith.ts',
    names: ['arith'],
    why: 'constants are folded where ranges are checked, with the arithmetic of the IR',
  },
  {
    from: ['predicate', '3-lower'],
    to: 'ast/types.ts',
    names: ['Direction', 'FieldWord', 'RelationOp'],
    why: 'src, dst, the fields of ATM and SS7 and the relations pass through the predicate as they are written',
  },
];

/* The check. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const violations = [];
const usedExceptions = new Set();

/** @returns paths of the source files under a folder, relative to it */
function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', 'build'].includes(entry.name)) return [];
    if (entry.isDirectory()) {
      return sourceFiles(join(folder, entry.name)).map((file) => join(entry.name, file));
    }
    return /\.[cm]?[jt]s$/.test(entry.name) || isNodeScript(join(folder, entry.name))
      ? [entry.name]
      : [];
  });
}

function isNodeScript(path) {
  return !/\.\w+$/.test(path) && readFileSync(path, 'latin1').startsWith('#!/usr/bin/env node');
}

const FROM =
  /^[ \t]*(?:import|export)\b(?<clause>[^'"`;]*?)\bfrom\s*['"](?<specifier>[^'"\n]+)['"]/gm;
const BARE = /^[ \t]*import\s*['"](?<specifier>[^'"\n]+)['"]/gm;
const CALL =
  /^(?![ \t]*(?:\/\/|\*)).*?\b(?:import|require(?:\.resolve)?)\(\s*['"`](?<specifier>[^'"`\n]+)['"`]/gm;

/** @returns `{ specifier, names, line }` of each import: names as exported, `*` for all or unknown */
function imports(text) {
  return [FROM, BARE, CALL].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, groups: { clause = '*', specifier } }) => ({
      specifier,
      names: /\{(?<list>[^}]*)\}/.test(clause)
        ? [...clause.matchAll(/(?<=[{,]\s*(?:type\s+)?)(?!type\s)\w+/g)].map(([name]) => name)
        : ['*'],
      line: text.slice(0, index + text.slice(index).search(/\S/)).split('\n').length,
    })),
  );
}

/** @returns what is wrong with an import of another package; `undefined` if nothing is */
function packageFault(home, allowed, specifier) {
  if (specifier.startsWith('node:')) {
    return allowed.includes('node') ? undefined : `${home} may not import Node's ${specifier}`;
  }
  const [, name, inside] = /^(@[^/]+\/[^/]+|[^/]+)(?:\/(.+))?$/.exec(specifier);
  const own = name.startsWith('@hookdump/') ? name.slice('@hookdump/'.length) : undefined;
  if (own === 'test' || own === 'tools') return `nothing imports from ${own}/`;
  if (!allowed.includes(own ?? name)) {
    return `${home} may import ${allowed.join(', ') || 'nothing'}, not ${name}`;
  }
  if (own !== undefined && inside !== undefined && !isExported(own, `./${inside}`)) {
    return `${inside} is the inside of ${name}: its package.json does not export it`;
  }
  return undefined;
}

function isExported(name, subpath) {
  const folder = existsSync(join(root, 'packages', name)) ? join('packages', name) : name;
  const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  return Object.keys(exports).some((key) => {
    const [before, after] = key.split('*');
    return after === undefined
      ? key === subpath
      : subpath.startsWith(before) && subpath.endsWith(after);
  });
}

/** @returns what is wrong with an import by path, both relative to the package's folder */
function pathFault(home, file, target) {
  if (target.startsWith('..')) {
    const place = relative(root, join(root, 'packages', home, target));
    const top = place.split('/')[0];
    if (top === 'test' || top === 'tools') return `nothing imports from ${top}/`;
    return `${place} is outside of ${home}: import packages by name, where an arrow leads to them`;
  }
  if (!file.startsWith('src/') || TEST.test(file)) return undefined;
  if (TEST.test(target)) return `${target} is for tests only`;
  return target.startsWith('src/') ? undefined : `${target} is no source of ${home}`;
}

/** @returns what is wrong with an import inside of packages/filter/src, both relative to it */
function phaseFault(file, target, names) {
  const from = partOf(file);
  const to = partOf(target);
  if (WHOLE.includes(from) || from === to || LEAVES.includes(to)) return undefined;
  if (!(from in FILTER) && !LEAVES.includes(from)) {
    return `${from} has no place in the table of tools/check-layers.mjs`;
  }
  const allowed = FILTER[from] ?? [];
  if (allowed.includes(to)) return undefined;
  const excepted = EXCEPTIONS.filter((each) => each.from.includes(from) && each.to === target);
  for (const { to: place, names: some } of excepted) {
    for (const name of some.filter((each) => names.includes(each))) {
      usedExceptions.add(`${from} ${place} ${name}`);
    }
  }
  const wrong = names.filter((name) => !excepted.some((each) => each.names.includes(name)));
  if (wrong.length === 0) return undefined;
  const may = [...allowed, 'leaves'].join(', ');
  return `${from} may import ${may}, not ${wrong.join(', ')} of ${target}`;
}

const partOf = (file) => file.split('/')[0];

/**
 * @param graph for each file the files that it imports
 * @returns a circle for each file that lies on one not found before
 */
function circles(graph) {
  const found = [];
  const done = new Set();
  const visit = (file, path) => {
    const at = path.indexOf(file);
    if (at >= 0) found.push(path.slice(at));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file)?.keys() ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

function checkPackage(home) {
  const folder = join(root, 'packages', home);
  const graph = new Map();
  const report = (file, line, fault) =>
    violations.push(`packages/${home}/${file}:${line}: ${fault}`);
  if (!(home in PACKAGES)) {
    violations.push(`packages/${home}: has no place in the table of tools/check-layers.mjs`);
    return;
  }
  for (const file of sourceFiles(folder)) {
    const isTest = TEST.test(file);
    const more = isTest ? TESTS_TOO : file.startsWith('src/') ? [] : SCRIPTS_TOO;
    const allowed = [...new Set([...PACKAGES[home], ...more])];
    const edges = new Map();
    graph.set(file, edges);
    for (const { specifier, names, line } of imports(readFileSync(join(folder, file), 'utf8'))) {
      if (!specifier.startsWith('.')) {
        const fault = packageFault(home, allowed, specifier);
        if (fault !== undefined) report(file, line, fault);
        continue;
      }
      const target = join(dirname(file), specifier);
      if (!edges.has(target)) edges.set(target, line);
      const inFilter = home === 'filter' && !isTest && target.startsWith('src/');
      const fault =
        pathFault(home, file, target) ??
        (inFilter && file.startsWith('src/')
          ? phaseFault(file.slice('src/'.length), target.slice('src/'.length), names)
          : undefined);
      if (fault !== undefined) report(file, line, fault);
    }
  }
  for (const circle of circles(graph)) {
    const line = graph.get(circle[0]).get(circle[1] ?? circle[0]);
    report(circle[0], line, `imports go in a circle: ${[...circle, circle[0]].join(' -> ')}`);
  }
}

for (const entry of readdirSync(join(root, 'packages'), { withFileTypes: true })) {
  if (entry.isDirectory() && existsSync(join(root, 'packages', entry.name, 'package.json'))) {
    checkPackage(entry.name);
  }
}
for (const { from, to, names } of EXCEPTIONS) {
  for (const part of from) {
    const unused = names.filter((name) => !usedExceptions.has(`${part} ${to} ${name}`));
    if (unused.length > 0) {
      const what = `${unused.join(', ')} of ${to} in ${part}`;
      violations.push(`tools/check-layers.mjs: no import needs the exception for ${what}`);
    }
  }
}
for (const line of violations) console.log(line);
process.exitCode = violations.length > 0 ? 1 : 0;
