import type { LinkType } from '@hookdump/codegen';
import { type CompileOptions, compile, type Diagnostic, type Program } from '@hookdump/filter';
import { FilterError } from './errors.ts';

/** Both directions of every device: what tcpdump sees, in every namespace. */
export const deviceLayer = ['tp_btf:netif_receive_skb', 'tp_btf:net_dev_queue'] as const;

/** What a live capture leaves open of how a filter is compiled. */
export type FilterOptions = Pick<CompileOptions, 'snapLen' | 'netmask' | 'names' | 'optimize'>;

/** A filter for each link type that packets can have at a place. */
export interface LinkPrograms {
  readonly programs: { readonly [link in LinkType]?: Program };
  /** What is said of the filter, once, whatever the link types are. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Compiles a filter as for a live capture, where packets may have several link types. The first of
 * them must have all that the filter asks for; what another does not have is false there: in raw
 * IP nothing is tagged, and nothing has an Ethernet address. Some packet must be able to match: that
 * none without an Ethernet header can be ARP is no news.
 *
 * @throws FilterError
 */
export function compileForLinks(
  filter: string,
  linkTypes: readonly LinkType[],
  options: FilterOptions,
): LinkPrograms {
  const programs: { [link in LinkType]?: Program } = {};
  const compiled = linkTypes.map((linkType, index) => {
    const all = { ...options, linkType, linux: true } as const;
    const strict = index === 0 ? compile(filter, all) : undefined;
    const isOpen = strict?.ok === false && linkTypes.length > 1 && isEmpty(strict.diagnostics);
    const result =
      strict === undefined || isOpen
        ? compile(filter, { ...all, unsupported: 'no-match' })
        : strict;
    if (!result.ok) throw new FilterError(result.diagnostics);
    programs[linkType] = result.program;
    return result;
  });
  const { warnings } = compiled[0]!;
  if (compiled.every((each) => isEmpty(each.warnings)) && options.optimize !== false) {
    throw new FilterError(warnings.map(asError));
  }
  return { programs, warnings: warnings.filter(({ code }) => code !== emptyCode) };
}

/** What `compile` says of a filter that can match nothing. */
const emptyCode = 'rejects-all';

const isEmpty = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ code }) => code === emptyCode);

const asError = (diagnostic: Diagnostic): Diagnostic =>
  diagnostic.code === emptyCode
    ? { ...diagnostic, severity: 'error', message: 'no packet can match this filter' }
    : diagnostic;
