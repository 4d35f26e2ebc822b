import { execFileSync } from 'node:child_process';

/** Names of network namespaces: who sends, and who receives what is not for loopback. */
export const [left, right] = ['l', 'r'].map((side) => `hd-hooks-${process.pid}-${side}`) as [
  string,
  string,
];
export const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

/** Two namespaces with a device in each, 10.78.0.1 and 10.78.0.2, and loopback. */
export function makeNamespaces(): void {
  ip('netns', 'add', left);
  ip('netns', 'add', right);
  ip('link', 'add', 'v', 'netns', left, 'type', 'veth', 'peer', 'name', 'v', 'netns', right);
  [left, right].forEach((netns, index) => {
    ip('-n', netns, 'link', 'set', 'lo', 'up');
    ip('-n', netns, 'address', 'add', `10.78.0.${index + 1}/24`, 'dev', 'v');
    ip('-n', netns, 'link', 'set', 'v', 'up');
  });
  // The neighbours are found before a test counts.
  send('10.78.0.2', 100);
}

export function deleteNamespaces(): void {
  for (const netns of [left, right]) ip('netns', 'delete', netns);
}

/** Packets of each kind, those that match and those that don't. */
export const COUNT = 4;
/** The last four bytes of a packet that matches. */
export const MARK = 0xfeedbeef;
export const PORT = 7077;

/**
 * Sends COUNT datagrams that end with the mark and as many that end otherwise; waits until they are
 * received. One process does both, so that nobody sends before somebody listens; os.setns() came to
 * Python with 3.12, hence ctypes.
 */
export function send(to: string, payload: number): void {
  const netns = to.startsWith('127.') ? left : right;
  const script = `
import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)
def enter(netns):
    with open("/run/netns/" + netns) as file:
        if libc.setns(file.fileno(), 0): raise OSError(ctypes.get_errno(), "setns")
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
enter("${netns}")
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
receiver.bind(("${to}", ${PORT}))
receiver.settimeout(60)
enter("${left}")
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 1 << 24)
for i in range(${2 * COUNT}):
    end = (${MARK} + i % 2).to_bytes(4, "big")
    sender.sendto(bytes(${payload} - 4) + end, ("${to}", ${PORT}))
    receiver.recv(65536)
`;
  execFileSync('python3', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A frame of which the filter `ether[OFFSET:4] = MARK` takes one of two. */
export function frame(length: number, offset: number, mark: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt16BE(0x88b5, 12);
  bytes.writeUInt32BE(mark, offset);
  return bytes;
}
