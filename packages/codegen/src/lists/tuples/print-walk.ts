import { hex } from '../tables/text.ts';
import type { Expression, Walk } from './types.ts';
import { ENDED, NO, YES } from './walk.ts';

/** What a short type holds. */
const MOST_SHORT = 0xffff;

/**
 * A walk's tests as a table in C, and `int walk_NAME(struct packet *packet, …)`: 1 for yes, 0 for no,
 * negative for a load beyond the packet's end. Needs access.h.
 */
export function printWalk(walk: Walk): readonly string[] {
  const { name, tests, given } = walk;
  const count = tests.length;
  const type = count + ENDED > MOST_SHORT ? '__u32' : '__u16';
  const parameters = given.map((_, index) => `__u32 given_${index + 1}`);
  const passed = given.map((_, index) => `given_${index + 1}`);
  return [
    `struct ${name} {`,
    `\t__u32 number;`,
    `\t__u16 question;`,
    `\t${type} yes, no;`,
    '};',
    '',
    `static const struct ${name} ${name}_all[${count}] SEC(".rodata") = {`,
    ...tests.map(
      ({ question, number, yes, no }) => `\t{ ${hex(number)}, ${question}, ${yes}, ${no} },`,
    ),
    '};',
    '',
    '/* False: a load beyond the end. */',
    `static __always_inline bool ask_${name}(${['struct packet *packet', '__u32 question', '__u32 *answer', ...parameters].join(', ')})`,
    '{',
    '\tswitch (question) {',
    ...walk.questions.flatMap(({ expression }, index) => [
      index === walk.questions.length - 1 ? '\tdefault:' : `\tcase ${index}:`,
      `\t\t*answer = ${print(expression, walk)};`,
      '\t\treturn true;',
    ]),
    '\t}',
    '}',
    '',
    `struct walk_${name} {`,
    '\tstruct packet *packet;',
    `\t__u32 ${['at', ...passed].join(', ')};`,
    '};',
    '',
    `static long step_${name}(__u32 turn, struct walk_${name} *walk)`,
    '{',
    '\t__u32 at = walk->at, answer = 0;',
    '',
    '\t(void)turn;',
    `\tif (at >= ${count})`,
    '\t\treturn 1;',
    `\tconst struct ${name} *test = &${name}_all[at];`,
    '',
    `\tif (!ask_${name}(${['walk->packet', 'test->question', '&answer', ...passed.map((each) => `walk->${each}`)].join(', ')})) {`,
    `\t\twalk->at = ${count + ENDED};`,
    '\t\treturn 1;',
    '\t}',
    `\twalk->at = ${printHolds(walk)} ? test->yes : test->no;`,
    '\treturn 0;',
    '}',
    '',
    '/* The tests one after the other, as long as one leads to another: what a load beyond the end ends',
    '   depends on their order. */',
    `static __always_inline int walk_${name}(${['struct packet *packet', ...parameters].join(', ')})`,
    '{',
    '\t/* 0, as the verifier must not know: later ones would walk all tests, and before Linux 6.7 they take',
    '\t   what one turn does for what all do. */',
    '\t__u32 first = random_32_bits() >> 32;',
    `\tstruct walk_${name} walk = { ${['packet', 'first', ...passed].join(', ')} };`,
    '',
    `\trepeat(${count}, step_${name}, &walk, 0);`,
    `\treturn walk.at == ${count + YES} ? 1 : walk.at == ${count + NO} ? 0 : -1;`,
    '}',
    '',
  ];
}

/** Prints what every walk needs once: bpf_loop, of Linux 5.17 and later. */
export const REPEAT_HELPER: readonly string[] = [
  '/* bpf_loop: calls `step` up to `count` times, until it returns 1. */',
  '__attribute__((unused)) static long (*repeat)(__u32 count, void *step, void *context,',
  '\t\t\t\t\t      __u64 flags) = (void *)181;',
  '/* bpf_get_prandom_u32: for the verifier any number of 64 bits. */',
  '__attribute__((unused)) static __u64 (*random_32_bits)(void) = (void *)7;',
  '',
];

/** Which questions are for being at least the number is told by their own numbers. */
function printHolds({ questions }: Walk): string {
  const atLeast = questions.flatMap(({ op }, index) => (op === '>=' ? [index] : []));
  if (atLeast.length === 0) return 'answer == test->number';
  const isOne = atLeast.map((index) => `test->question == ${index}`).join(' || ');
  return `(${isOne} ? answer >= test->number : answer == test->number)`;
}

function print(at: number, walk: Walk): string {
  const expression: Expression = walk.expressions[at]!;
  switch (expression.kind) {
    case 'const':
      return hex(expression.value);
    case 'given':
      return `given_${walk.given.indexOf(at) + 1}`;
    case 'arith':
      return `(${print(expression.left, walk)} ${expression.op} ${print(expression.right, walk)})`;
    case 'load': {
      const { size, offset, index } = expression;
      const from = index === undefined ? '0' : print(index, walk);
      return `get${size * 8}(carefully(packet, ${from}), ${offset})`;
    }
    default:
      return expression satisfies never;
  }
}
