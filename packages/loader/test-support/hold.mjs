// Attaches both programs of the object FILE, XDP to device IFINDEX of NETNS, prints their ids as
// JSON and stays until it is killed. Run by src/link.test.ts.
import { readFileSync } from 'node:fs';
import { BpfObject } from '../dist/index.js';

const [file, netns, ifindex] = process.argv.slice(2);
const object = BpfObject.open(readFileSync(file));
object.load();
object.program('watch_receive').attach();
object.program('watch_xdp').attachXdp(Number(ifindex), { netns });
const ids = object.programs.map((name) => object.program(name).info().id);
process.stdout.write(`${JSON.stringify(ids)}\n`);
setInterval(() => {}, 1000);
