import { type Program, printAssembly, printC, printDecimal, toClassic } from '@hookdump/filter';

/** tcpdump's `-d`, `-dd` and `-ddd`, by the number of letters. */
export function printClassic(program: Program, detail: number): string {
  const instructions = toClassic(program);
  const print = [printAssembly, printC, printDecimal][Math.min(detail, 3) - 1]!;
  return print(instructions);
}
