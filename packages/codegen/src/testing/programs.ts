import {
  type Block,
  type BlockId,
  compile,
  type Program,
  type Value,
  type ValueId,
} from '@hookdump/filter';

/** What a program can ask of a packet beside its bytes. */
export type Field = Extract<Value, { kind: 'ancillary' }>['field'];

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

export const ancillary = (id: number, field: Field) =>
  ({ kind: 'ancillary', id: id as ValueId, field }) as const;

/** Into a scratch word. */
export const store = (id: number, word: number, value: number) =>
  ({ kind: 'store', id: id as ValueId, word, value: value as ValueId }) as const;

/** Out of a scratch word. */
export const recall = (id: number, word: number) =>
  ({ kind: 'recall', id: id as ValueId, word }) as const;

export const returnsValue = (id: number) =>
  ({ kind: 'return-value', value: id as ValueId }) as const;

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

export const fields: readonly Field[] = [
  ...(['protocol', 'packet-type', 'interface-index', 'mark', 'queue', 'hardware-type'] as const),
  ...(['receive-hash', 'cpu', 'vlan-tag', 'vlan-tag-present', 'vlan-protocol'] as const),
  ...([0, 4, 8, 12] as const).map((offset) => `interface-name-${offset}` as const),
];

/** Adds up all that can be asked of a packet beside its bytes. */
export const everyField = program({
  values: [
    constant(0, 7),
    ...fields.flatMap((field, index) => [
      ancillary(2 * index + 1, field),
      arith(2 * index + 2, 2 * index, '+', 2 * index + 1),
    ]),
  ],
  end: returnsValue(2 * fields.length),
});

/**
 * `vlan 5 and tcp` of a live capture: where the tag is not beside the bytes it is in them, and what
 * follows it then lies four bytes further on.
 */
export const liveVlan = program(
  {
    values: [ancillary(0, 'vlan-tag-present'), constant(1, 1)],
    end: branch(0, '==', 1, 1, 2),
  },
  {
    values: [
      ancillary(2, 'vlan-tag'),
      constant(3, 0xfff),
      arith(4, 2, '&', 3),
      constant(5, 5),
      constant(6, 0),
      store(7, 0, 6),
    ],
    end: branch(4, '==', 5, 4, 6),
  },
  {
    values: [load(8, 2, 12), constant(9, 0x8100)],
    end: branch(8, '==', 9, 3, 6),
  },
  {
    values: [
      load(10, 2, 14),
      constant(11, 0xfff),
      arith(12, 10, '&', 11),
      constant(13, 5),
      constant(14, 4),
      store(15, 0, 14),
    ],
    end: branch(12, '==', 13, 4, 6),
  },
  {
    values: [recall(16, 0), load(17, 2, 12, 16), constant(18, 0x800), load(19, 1, 23, 16)],
    end: branch(17, '==', 18, 5, 6),
  },
  { values: [constant(20, 6)], end: branch(19, '==', 20, 7, 6) },
  { values: [], end: returns(0) },
  { values: [], end: returns(262144) },
);

/**
 * `ip6 protochain 6` at Ethernet: so many headers are passed over, each as long as it says. Word 0
 * is where the next one begins, word 1 what it is.
 */
export function headerChain(steps: number): Program {
  const reject = 4 * steps + 3;
  const accept = reject + 1;
  let next = 0;
  const id = (): number => next++;
  const blocks: PlainBlock[] = [];
  const [ethertype, ip6, kind, start] = [id(), id(), id(), id()];
  blocks.push({
    values: [load(ethertype, 2, 12), constant(ip6, 0x86dd)],
    end: branch(ethertype, '==', ip6, 1, reject),
  });
  blocks.push({
    values: [load(kind, 1, 20), constant(start, 54), store(id(), 0, start), store(id(), 1, kind)],
    end: branch(start, '==', start, 2, 2),
  });
  for (let step = 0; step < steps; step++) {
    const at = blocks.length;
    const [is, tcp, none, options] = [id(), id(), id(), id()];
    blocks.push({
      values: [recall(is, 1), constant(tcp, 6)],
      end: branch(is, '==', tcp, accept, at + 1),
    });
    blocks.push({ values: [constant(none, 0)], end: branch(is, '==', none, at + 3, at + 2) });
    blocks.push({
      values: [constant(options, 60)],
      end: branch(is, '==', options, at + 3, reject),
    });
    const [from, then, length, one, sum, eight, bytes, to] = [
      ...[id(), id(), id(), id()],
      ...[id(), id(), id(), id()],
    ] as const;
    blocks.push({
      values: [
        recall(from, 0),
        load(then, 1, 0, from),
        load(length, 1, 1, from),
        constant(one, 1),
        arith(sum, length, '+', one),
        constant(eight, 8),
        arith(bytes, sum, '*', eight),
        arith(to, from, '+', bytes),
        store(id(), 0, to),
        store(id(), 1, then),
      ],
      end: branch(eight, '==', eight, at + 4, at + 4),
    });
  }
  const [last, tcp] = [id(), id()];
  blocks.push({
    values: [recall(last, 1), constant(tcp, 6)],
    end: branch(last, '==', tcp, accept, reject),
  });
  blocks.push({ values: [], end: returns(0) }, { values: [], end: returns(262144) });
  return program(...blocks);
}
