import type { LinkType } from '@hookdump/codegen';
import type { Diagnostic, ResolvedNames } from '@hookdump/filter';
import { commonNetmask, type Device } from './devices.ts';
import { compileForLinks, type FilterOptions, type LinkPrograms } from './programs.ts';

/** Every link type that a hook of ours can see. */
const allLinkTypes: readonly LinkType[] = ['EN10MB', 'RAW'];

/** The part of a capture's request that is about its filter. */
interface FilterRequest {
  readonly filter: string;
  readonly snapLen: number;
  readonly names?: ResolvedNames;
}

/** The programs of one filter, for the places where it is to run. */
export class Filters {
  readonly warnings: readonly Diagnostic[];
  readonly #text: string;
  readonly #options: FilterOptions;
  readonly #everywhere: LinkPrograms;

  /**
   * Compiles for everything that there is, so that mistakes are found before any device is.
   *
   * @throws FilterError
   */
  constructor({ filter, snapLen, names }: FilterRequest) {
    this.#text = filter;
    this.#options = { snapLen, ...(names && { names }) };
    // Whichever netmask it will be, it is the same mistakes.
    const netmask = 0xffffff00;
    this.#everywhere = compileForLinks(filter, allLinkTypes, { ...this.#options, netmask });
    this.warnings = this.#everywhere.warnings;
  }

  /**
   * The programs for a place where packets have these link types.
   *
   * @param devices what is captured on, which gives the netmask; none: any device
   * @throws FilterError
   */
  at(linkTypes: readonly LinkType[], devices: readonly Device[]): LinkPrograms['programs'] {
    // The only word that a netmask means something to.
    const needsNetmask = /\bbroadcast\b/.test(this.#text);
    const first = linkTypes[0];
    if (!needsNetmask && first === 'EN10MB') {
      const { programs } = this.#everywhere;
      return linkTypes.length > 1 ? programs : { EN10MB: programs.EN10MB! };
    }
    const netmask = needsNetmask ? commonNetmask(devices) : undefined;
    const options = { ...this.#options, ...(netmask !== undefined && { netmask }) };
    return compileForLinks(this.#text, linkTypes, options).programs;
  }
}
