import { execFileSync } from 'node:child_process';

/** A network namespace with two veth ends: `out` at 10.99.0.1, and `in` in another namespace. */
export interface TestNetns {
  /** /run/netns/NAME */
  readonly path: string;
  run(command: string): string;
  /** Pings the other end so many times. */
  ping(count: number): void;
  delete(): void;
}

let made = 0;

export function makeNetns(): TestNetns {
  const name = `hdloader-${process.pid}-${made++}`;
  const peer = `${name}-peer`;
  const sh = (command: string): string =>
    execFileSync('sh', ['-ec', command], { encoding: 'utf8' });
  sh(`ip netns add ${name}; ip netns add ${peer}
    ip -n ${name} link add out type veth peer name in netns ${peer}
    ip -n ${name} addr add 10.99.0.1/24 dev out; ip -n ${name} link set out up
    ip -n ${peer} addr add 10.99.0.2/24 dev in; ip -n ${peer} link set in up`);
  const run = (command: string): string => sh(`ip netns exec ${name} ${command}`);
  return {
    path: `/run/netns/${name}`,
    run,
    ping: (count) => void run(`ping -q -c ${count} -i 0.01 -W 2 10.99.0.2`),
    delete: () => void sh(`ip netns del ${name}; ip netns del ${peer}`),
  };
}
