import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { type Interface, listInterfaces } from '@hookdump/loader';
import { UserError } from './errors.ts';
import type { Netns } from './netns.ts';

/** A namespace as the loader takes it: entering one's own would need CAP_SYS_ADMIN for nothing. */
export const pathToEnter = (netns: Netns): { readonly netns?: string } =>
  netns.name === '' ? {} : { netns: netns.path };

/** A device in its namespace. */
export interface Device extends Interface {
  readonly netns: Netns;
}

/**
 * A device by name, in each of these namespaces that has one of that name.
 *
 * @throws UserError if none has it; EnvironmentError if a namespace can't be entered
 */
export function findDevices(name: string, namespaces: readonly Netns[]): Device[] {
  const known = new Set<string>();
  const found: Device[] = [];
  for (const netns of namespaces) {
    for (const device of listInterfaces(pathToEnter(netns).netns)) {
      known.add(device.name);
      if (device.name === name) found.push({ ...device, netns });
    }
  }
  if (found.length > 0) return found;
  const where = namespaces.map((netns) => netns.name || 'this network namespace').join(', ');
  throw new UserError(`no device '${name}' in ${where}`, `there are ${[...known].join(', ')}`);
}

/** Is the device still there? */
export function exists({ netns, index }: Device): boolean {
  try {
    return listInterfaces(pathToEnter(netns).netns).some((each) => each.index === index);
  } catch {
    // Its namespace is gone.
    return false;
  }
}

/**
 * The netmask of these devices' IPv4 networks, where it is one and the same; of each device it is
 * that of the first address, as tcpdump takes it (pcap_lookupnet(3)).
 */
export function commonNetmask(devices: readonly Device[]): number | undefined {
  const masks = new Set(devices.map(netmaskOf));
  return masks.size === 1 ? [...masks][0] : undefined;
}

function netmaskOf({ name, netns }: Device): number | undefined {
  const addresses = addressesIn(netns)[name] ?? [];
  const mask = addresses.find(({ family }) => family === 'IPv4')?.netmask;
  return mask?.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}

/** Addresses can be asked for in one's own namespace only: another process enters the other one. */
function addressesIn(netns: Netns): ReturnType<typeof networkInterfaces> {
  if (netns.name === '') return networkInterfaces();
  const ask = 'process.stdout.write(JSON.stringify(os.networkInterfaces()))';
  const args = [`--net=${netns.path}`, process.execPath, '-e', ask];
  const { status, stdout } = spawnSync('nsenter', args, { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : {};
}
