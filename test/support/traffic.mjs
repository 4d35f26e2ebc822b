// Traffic of many kinds between two namespaces, run once in each of them:
//   node traffic.mjs serve IPV4 IPV6          answers until its standard input ends
//   node traffic.mjs send IPV4 IPV6           talks to the server, then ends
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const [role, ipv4, ipv6] = process.argv.slice(2);
const ports = { tcp: 8080, web: 80, echo: 7777, dns: 53 };

if (role === 'serve') {
  for (const port of [ports.tcp, ports.web]) {
    createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(port, '::');
  }
  for (const [type, address] of [
    ['udp4', ipv4],
    ['udp6', ipv6],
  ]) {
    for (const port of [ports.echo, ports.dns]) {
      const socket = createSocket(type);
      socket.on('message', (message, from) => socket.send(message, from.port, from.address));
      socket.bind(port, address, () => console.log(`bound ${type} ${port}`));
    }
  }
  process.stdin.on('end', () => process.exit()).resume();
} else {
  for (const address of [ipv4, ipv6]) await datagrams(address);
  for (const address of [ipv4, ipv6]) {
    // One segment, then more than fits in one: the kernel sends those as one packet of 64 kB.
    for (const [port, size] of [
      [ports.web, 100],
      [ports.tcp, 40_000],
    ])
      await stream(address, port, size);
  }
}

/** Sizes from nothing to several IP fragments; contents with NUL where it matters. */
async function datagrams(address) {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const send = (data, port) =>
    new Promise((resolve) => socket.send(data, port, address, () => resolve()));
  for (const size of [0, 1, 18, 64, 512, 1400, 4000]) {
    const zeros = Buffer.alloc(size);
    const numbered = Buffer.from(Array.from({ length: size }, (_, i) => i & 0xff));
    for (const data of [zeros, numbered]) await send(data, size % 2 === 0 ? ports.echo : ports.dns);
  }
  // A port where nobody listens: the answer is ICMP.
  await send(Buffer.from('anybody?'), 9);
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.close();
}

function stream(address, port, size) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address, () => socket.write(Buffer.alloc(size, 0x5a)));
    let received = 0;
    socket.on('data', (data) => {
      received += data.length;
      if (received === size) socket.end();
    });
    socket.on('close', resolve).on('error', reject);
  });
}
