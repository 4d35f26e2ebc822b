import { compile } from '@hookdump/filter';
import { describe, expect, test } from 'vitest';
import { parseHook } from '../../hooks/index.ts';
import { assembleSource } from '../../object/build-source.ts';
import { noClang, skips } from '../../testing/harness.ts';
import { renderSource } from '../render.ts';
import { pruneDeclarations } from './prune.ts';

test('what is used stays, with what that uses', () => {
  const text = `
#define USED(x) inner(x)
#define IDLE 1

static int inner(int x)
{
\treturn x;
}

/* Nobody calls it. */
static int idle(void)
{
\treturn IDLE;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define from_two(x) \\
\t__builtin_bswap16(x)
#define from_three(x) (x)
#else
#define from_two(x) (x)
#define from_three(x) (x)
#endif

/* For symbols alone. */
#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#endif

#define WANTED
#ifdef WANTED
#define way(x) from_two(x)
#else
#define way(x) idle(x)
#endif
#ifdef UNWANTED
static int unwanted;
#endif

enum { TYPE_ONE = 1, TYPE_TWO = 2, TYPE_MINUS = -3 };

#define GIVE(name) static int give_##name(void) { return 0; }
GIVE(this)
GIVE(that)

/* Two of three. */
#define ONE 1
#define TWO 2
#define THREE 3

struct idle_type {
\tint a;
};
struct type {
\tint a;
};
_Static_assert(sizeof(struct idle_type) == 4, "");
_Static_assert(sizeof(struct type) == 4, "");

SEC("xdp") int program(struct type *at)
{
\treturn USED(TWO) + THREE + way(TYPE_TWO) + TYPE_MINUS + at->a + give_that();
}
`;
  const left = pruneDeclarations(text);
  for (const gone of [
    'ksym',
    'symbols',
    'WANTED',
    'unwanted',
    'from_three',
    'IDLE',
    'idle',
    'ONE',
    'give_this',
    'GIVE(this)',
    'Nobody calls',
  ]) {
    expect(left).not.toContain(gone);
  }
  expect(left).toContain('\n/* Two of three. */\n#define TWO 2\n#define THREE 3\n');
  expect(left.match(/#define from_two/g)).toHaveLength(2);
  expect(left).toContain('\nenum { TYPE_TWO = 2, TYPE_MINUS = -3 };\n');
  for (const kept of [
    'inner(int',
    'USED(x)',
    'struct type {',
    'GIVE(that)',
    'sizeof(struct type)',
  ]) {
    expect(left).toContain(kept);
  }
  expect(pruneDeclarations(left)).toBe(left);
});

const specs = ['xdp', 'tc:ingress', 'tp_btf:net_dev_queue', 'kprobe:ip_rcv', 'fentry:prog/1'];

describe.skipIf(skips('C without idle declarations', noClang())).each(specs)('%s', (spec) => {
  test('has the same instructions', async () => {
    const parsed = parseHook(spec);
    const compiled = compile('tcp port 80 or vlan 5', { linkType: 'EN10MB', linux: true });
    if (!parsed.ok || !compiled.ok) throw new Error(spec);
    const programs = { EN10MB: compiled.program };
    const source = renderSource({ filter: '', hooks: [parsed.hook], programs });
    const pruned = pruneDeclarations(source);
    expect(pruned.length).toBeLessThan(source.length * 0.95);
    const [whole, less] = await Promise.all([source, pruned].map((text) => assembleSource(text)));
    expect(instructions(less!)).toBe(instructions(whole!));
  });
});

/** Without the source's lines. */
const instructions = (assembly: string): string => assembly.replace(/^# .*\n/gm, '');
