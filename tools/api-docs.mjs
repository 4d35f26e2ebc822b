#!/usr/bin/env node
// The API reference, docs/api/filter.md, from the docstrings of packages/filter. `--check` changes
// nothing and fails where the page is not what the sources say.
//
// TypeDoc wants TypeScript's old API, which TypeScript 7 has not: hence a TypeScript of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/api/filter.md');
const isCheck = process.argv.includes('--check');

const head = `<!-- Made by tools/api-docs.mjs from the docstrings of packages/filter: change those. -->

# @hookdump/filter
`;

const kinds = ['Function', 'Interface', 'TypeAlias', 'Variable', 'Class'];

const scratch = mkdtempSync(join(tmpdir(), 'hookdump-api-'));
try {
  const text = format(`${head}${(await generate(scratch)).replace(/^# .*\n/, '')}`);
  if (!isCheck) writeFileSync(page, text);
  else if (readOrNothing(page) !== text) {
    console.error('docs/api/filter.md is not what the docstrings say: run tools/api-docs.mjs');
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true });
}

/** One page of Markdown, functions first. */
async function generate(out) {
  const tables = [
    'interfaceProperties',
    'classProperties',
    'typeAliasProperties',
    'parameters',
    'typeDeclaration',
    'propertyMembers',
  ];
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: [join(root, 'packages/filter/src/index.ts')],
    tsconfig: join(root, 'packages/filter/tsconfig.json'),
    out,
    outputFileStrategy: 'modules',
    entryFileName: 'filter',
    name: '@hookdump/filter',
    readme: 'none',
    disableSources: true,
    excludeExternals: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    ...Object.fromEntries(tables.map((each) => [`${each}Format`, 'table'])),
    tableColumnSettings: { hideInherited: true, hideModifiers: true, hideOverrides: true },
    kindSortOrder: kinds,
    groupOrder: ['Functions', 'Interfaces', 'Type Aliases', 'Variables', 'Classes'],
    // The compiler of the build has said what is wrong with the types.
    skipErrorChecking: true,
    logLevel: 'Warn',
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc cannot read packages/filter');
  await app.generateOutputs(project);
  return readFileSync(join(out, 'filter.md'), 'utf8');
}

/** As the style check wants it. */
function format(text) {
  const biome = join(root, 'node_modules/.bin/biome');
  const { status, stdout, stderr } = spawnSync(biome, ['format', `--stdin-file-path=${page}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`biome cannot format the page: ${stderr}`);
  return stdout;
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
