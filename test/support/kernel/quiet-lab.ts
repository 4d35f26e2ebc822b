import { statSync } from 'node:fs';
import { Running, sh } from '../lab.ts';
import { markOf, type Tag, tagByMark } from './vlan-tagger.ts';

/** Where a packet is put: sent on one end of a veth pair, or on a tun device, or arriving on that. */
export type Route = 'veth' | 'tun sent' | 'tun received';

/** A device, its index and the numbers that the kernel gives with its packets. */
export interface Device {
  readonly name: string;
  readonly ifindex: number;
  /** Bytes of the hardware address; none on a tun device. */
  readonly address: Uint8Array;
}

const LARGEST_MTU = '9000';
const INJECT = new URL('./inject.py', import.meta.url).pathname;
/** Names of inject.py's places. */
const places = { veth: 'veth', 'tun sent': 'out', 'tun received': 'in' } as const;

/**
 * A network namespace in which nothing is said but what a test says, byte by byte: a veth pair,
 * `left` and `right`, and `raw0`, a tun device, whose packets begin with an IP header. No addresses,
 * no IPv6, so that nobody asks and nobody answers.
 */
export class QuietLab {
  readonly netns: string;
  readonly left: Device;
  readonly right: Device;
  readonly raw: Device;
  readonly #inject: Running;
  #answered = 0;

  private constructor(netns: string, inject: Running) {
    this.netns = netns;
    this.#inject = inject;
    this.left = device(netns, 'left');
    this.right = device(netns, 'right');
    this.raw = device(netns, 'raw0');
  }

  static async open(name: string): Promise<QuietLab> {
    const netns = `hd-${name}-${process.pid}`;
    sh('ip', 'netns', 'add', netns);
    try {
      const off = 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6';
      sh('ip', 'netns', 'exec', netns, 'sh', '-c', `[ ! -e /proc/sys/net/ipv6 ] || ${off}`);
      const mtu = ['mtu', LARGEST_MTU];
      sh('ip', '-n', netns, 'link', 'add', 'left', ...mtu, 'type', 'veth', 'peer', 'right', ...mtu);
      for (const end of ['right', 'left']) sh('ip', '-n', netns, 'link', 'set', end, 'up');
      const at = ['veth=send:left', 'in=tun:raw0', 'out=send:raw0'];
      const inject = new Running('ip', ['netns', 'exec', netns, 'python3', INJECT, ...at]);
      await inject.until(() => inject.stdout === 'ready\n', 'open its sockets');
      inject.stdout = '';
      for (const name of ['left', 'right', 'raw0']) {
        sh('tc', '-n', netns, 'qdisc', 'add', 'dev', name, 'clsact');
      }
      await tagByMark(netns, 'left');
      return new QuietLab(netns, inject);
    } catch (error) {
      sh('ip', 'netns', 'del', netns);
      throw error;
    }
  }

  /** Its inode number, by which the kernel's side knows it. */
  get inode(): number {
    return statSync(`/run/netns/${this.netns}`).ino;
  }

  /** Puts a packet on its way; resolves when the kernel has taken it, rejects if it does not. */
  async inject(route: Route, bytes: Uint8Array, tag?: Tag): Promise<void> {
    const hex = Buffer.from(bytes).toString('hex');
    const said = await this.#inject.ask(`${places[route]} ${markOf(tag)} ${hex}`);
    this.#answered++;
    if (said !== 'ok') throw new Error(`packet ${this.#answered}, ${route}: ${said}: ${hex}`);
  }

  async close(): Promise<void> {
    this.#inject.child.stdin.end();
    await this.#inject.ended;
    sh('ip', 'netns', 'del', this.netns);
  }
}

function device(netns: string, name: string): Device {
  const [link] = JSON.parse(sh('ip', '-n', netns, '-j', 'link', 'show', name)) as [
    { ifindex: number; link_type: string; address?: string },
  ];
  const address = link.link_type === 'ether' ? (link.address ?? '') : '';
  return {
    name,
    ifindex: link.ifindex,
    address: Uint8Array.from(Buffer.from(address.replaceAll(':', ''), 'hex')),
  };
}
