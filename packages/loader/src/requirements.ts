import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/*
 * What building the addon needs. Used by build-addon.mjs, which then says what is missing and goes
 * on, and by the loader's first use, which then fails with the same words.
 */

/** libbpf 1.0 brought the API that native/ is written for. */
const LIBBPF_VERSION = '1.0';

/**
 * The folder whose `include/node` holds the headers of Node: node-gyp's `--nodedir`. Given always,
 * because node-gyp would fetch the headers from the network without it.
 */
export function findNodeDirectory(): string | undefined {
  const candidates = [
    dirname(dirname(process.execPath)),
    process.env.npm_config_nodedir,
    '/usr',
    '/usr/local',
  ];
  return candidates.find((directory) => {
    return directory && existsSync(join(directory, 'include/node/node_api.h'));
  });
}

function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** One line: what is missing to build the addon, and the command that brings it; or undefined. */
export function missingForBuild(): string | undefined {
  const checks: readonly { what: string; debian: string; present: boolean }[] = [
    {
      what: 'a C++ compiler',
      debian: 'g++',
      present: runs(process.env.CXX || 'c++', '--version'),
    },
    { what: 'make', debian: 'make', present: runs('make', '--version') },
    { what: 'python3', debian: 'python3', present: runs('python3', '--version') },
    { what: 'pkg-config', debian: 'pkg-config', present: runs('pkg-config', '--version') },
    {
      what: `libbpf >= ${LIBBPF_VERSION}`,
      debian: 'libbpf-dev',
      present: runs('pkg-config', `--atleast-version=${LIBBPF_VERSION}`, 'libbpf'),
    },
    {
      what: "Node's headers (node_api.h)",
      debian: 'libnode-dev',
      present: findNodeDirectory() !== undefined,
    },
  ];
  const missing = checks.filter((check) => !check.present);
  // Without pkg-config one can't tell whether libbpf is there: installing both does no harm.
  if (missing.length === 0) return undefined;
  const whats = missing.map((check) => check.what).join(', ');
  const packages = missing.map((check) => check.debian).join(' ');
  return `missing: ${whats}; run: apt-get install --no-install-recommends ${packages}`;
}
