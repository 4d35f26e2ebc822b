import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { missingForBuild } from './requirements.ts';

const here = fileURLToPath(new URL('..', import.meta.url));

/* All this happens in a copy of the package, so as not to disturb the addon that others use. */
describe('the addon', () => {
  let copy: string;
  let addon: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'hookdump-loader-'));
    addon = join(copy, 'build/Release/hookdump_loader.node');
    for (const part of ['package.json', 'build-addon.mjs', 'native', 'dist']) {
      cpSync(join(here, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(here, 'node_modules'), join(copy, 'node_modules'));
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  type Result = { status: number | null; output: string };
  function node(args: string[], environment: NodeJS.ProcessEnv = {}): Result {
    const run = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
    return { status: run.status, output: run.stdout + run.stderr };
  }
  const build = (environment?: NodeJS.ProcessEnv): Result =>
    node([join(copy, 'build-addon.mjs')], environment);
  /** Imports the package, says so, and then uses it. */
  const use = (environment?: NodeJS.ProcessEnv): Result =>
    node(
      [
        '--input-type=module',
        '-e',
        `import { BpfObject } from ${JSON.stringify(join(copy, 'dist/index.js'))};
         console.log('imported');
         try { BpfObject.open(new Uint8Array(8)); }
         catch (error) { console.log(error.name + ': ' + error.message); }`,
      ],
      environment,
    );

  const missing = missingForBuild();
  if (missing !== undefined) console.warn(`skipped: building the addon: ${missing}`);

  test.skipIf(missing !== undefined)(
    'is built without a word, once, and again if a source changes',
    () => {
      expect(build()).toEqual({ status: 0, output: '' });
      const first = statSync(addon).mtimeMs;
      expect(build()).toEqual({ status: 0, output: '' });
      expect(statSync(addon).mtimeMs).toBe(first);
      expect(use().output).toMatch(
        /^imported\nEnvironmentError: can't open the BPF object hookdump: /,
      );

      writeFileSync(join(copy, 'native/clock.cc'), 'this is not C++\n');
      const failed = build();
      expect(failed.status).toBe(1);
      expect(failed.output).toContain('clock.cc');
      expect(failed.output).toContain('the addon could not be built');
    },
  );

  test.skipIf(missing !== undefined)(
    'without libbpf is told of in one line, at build and at use',
    () => {
      const environment = { PKG_CONFIG_LIBDIR: '/nonexistent', PKG_CONFIG_PATH: '' };
      const telling =
        'missing: libbpf >= 1.0; run: apt-get install --no-install-recommends libbpf-dev';
      cpSync(join(here, 'build/Release'), join(copy, 'build/Release'), { recursive: true });
      expect(build(environment)).toEqual({
        status: 0,
        output: `@hookdump/loader: addon not built, captures won't work here; ${telling}\n`,
      });
      expect(existsSync(addon)).toBe(false);
      const used = use(environment);
      expect(used.output).toBe(
        `imported\nEnvironmentError: hookdump's addon (libbpf for Node) was not built here; ${telling}\n`,
      );
    },
  );

  test('without any tool names them all', () => {
    const { status, output } = build({ PATH: '/nonexistent' });
    expect(status).toBe(0);
    expect(output.trimEnd().split('\n')).toHaveLength(1);
    expect(output).toContain('a C++ compiler, make, python3, pkg-config, libbpf >= 1.0;');
    expect(output).toContain(
      'apt-get install --no-install-recommends g++ make python3 pkg-config libbpf-dev',
    );
  });

  test.skipIf(missing !== undefined)('that can be built but was not says how', () => {
    expect(use().output).toContain(`was not built here; build it: node ${copy}/build-addon.mjs`);
  });

  test('that can’t be loaded says why', () => {
    cpSync(join(here, 'package.json'), addon); // no ELF file
    expect(use().output).toMatch(
      /^imported\nEnvironmentError: .* can't be loaded: .*hookdump_loader/,
    );
  });
});
