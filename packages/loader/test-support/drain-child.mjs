// Drains the ring of the object FILE under traffic and then does HOW. Run by src/drain-exit.test.ts.
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { BpfObject, drain } from '../dist/index.js';

const [file, how] = isMainThread ? process.argv.slice(2) : workerData;
const packet = new Uint8Array(100);
let batches = 0;

function start(onBatch) {
  const object = BpfObject.open(readFileSync(file));
  object.load();
  const running = drain(object.map('ring'), { onBatch });
  const traffic = () => object.program('send_ring').testRunAsync(packet, { repeat: 50_000 });
  return { object, running, traffic };
}

const ways = {
  /** Exits while records pour in. */
  exit() {
    const { traffic } = start(() => {
      batches++;
      if (batches === 3) process.exit(7);
    });
    const again = () => traffic().then(again);
    again();
  },
  /** Ends by itself once all is closed. */
  async end() {
    const { object, running, traffic } = start(() => {});
    await traffic();
    await running.flush();
    object.close();
    console.log(running.stats.records);
  },
  /** Lets the drain alone keep the process alive. */
  stay() {
    start(() => {});
    process.on('beforeExit', () => console.log('the process would end'));
  },
  /** Throws in onBatch, twice. */
  async throw() {
    const errors = [];
    process.on('uncaughtException', (error) => errors.push(error.message));
    const { object, running, traffic } = start((batch) => {
      if (batch.records > 0 && errors.length < 2) throw new Error('from onBatch');
    });
    while (errors.length < 2) await traffic();
    await running.flush();
    object.close();
    console.log(errors.join(','));
  },
  /** Ends a worker thread that drains. */
  async worker() {
    for (let i = 0; i < 5; i++) {
      const worker = new Worker(new URL(import.meta.url), { workerData: [file, 'inWorker'] });
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
    }
    console.log('terminated');
  },
  inWorker() {
    const { traffic } = start(() => parentPort.postMessage('draining'));
    const again = () => traffic().then(again);
    again();
  },
};
await ways[how]();
