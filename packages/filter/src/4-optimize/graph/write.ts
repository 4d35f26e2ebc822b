import { type Dominators, dominates, findDominators } from '../../ir/dominators.ts';
import type {
  ArithOp,
  Block,
  BlockId,
  Program,
  Terminator,
  Value,
  ValueId,
} from '../../ir/types.ts';
import type { Expr } from './expressions.ts';
import type { End, Graph, Node } from './graph.ts';

/**
 * A graph as a program. What is needed in a block is computed there, unless a block that every path
 * leads through has computed it already.
 */
export function write(graph: Graph): Program {
  return new Writer(graph).program();
}

/** A computation that has been written. */
interface Written {
  readonly block: number;
  readonly id: ValueId;
  readonly before: Written | undefined;
}

/** So many blocks that compute the same are asked whether they come before this one. */
const mostAsked = 4;

class Writer {
  readonly #graph: Graph;
  readonly #dominators: Dominators;
  readonly #written: (Written | undefined)[] = [];
  #values: Value[] = [];
  #block = 0;
  #next = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    const ends = graph.nodes.map(({ end }, id) => ({
      id: id as BlockId,
      values: [],
      end: skeleton(end),
    }));
    this.#dominators = findDominators({ ...graph, blocks: ends });
  }

  program(): Program {
    const { linkType, snapLen, nodes } = this.#graph;
    const blocks = nodes.map((node, id): Block => {
      this.#block = id;
      this.#values = [];
      const end = this.#node(node);
      return { id: id as BlockId, values: this.#values, end };
    });
    return { linkType, snapLen, blocks };
  }

  #node({ checks, stores, end }: Node): Terminator {
    for (const expr of checks) this.#need(expr);
    for (const { word, value } of stores) {
      const stored = this.#need(value);
      this.#values.push({ kind: 'store', id: this.#id(), word, value: stored });
    }
    switch (end.kind) {
      case 'return':
        return end;
      case 'return-value':
        return { kind: 'return-value', value: this.#need(end.value) };
      case 'jump': {
        const zero = this.#need(this.#graph.table.const(0));
        return jump(end.to, zero);
      }
      case 'branch': {
        const left = this.#need(end.test.left);
        const right = this.#need(end.test.right);
        const { yes, no } = end;
        return {
          kind: 'branch',
          test: { op: end.test.op, left, right },
          yes: yes as BlockId,
          no: no as BlockId,
        };
      }
      default:
        return end satisfies never;
    }
  }

  /** A value that an expression has here; what it is made of is computed first. */
  #need(expr: Expr): ValueId {
    const id = this.#available(expr);
    if (id !== undefined) return id;
    // Not recursive, since arithmetic may be nested deeper than a stack.
    const pending = [expr];
    while (pending.length > 0) {
      const next = pending[pending.length - 1]!;
      const missing = this.#parts(next).filter((part) => this.#available(part) === undefined);
      if (missing.length > 0) {
        pending.push(...missing.reverse());
        continue;
      }
      pending.pop();
      if (this.#available(next) === undefined) this.#put(next);
    }
    return this.#available(expr)!;
  }

  #put(expr: Expr): void {
    const value = this.#compute(expr);
    this.#values.push(value);
    this.#written[expr] = { block: this.#block, id: value.id, before: this.#written[expr] };
  }

  /** The value of an expression that has been computed here or on every way that leads here. */
  #available(expr: Expr): ValueId | undefined {
    let asked = this.#written[expr];
    for (let tries = 0; asked !== undefined && tries < mostAsked; tries++) {
      if (asked.block === this.#block) return asked.id;
      if (dominates(this.#dominators, asked.block as BlockId, this.#block as BlockId)) {
        return asked.id;
      }
      asked = asked.before;
    }
    return undefined;
  }

  #parts(expr: Expr): readonly Expr[] {
    const expression = this.#graph.table.get(expr);
    if (expression.kind === 'arith') {
      const [, left, right] = this.#spelled(expr);
      return [left, right];
    }
    const isIndexed = expression.kind === 'load' && expression.index !== undefined;
    return isIndexed ? [expression.index] : [];
  }

  #compute(expr: Expr): Value {
    const { table } = this.#graph;
    const expression = table.get(expr);
    switch (expression.kind) {
      case 'const':
        return { kind: 'const', id: this.#id(), value: expression.value };
      case 'length':
        return { kind: 'length', id: this.#id() };
      case 'ancillary':
        return { kind: 'ancillary', id: this.#id(), field: expression.field };
      case 'word':
        return { kind: 'recall', id: this.#id(), word: expression.word };
      case 'load': {
        const { size, offset } = expression;
        if (expression.index === undefined) return { kind: 'load', id: this.#id(), size, offset };
        const index = this.#available(expression.index)!;
        return { kind: 'load', id: this.#id(), size, offset, index };
      }
      case 'arith': {
        const [op, leftExpr, rightExpr] = this.#spelled(expr);
        const left = this.#available(leftExpr)!;
        const right = this.#available(rightExpr)!;
        return { kind: 'arith', id: this.#id(), op, left, right };
      }
      default:
        return expression satisfies never;
    }
  }

  /** Arithmetic as back ends and people know it best. */
  #spelled(expr: Expr): [ArithOp, Expr, Expr] {
    const { table } = this.#graph;
    const expression = table.get(expr);
    if (expression.kind !== 'arith') throw new Error('not arithmetic');
    const { op, left, right } = expression;
    const c = table.constant(right);
    // A subtraction, rather than the addition of a number near 2³².
    if (op === '+' && c !== undefined && c > 0x7fffffff) return ['-', left, table.const(-c >>> 0)];
    // The length of an IPv4 header, for which classic BPF has an instruction.
    if (op === '<<' && c === 2 && this.#isLowNibble(left)) return ['*', left, table.const(4)];
    return [op, left, right];
  }

  #isLowNibble(expr: Expr): boolean {
    const { table } = this.#graph;
    const expression = table.get(expr);
    return (
      expression.kind === 'arith' &&
      expression.op === '&' &&
      table.constant(expression.right) === 0xf
    );
  }

  #id(): ValueId {
    return this.#next++ as ValueId;
  }
}

const jump = (to: number, value: ValueId): Terminator => ({
  kind: 'branch',
  test: { op: '==', left: value, right: value },
  yes: to as BlockId,
  no: to as BlockId,
});

/** Where an end leads, without what it looks at. */
function skeleton(end: End): Terminator {
  const nothing = 0 as ValueId;
  switch (end.kind) {
    case 'return':
      return end;
    case 'return-value':
      return { kind: 'return-value', value: nothing };
    case 'jump':
      return jump(end.to, nothing);
    case 'branch':
      return {
        kind: 'branch',
        test: { op: end.test.op, left: nothing, right: nothing },
        yes: end.yes as BlockId,
        no: end.no as BlockId,
      };
    default:
      return end satisfies never;
  }
}
