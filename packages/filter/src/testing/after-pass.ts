import { expect } from 'vitest';
import { numberValues, passes } from '../4-optimize/index.ts';
import { printProgram } from '../ir/print.ts';
import type { Program } from '../ir/types.ts';
import { verify } from '../ir/verify.ts';
import { parseProgram } from './parse-program.ts';

/** A program as text, without its first line. */
export function printed(program: Program): string {
  expect(verify(program)).toEqual([]);
  return printProgram(program).split('\n').slice(1).join('\n');
}

/** What a pass makes of a program beyond numbering its values, which every pass does. */
export function after(name: string, text: string): string {
  const program = parseProgram(text);
  expect(verify(program)).toEqual([]);
  const made = passes.find((pass) => pass.name === name)!.run(program);
  expect(printed(made)).not.toBe(printed(numberValues(program)));
  return printed(made);
}
