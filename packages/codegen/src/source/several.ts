import { joinParts } from './declarations/join.ts';
import { fileComment, renderBody, renderSource, type SourceOptions } from './render.ts';

/**
 * The C file of an object that holds several filters, each in programs of its own: they are called as
 * they would be alone, with `_NAME` behind.
 *
 * @param sources at the same hooks; each with a name, unless there is but one
 * @throws RangeError for hooks that cannot stand in one object
 */
export function renderSources(sources: readonly SourceOptions[]): string {
  const [only] = sources;
  if (only !== undefined && sources.length === 1 && only.name === undefined) {
    return renderSource(only);
  }
  const parts = sources.map((each) => ({ name: each.name ?? '', text: renderBody(each) }));
  return `${fileComment(sources)}${joinParts(parts)}`;
}
