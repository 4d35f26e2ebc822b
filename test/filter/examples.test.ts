import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compile, printAssembly, toClassic } from '@hookdump/filter';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The examples of docs/examples, with the files of the package that would be published. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hookdump-examples-'));
const run = promisify(execFile);

beforeAll(() => {
  const filter = join(root, 'packages/filter');
  const installed = join(folder, 'node_modules/@hookdump/filter');
  command('pnpm', ['pack', '--pack-destination', folder], filter);
  mkdirSync(installed, { recursive: true });
  const tarball = `hookdump-filter-${JSON.parse(readFileSync(join(filter, 'package.json'), 'utf8')).version}.tgz`;
  command('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1'], root);
  symlinkSync(join(filter, 'node_modules/chevrotain'), join(folder, 'node_modules/chevrotain'));
  symlinkSync(join(root, 'test/node_modules/esbuild'), join(folder, 'node_modules/esbuild'));
  cpSync(join(root, 'docs/examples'), folder, {
    recursive: true,
    filter: (path) => basename(path) !== 'node_modules',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

function command(name: string, args: string[], cwd: string): void {
  const PATH = `${root}tools/pnpm/node_modules/.bin:${process.env.PATH}`;
  const { status, error, stderr, stdout } = spawnSync(name, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH },
  });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${error ?? stdout + stderr}`);
}

test('the parser alone', async () => {
  const { stdout } = await run(process.execPath, [
    join(folder, 'parser-alone.mjs'),
    'tcp port 80||443 and not (host 10.0.0.1 or net 10.1)',
  ]);
  expect(stdout).toContain('tcp port 80 or 443 and not (host 10.0.0.1 or net 10.1)\n');
  expect(stdout).toMatch(/\nport: 80, 443\nhost: 10\.0\.0\.1\nnet: 10\.1\n$/);

  const refused = await run(process.execPath, [join(folder, 'parser-alone.mjs'), 'tcp port']).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('error: ') });
});

describe('the page in a browser', () => {
  test('compiles filters', async ({ skip }) => {
    const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
      (name) => spawnSync(name, ['--version']).status === 0,
    );
    if (browser === undefined) return skip('no Chromium: tools/setup test installs it on Debian');
    const page = join(folder, 'page');
    await run(process.execPath, [join(folder, 'browser/build.mjs'), page]);

    const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript' };
    const server = createServer(({ url = '/' }, response) => {
      const path = new URL(url, 'http://localhost').pathname;
      const file = basename(path === '/' ? 'index.html' : path);
      try {
        const content = readFileSync(join(page, file));
        response.writeHead(200, { 'content-type': types[file.split('.').at(-1)!] ?? 'text/plain' });
        response.end(content);
      } catch {
        response.writeHead(404).end();
      }
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      const show = async (filter: string, linkType: string): Promise<string> => {
        const query = new URLSearchParams({ filter, linkType });
        const { stdout } = await run(browser, [
          '--headless=new',
          '--no-sandbox',
          '--disable-gpu',
          `--user-data-dir=${join(folder, 'profile')}`,
          '--dump-dom',
          `http://127.0.0.1:${port}/?${query}`,
        ]);
        return plainText(/<output[^>]*>([^<]*)<\/output>/.exec(stdout)?.[1] ?? stdout);
      };
      const text = 'tcp port 80 and host 10.0.0.1';
      for (const linkType of ['EN10MB', 'RAW']) {
        const compiled = compile(text, { linkType });
        expect(await show(text, linkType)).toBe(
          compiled.ok ? printAssembly(toClassic(compiled.program)) : 'compiles',
        );
      }
      expect(await show('tcp prot 80', 'EN10MB')).toContain("hint: did you mean 'port'?");
    } finally {
      server.close();
    }
  });
});

/** The text of an element as --dump-dom writes it. */
const plainText = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
