import { type Interface, listInterfaces } from '@hookdump/loader';
import { UserError } from './errors.ts';
import type { Netns } from './netns.ts';

/** A device in its namespace. */
export interface Device extends Interface {
  readonly netns: Netns;
}

/**
 * A device by name in the first of these namespaces that has it… or in each that does: the same
 * name may stand in several.
 *
 * @throws UserError if none has it; EnvironmentError if a namespace can't be entered
 */
export function findDevices(name: string, namespaces: readonly Netns[]): Device[] {
  const known = new Set<string>();
  const found: Device[] = [];
  for (const netns of namespaces) {
    for (const device of listInterfaces(netns.path)) {
      known.add(device.name);
      if (device.name === name) found.push({ ...device, netns });
    }
  }
  if (found.length > 0) return found;
  const where = namespaces.map((netns) => netns.name || 'this network namespace').join(', ');
  throw new UserError(`no device '${name}' in ${where}`, `there are ${[...known].join(', ')}`);
}
