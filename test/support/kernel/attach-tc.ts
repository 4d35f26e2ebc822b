import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sh } from '../lab.ts';
import type { Attach } from './attached.ts';

/** Behind the lab's own program, which tags packets. */
const preference = '2';

/**
 * Puts programs of loaded objects, `hookdump_egress` and `hookdump_ingress`, on devices of the lab,
 * through a file system for BPF: tc has no other way to take a program that is in the kernel. It is
 * one of our own, since tc hides what is below /sys when it goes into a namespace.
 */
export const attachTc =
  (egress: string, ingress: string): Attach =>
  (objects, lab) => {
    const folder = mkdtempSync(join(tmpdir(), 'hookdump-tc-'));
    const pins: string[] = [];
    const filters: string[] = [];
    sh('mount', '-t', 'bpf', 'bpf', folder);
    try {
      for (const [index, object] of objects.entries()) {
        for (const [name, way, device] of [
          ['hookdump_egress', 'egress', egress],
          ['hookdump_ingress', 'ingress', ingress],
        ] as const) {
          const path = join(folder, `${way}${index}`);
          pins.push(`prog pin id ${object.program(name).info().id} ${path}`);
          filters.push(
            `filter add dev ${device} ${way} pref ${preference} bpf direct-action object-pinned ${path}`,
          );
        }
      }
      run('bpftool', ['batch', 'file', '-'], pins);
      run('tc', ['-n', lab.netns, '-batch', '-'], filters);
    } finally {
      sh('umount', folder);
      rmdirSync(folder);
    }
    return () => {
      for (const [device, way] of [
        [egress, 'egress'],
        [ingress, 'ingress'],
      ] as const) {
        sh('tc', '-n', lab.netns, 'filter', 'del', 'dev', device, way, 'pref', preference);
      }
    };
  };

const run = (command: string, args: readonly string[], lines: readonly string[]): void => {
  execFileSync(command, args, {
    input: `${lines.join('\n')}\n`,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
};
