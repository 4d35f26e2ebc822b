import { constants } from 'node:os';
import { binding, type Interface } from './binding.ts';
import { attempt, type NativeError } from './errors.ts';

/** What the addon says if the namespace itself could not be entered; see native/netns.h. */
const NOT_ENTERED = "the network namespace can't be entered";

/** What to do about an error that came of using a network namespace, if it came of that. */
export function netnsHint(error: NativeError): string | undefined {
  if (error.log !== NOT_ENTERED) return undefined;
  // setns(2) wants it in the user namespace that owns the network namespace.
  if (error.errno === constants.errno.EPERM) return 'entering it needs CAP_SYS_ADMIN';
  return 'ip netns list shows those that have names';
}

/**
 * All network interfaces, up or down, with addresses or without.
 * @param netns path of a network namespace, such as /run/netns/x; ours if not given
 * @throws EnvironmentError
 */
export function listInterfaces(netns = ''): Interface[] {
  return attempt(
    netns === '' ? 'list the interfaces' : `list the interfaces of ${netns}`,
    () => binding().listInterfaces(netns),
    netnsHint,
  );
}
