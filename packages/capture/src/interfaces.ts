import type { Hook } from '@hookdump/codegen';
import { linkTypeOf } from './link-type.ts';
import { namedNetns, ownNetns } from './netns.ts';
import type { CaptureInterface } from './packet.ts';
import type { CaptureRecord } from './record.ts';

/**
 * The interfaces that records come from, made when their first record comes: devices and
 * namespaces may appear while a capture runs, and index 2 is another device in each namespace.
 */
export class Interfaces {
  readonly #known = new Map<string, CaptureInterface>();
  readonly #own = ownNetns().inode;
  #names = namedNetns();

  get all(): readonly CaptureInterface[] {
    return [...this.#known.values()];
  }

  /** The interface of a record that this hook sent. */
  of(record: CaptureRecord, hook: Hook): CaptureInterface {
    const key = `${record.netns} ${record.ifindex} ${hook.spec} ${record.ifname}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made: CaptureInterface = {
      id: this.#known.size,
      hook,
      // The kernel's side lets no others through.
      linkType: linkTypeOf(record.deviceType) ?? 'RAW',
      deviceType: record.deviceType,
      device: record.ifname,
      ifindex: record.ifindex,
      netns: record.netns,
      netnsName: this.#netnsName(record.netns),
    };
    this.#known.set(key, made);
    return made;
  }

  #netnsName(inode: number): string {
    if (inode === this.#own) return '';
    // It may have got its name since.
    if (!this.#names.has(inode)) this.#names = namedNetns();
    return this.#names.get(inode) ?? String(inode);
  }
}
