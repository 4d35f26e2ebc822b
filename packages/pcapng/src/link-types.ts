/**
 * The link types that are written, by libpcap's name.
 *
 * Source: https://www.tcpdump.org/linktypes.html (values), pcap_datalink_val_to_description()
 * (texts). The values are LINKTYPE_, for files; DLT_RAW is 12 on Linux, LINKTYPE_RAW is 101.
 */
export const linkTypes = {
  EN10MB: { value: 1, text: 'EN10MB (Ethernet)' },
  RAW: { value: 101, text: 'RAW (Raw IP)' },
  LINUX_SLL2: { value: 276, text: 'LINUX_SLL2 (Linux cooked v2)' },
} as const;

export type LinkTypeName = keyof typeof linkTypes;

/** The name of a LINKTYPE_ value; undefined if it is not one of ours. */
export function linkTypeName(value: number): LinkTypeName | undefined {
  for (const name in linkTypes) {
    if (linkTypes[name as LinkTypeName].value === value) return name as LinkTypeName;
  }
  return undefined;
}

/** As tcpdump prints it: `EN10MB (Ethernet)`; for an unknown value just the number. */
export function linkTypeText(value: number): string {
  const name = linkTypeName(value);
  return name === undefined ? String(value) : linkTypes[name].text;
}
