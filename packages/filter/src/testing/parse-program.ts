import type {
  AncillaryField,
  ArithOp,
  Block,
  BlockId,
  LoadSize,
  Program,
  Terminator,
  TestOp,
  Value,
  ValueId,
} from '../ir/types.ts';

/**
 * Reads what `printProgram` prints, its first line aside, so that tests can be written in it.
 *
 * @throws Error at a line that is not understood
 */
export function parseProgram(text: string): Program {
  const blocks: Block[] = [];
  let values: Value[] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || /^b\d+:$/.test(line)) continue;
    const value = parseValue(line);
    if (value !== undefined) {
      values.push(value);
      continue;
    }
    blocks.push({ id: blocks.length as BlockId, values, end: parseEnd(line) });
    values = [];
  }
  return { linkType: 'EN10MB', snapLen: 262144, blocks };
}

const v = (name: string | undefined): ValueId => Number(name!.slice(1)) as ValueId;
const b = (name: string | undefined): BlockId => Number(name!.slice(1)) as BlockId;

function parseValue(line: string): Value | undefined {
  const [, name, text] = /^(v\d+) = (.*)$/.exec(line) ?? [];
  if (text === undefined) return undefined;
  const id = v(name);
  if (text === 'length') return { kind: 'length', id };
  if (/^(0x[0-9a-f]+|\d+)$/.test(text)) return { kind: 'const', id, value: Number(text) };
  if (/^m\d+$/.test(text)) return { kind: 'recall', id, word: Number(text.slice(1)) };
  const [, word, stored] = /^m(\d+) := (v\d+)$/.exec(text) ?? [];
  if (word !== undefined) return { kind: 'store', id, word: Number(word), value: v(stored) };
  const [, field] = /^ancillary (\S+)$/.exec(text) ?? [];
  if (field !== undefined) return { kind: 'ancillary', id, field: field as AncillaryField };
  const [, bytes, , index, offset] = /^load\.(\d) \[((v\d+) \+ )?(\d+)\]$/.exec(text) ?? [];
  if (bytes !== undefined) {
    const size = Number(bytes) as LoadSize;
    const at = Number(offset);
    if (index === undefined) return { kind: 'load', id, size, offset: at };
    return { kind: 'load', id, size, offset: at, index: v(index) };
  }
  const [, left, op, right] = /^(v\d+) (\S+) (v\d+)$/.exec(text) ?? [];
  if (op === undefined) throw new Error(`not a value: ${line}`);
  return { kind: 'arith', id, op: op as ArithOp, left: v(left), right: v(right) };
}

function parseEnd(line: string): Terminator {
  if (line === 'reject') return { kind: 'return', value: 0 };
  const [, accepted] = /^accept (\d+)$/.exec(line) ?? [];
  if (accepted !== undefined) return { kind: 'return', value: Number(accepted) };
  const [, returned] = /^return (v\d+)$/.exec(line) ?? [];
  if (returned !== undefined) return { kind: 'return-value', value: v(returned) };
  const [, left, op, right, yes, no] =
    /^if (v\d+) (\S+) (v\d+) then (b\d+) else (b\d+)$/.exec(line) ?? [];
  if (op === undefined) throw new Error(`not an end: ${line}`);
  const test = { op: op as TestOp, left: v(left), right: v(right) };
  return { kind: 'branch', test, yes: b(yes), no: b(no) };
}
