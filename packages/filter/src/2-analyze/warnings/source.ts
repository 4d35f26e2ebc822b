import type { Span } from '../../source.ts';

/** What hints are made from. */
export interface Source {
  /** The filter's text, which is quoted from; without it, hints are told in general. */
  readonly text: string | undefined;
  /** Is it compiled for a live capture, where the kernel keeps the outer VLAN tag beside the frame? */
  readonly linux: boolean;
}

/** Longer pieces make no readable hint. */
const longest = 60;

/** A piece of the filter as it was written, on one line; `undefined` where it is too long. */
export function quote({ text }: Source, { start, end }: Span): string | undefined {
  if (text === undefined || end - start > longest) return undefined;
  return text.slice(start, end).replace(/\s+/g, ' ');
}
