/**
 * Link types that filters can be compiled for, by libpcap's name; the number is that of capture
 * files (https://www.tcpdump.org/linktypes.html).
 */
export const linkTypes = {
  EN10MB: { value: 1, description: 'Ethernet' },
  RAW: { value: 101, description: 'Raw IP' },
} as const;

export type LinkTypeName = keyof typeof linkTypes;

export function isLinkType(name: string): name is LinkTypeName {
  return Object.hasOwn(linkTypes, name);
}
