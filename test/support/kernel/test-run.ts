import type { Ancillary } from '@hookdump/filter';
import type { BpfObject } from '@hookdump/loader';
import type { Frame } from './frames.ts';
import { Counted, type Stage, type Verdict } from './stage.ts';

/** How many bytes BPF_PROG_TEST_RUN takes. */
export interface Sizes {
  readonly shortest: number;
  readonly longest: number;
}

/** Whether a frame is no more than bytes, and so many. */
export const fitsTestRun = ({ bytes, tag }: Frame, { shortest, longest }: Sizes): boolean =>
  tag === undefined && bytes.length >= shortest && bytes.length <= longest;

/** BPF_PROG_TEST_RUN: loaded objects, of one program each, and frames that are only bytes. */
export function testRun(
  objects: readonly BpfObject[],
  sizes: Sizes,
  known: (frame: Frame) => Ancillary,
): Stage {
  const programs = objects.map((object) => ({
    program: object.program(object.programs[0]!),
    counted: new Counted(object, 1),
  }));
  return {
    takes: (frame) => fitsTestRun(frame, sizes),
    show(frame) {
      const verdicts = programs.map(({ program, counted }): Verdict => {
        program.testRun(frame.bytes);
        return counted.next(0) ?? 'not seen';
      });
      const { link, bytes } = frame;
      return Promise.resolve([
        { sighting: { hook: 0, link, bytes, ancillary: known(frame) }, verdicts },
      ]);
    },
    close() {
      for (const object of objects) object.close();
    },
  };
}
