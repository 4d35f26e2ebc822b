import { linkTypes } from '@hookdump/filter';

/** All link types, a line each, as `tcpdump -L` shows those of a device. */
export function listLinkTypes(): string {
  const lines = Object.entries(linkTypes).map(([name, { description }]) => {
    return `  ${name} (${description})`;
  });
  return ['Data link types (use option -y to set):', ...lines, ''].join('\n');
}
