import type { BlockId } from '@hookdump/filter';

/** Where a goto leads: a block, what says that the packet matches, or what asks the slow way. */
export type Label = BlockId | 'match' | 'unsure';

/** A line of a function's body; gotos are printed last, when it is known what stands behind them. */
export type Line =
  | { readonly kind: 'text'; readonly indent: number; readonly text: string }
  /** `if (condition) goto to;`, or the other way round with `opposite`. */
  | {
      readonly kind: 'branch';
      readonly indent: number;
      readonly condition: string;
      readonly opposite: string;
      readonly to: Label;
    }
  | { readonly kind: 'goto'; readonly indent: number; readonly to: Label }
  | { readonly kind: 'label'; readonly indent: number; readonly block: Label };

const labelName = (label: Label): string => (typeof label === 'string' ? label : `b${label}`);

/** A goto to what comes next is nothing; a branch over a goto is the opposite branch. */
export function dropNeedlessGotos(lines: readonly Line[]): readonly Line[] {
  const kept: Line[] = [];
  lines.forEach((line, at) => {
    const next = lines[at + 1];
    const later = lines[at + 2];
    if (line.kind === 'goto' && next?.kind === 'label' && next.block === line.to) return;
    if (line.kind === 'branch' && next?.kind === 'goto' && later?.kind === 'label') {
      if (line.to === later.block) {
        const { indent, condition, opposite } = line;
        kept.push({
          kind: 'branch',
          indent,
          condition: opposite,
          opposite: condition,
          to: next.to,
        });
        return;
      }
    }
    const previous = lines[at - 1];
    if (line.kind === 'goto' && previous?.kind === 'branch' && next?.kind === 'label') {
      if (previous.to === next.block) return;
    }
    kept.push(line);
  });
  return kept;
}

export function printLines(lines: readonly Line[]): string[] {
  const wanted = new Set(
    lines.flatMap((line) => (line.kind === 'goto' || line.kind === 'branch' ? [line.to] : [])),
  );
  return lines.flatMap((line, at) => {
    const tabs = '\t'.repeat(line.indent);
    switch (line.kind) {
      case 'text':
        return [tabs + line.text];
      case 'goto':
        return [`${tabs}goto ${labelName(line.to)};`];
      case 'branch':
        return [`${tabs}if (${line.condition})`, `${tabs}\tgoto ${labelName(line.to)};`];
      case 'label': {
        if (!wanted.has(line.block)) return [];
        // Before C23 a label must stand before a statement, and a declaration is none.
        const next = lines[at + 1];
        const declares = next?.kind === 'text' && next.text.startsWith('__u32');
        const label = `${'\t'.repeat(line.indent - 1)}${labelName(line.block)}:${declares ? ';' : ''}`;
        return ['', label];
      }
      default:
        return line satisfies never;
    }
  });
}
