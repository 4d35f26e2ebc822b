import { expect, test } from 'vitest';
import { noClang, skips } from '../testing/harness.ts';
import { compileObject, findClang } from './clang.ts';
import { describeObject, inspectObject } from './description.ts';
import { NotAnObject, readElf, writeElf } from './elf.ts';

const skip = skips('objects that say what they are', noClang());

const description = {
  hookdump: '1.2.3',
  filters: [{ name: 'a', text: 'host ä or "b" \\ */', linkTypes: ['EN10MB', 'RAW'] }],
  hooks: ['xdp:eth0'],
  template: 'x.c',
  target: 'arm64',
  clang: 'clang version 0',
} as const;

async function object(target: 'bpfel' | 'bpfeb' = 'bpfel'): Promise<Uint8Array> {
  const source = '__attribute__((section("xdp"))) int f(void) { return 2; }\n';
  return (await compileObject(findClang(), `int f(void);\n${source}`, { target })).object;
}

test.skipIf(skip).each(['bpfel', 'bpfeb'] as const)(
  '%s: what is written is read',
  async (target) => {
    const bytes = await object(target);
    const programs = [{ name: 'f', section: 'xdp' }];
    expect(inspectObject(bytes)).toEqual({ programs, isLater: false });
    const described = describeObject(bytes, description);
    expect(inspectObject(described)).toEqual({
      programs,
      isLater: false,
      description: { format: 1, ...description },
    });
    // Nothing else has changed.
    const names = readElf(described).sections.map(({ name }) => name);
    expect(names).toEqual([...readElf(bytes).sections.map(({ name }) => name), '.hookdump']);
    expect(writeElf(readElf(bytes))).toEqual(bytes);
  },
);

test.skipIf(skip)('a later format is told from none, and from one that is no JSON', async () => {
  const described = describeObject(await object(), description);
  const changed = (from: string, to: string): Uint8Array =>
    Buffer.from(Buffer.from(described).toString('latin1').replace(from, to), 'latin1');
  expect(inspectObject(changed('"format":1', '"format":2'))).toMatchObject({ isLater: true });
  const broken = inspectObject(changed('{"format":1', '["format":1'));
  expect(broken).toMatchObject({ isLater: false });
  expect(broken.description).toBeUndefined();
});

test.skipIf(skip)('what is cut or changed is refused, and nothing else happens', async () => {
  const described = describeObject(await object(), description);
  const isRefused = (bytes: Uint8Array): boolean => {
    try {
      inspectObject(bytes);
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(NotAnObject);
      return true;
    }
  };
  for (let length = 0; length < described.length; length += 7) {
    expect(isRefused(described.subarray(0, length)), String(length)).toBe(true);
  }
  for (let at = 0; at < described.length; at++) {
    const bytes = described.slice();
    bytes[at]! ^= 0xff;
    isRefused(bytes);
  }
});
