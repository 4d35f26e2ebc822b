import { type Block, type BlockId, compile, type Program, type ValueId } from '@hookdump/filter';

/** The program of a filter that is known to be right. */
export function filterProgram(text: string, linkType = 'EN10MB'): Program {
  const compiled = compile(text, { linkType });
  if (!compiled.ok) throw new Error(`${text}: ${compiled.diagnostics[0]?.message}`);
  return compiled.program;
}

type PlainBlock = Omit<Block, 'id'>;

/** A program of blocks in order; ids are written as plain numbers. */
export function program(...blocks: readonly PlainBlock[]): Program {
  const numbered = blocks.map((block, index) => ({ ...block, id: index as BlockId }));
  return { linkType: 'EN10MB', snapLen: 262144, blocks: numbered };
}

export const constant = (id: number, value: number) =>
  ({ kind: 'const', id: id as ValueId, value }) as const;

export const load = (id: number, size: 1 | 2 | 4, offset: number, index?: number) =>
  ({
    kind: 'load',
    id: id as ValueId,
    size,
    offset,
    ...(index === undefined ? {} : { index: index as ValueId }),
  }) as const;

export const arith = (
  id: number,
  left: number,
  op: '+' | '-' | '*' | '/' | '%' | '&' | '<<',
  right: number,
) =>
  ({
    kind: 'arith',
    id: id as ValueId,
    op,
    left: left as ValueId,
    right: right as ValueId,
  }) as const;

export const returns = (value: number) => ({ kind: 'return', value }) as const;

export const branch = (
  left: number,
  op: '==' | '>' | '>=' | '&',
  right: number,
  yes: number,
  no: number,
) =>
  ({
    kind: 'branch',
    test: { op, left: left as ValueId, right: right as ValueId },
    yes: yes as BlockId,
    no: no as BlockId,
  }) as const;
