import { existsSync, readFileSync } from 'node:fs';

/**
 * libpcap's own filter tests as data, which stand beside the project and not in it
 * (`HOOKDUMP_CONFORMANCE` names another place). Tests that use them say so where they are absent.
 */
const folder =
  process.env.HOOKDUMP_CONFORMANCE ??
  new URL('../../../shared/conformance', import.meta.url).pathname;

export const conformanceMissing: string | undefined = existsSync(`${folder}/cases.json`)
  ? undefined
  : 'no conformance data beside the project: set HOOKDUMP_CONFORMANCE';

/** Where one of the files is, which may be absent. */
export const conformancePath = (file: string): string => `${folder}/${file}`;

/** One of the data files, parsed. */
export function conformance<T>(file: string): T {
  return JSON.parse(readFileSync(conformancePath(file), 'utf8')) as T;
}
