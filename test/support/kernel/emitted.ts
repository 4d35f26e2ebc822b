import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LinkType } from '@hookdump/codegen';
import type { BpfObject } from '@hookdump/loader';
import { Running } from '../lab.ts';
import { attachAll } from './attached.ts';
import { Counted, type Stage } from './stage.ts';

const source = new URL('emitter.c', import.meta.url).pathname;
/** Objects name it: where it is the same for each run, they are found in the cache. */
const binary = new URL('../../../node_modules/.cache/hookdump-tests/emitter', import.meta.url)
  .pathname;

/** Its function gets a pointer and a length. */
export const emitterHook = `uprobe:${binary}/emit`;

/** What {@link emitted} cannot do without. */
export const emitterCompiler = 'cc';

/** A process of ours whose function the objects are attached to, called with each packet. */
export async function emitted(objects: readonly BpfObject[], link: LinkType): Promise<Stage> {
  build();
  const emitter = new Running(binary, []);
  await emitter.until(() => emitter.stdout !== '', 'be alone with its file');
  emitter.stdout = '';
  attachAll(objects);
  const counted = objects.map((object) => new Counted(object, 1));
  return {
    takes: (frame) => frame.link === link && frame.tag === undefined,
    async show({ bytes }) {
      const said = await emitter.ask(Buffer.from(bytes).toString('hex'));
      if (said !== 'ok') throw new Error(`the process said ${said}`);
      const verdicts = counted.map((each) => each.next(0) ?? 'not seen');
      // Nobody knows more of a buffer than its bytes.
      return [{ sighting: { hook: 0, link, bytes, ancillary: {} }, verdicts }];
    },
    close() {
      emitter.child.stdin.end();
      for (const object of objects) object.close();
    },
  };
}

/** A guest finds what the machine has built. */
function build(): void {
  const built = statSync(binary, { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs > statSync(source).mtimeMs) return;
  mkdirSync(dirname(binary), { recursive: true });
  const unfinished = `${binary}.${process.pid}`;
  execFileSync(emitterCompiler, ['-O1', '-o', unfinished, source]);
  renameSync(unfinished, binary);
}
