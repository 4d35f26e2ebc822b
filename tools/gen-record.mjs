#!/usr/bin/env node
// Writes packages/codegen/src/record-layout.ts from bpf-templates/include/record.h, which is the one
// source of what kernel side and user space share. `--check` writes nothing and fails if the file is
// not what would be written.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HEADER = fileURLToPath(new URL('../bpf-templates/include/record.h', import.meta.url));
const LAYOUT = fileURLToPath(new URL('../packages/codegen/src/record-layout.ts', import.meta.url));

const SIZES = { __u8: 1, __u16: 2, __u32: 4, __u64: 8, char: 1 };

/** Comments, struct heads, fields, closing braces, assertions, constants; anything else is refused. */
const TOKEN =
  /\/\*\*(?<doc>[\s\S]*?)\*\/|\/\*[\s\S]*?\*\/|struct (?<struct>\w+) \{|(?<type>\w+) (?<field>\w+)(?:\[(?<count>\d+)\])?;|(?<end>\};)|_Static_assert\(sizeof\(struct (?<asserted>\w+)\) == (?<size>\d+), ".*?"\);|#define (?<constant>\w+) (?<value>\d+)|#pragma once|#include ".*?"|\s+/y;

function parse(header) {
  const structs = [];
  const constants = [];
  let doc;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < header.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(header);
    if (match === null)
      throw new Error(`record.h: cannot read ${JSON.stringify(header.slice(at, at + 40))}`);
    const found = match.groups;
    if (found.doc !== undefined) doc = found.doc.replace(/\n\s*\* ?/g, '\n').trim();
    else if (found.struct) structs.push({ name: found.struct, doc: take(), fields: [], size: 0 });
    else if (found.field) add(structs.at(-1), found);
    else if (found.asserted) check(structs, found);
    else if (found.constant) constants.push({ name: found.constant, value: Number(found.value) });
  }
  return { structs, constants };

  function take() {
    const taken = doc;
    doc = undefined;
    return taken;
  }

  function add(struct, { type, field, count }) {
    const unit = SIZES[type];
    if (unit === undefined) throw new Error(`record.h: ${struct.name}.${field} has no fixed width`);
    if (struct.size % unit !== 0)
      throw new Error(`record.h: ${struct.name}.${field} is not aligned`);
    const size = unit * Number(count ?? 1);
    struct.fields.push({ name: field, offset: struct.size, size, doc: take() });
    struct.size += size;
  }
}

/** The compiler checks the same sizes, so that both count alike. */
function check(structs, { asserted, size }) {
  const struct = structs.find(({ name }) => name === asserted);
  if (struct?.size !== Number(size)) {
    throw new Error(`record.h: ${asserted} has ${struct?.size} bytes here, ${size} in C`);
  }
}

function print({ structs, constants }) {
  const upper = (name) => name.toUpperCase();
  const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  const comment = (text, indent) => {
    if (text === undefined) return '';
    const lines = text.split('\n');
    if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
    return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
  };
  const parts = structs.map(
    ({ name, doc, fields, size }) =>
      `${comment(doc, '')}export const ${upper(name)} = {\n${fields
        .map(
          (field) =>
            `${comment(field.doc, '  ')}  ${camel(field.name)}: { offset: ${field.offset}, size: ${field.size} },\n`,
        )
        .join(
          '',
        )}} as const;\n\n/** Bytes of a \`struct ${name}\`. */\nexport const ${upper(name)}_SIZE = ${size};\n`,
  );
  const numbers = constants.map(({ name, value }) => `export const ${name} = ${value};\n`);
  return `// Written by tools/gen-record.mjs from bpf-templates/include/record.h: edit that, then run it.
// Offsets and sizes in bytes; integers are in the host's byte order.

${[...parts, ...numbers].join('\n')}`;
}

const wanted = print(parse(readFileSync(HEADER, 'utf8')));
if (process.argv.includes('--check')) {
  let present;
  try {
    present = readFileSync(LAYOUT, 'utf8');
  } catch {
    // Not there: stale all the same.
  }
  if (present !== wanted) {
    console.error('packages/codegen/src/record-layout.ts is stale: run tools/gen-record.mjs');
    process.exitCode = 1;
  }
} else {
  writeFileSync(LAYOUT, wanted);
}
