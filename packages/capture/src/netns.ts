import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { UserError } from './errors.ts';

/** A network namespace, by the inode number that `struct net` knows of itself. */
export interface Netns {
  /** What people call it: the name under /run/netns, or the path that was given. */
  readonly name: string;
  readonly path: string;
  readonly inode: number;
}

/** Where ip-netns(8) keeps names. */
const names = '/run/netns';

/** The namespace of this process. */
export function ownNetns(): Netns {
  const path = '/proc/self/ns/net';
  return { name: '', path, inode: statSync(path).ino };
}

/**
 * A namespace by name or path (whatever holds a `/`), such as `red` or `/proc/1234/ns/net`.
 *
 * @throws UserError if there is no such namespace
 */
export function findNetns(text: string): Netns {
  const path = text.includes('/') ? text : `${names}/${text}`;
  try {
    const { ino, dev } = statSync(path);
    const isNamespace = dev === statSync('/proc/self/ns/net').dev;
    if (isNamespace && kindOf(path, ino) === 'net') return { name: text, path, inode: ino };
  } catch {
    const known = [...namedNetns().values()];
    throw new UserError(
      `no network namespace '${text}'`,
      known.length > 0 ? `there are ${known.join(', ')}` : "'ip netns list' shows those with names",
    );
  }
  throw new UserError(`'${text}' is not a network namespace`, 'give a name or a /proc/PID/ns/net');
}

/** Names by inode, of all namespaces that have one. */
export function namedNetns(): Map<number, string> {
  const found = new Map<number, string>();
  try {
    for (const name of readdirSync(names)) {
      try {
        found.set(statSync(`${names}/${name}`).ino, name);
      } catch {
        // It went away between the two calls.
      }
    }
  } catch {
    // No namespace was ever named.
  }
  return found;
}

/** `net`, `mnt`, …: namespaces(7) says it in a link's text, and in that of a mount. */
function kindOf(path: string, inode: number): string | undefined {
  const kind = new RegExp(`(\\w+):\\[${inode}\\]`);
  try {
    return kind.exec(readlinkSync(path))?.[1];
  } catch {
    return kind.exec(readFileSync('/proc/self/mountinfo', 'utf8'))?.[1];
  }
}
