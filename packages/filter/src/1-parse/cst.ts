import type { CstNode, IToken } from 'chevrotain';

/** Typed access to a parse tree's children; the grammar says which are there. */

export function nodes(parent: CstNode, rule: string): CstNode[] {
  return (parent.children[rule] ?? []) as CstNode[];
}

export function node(parent: CstNode, rule: string): CstNode | undefined {
  return nodes(parent, rule)[0];
}

export function tokens(parent: CstNode, name: string): IToken[] {
  return (parent.children[name] ?? []) as IToken[];
}

export function token(parent: CstNode, name: string): IToken | undefined {
  return tokens(parent, name)[0];
}

/** Tokens of several kinds in the order in which they stand in the text. */
export function tokensInOrder(parent: CstNode, ...names: string[]): IToken[] {
  return names
    .flatMap((name) => tokens(parent, name))
    .sort((a, b) => a.startOffset - b.startOffset);
}
