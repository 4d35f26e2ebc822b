/** `tcpdump -#`: a number, two spaces, an optional time, then SLL2's device and direction. */
const firstLine = /^ *(\d+) {2}(.*)$/;
/** The device of index 0, as print-sll.c writes it: padded to five characters. */
const device = /^(.*?)\? {5}(In |Out|B {2}|M {2}|P {2})/;

/**
 * Joins tcpdump's lines with the packets that they belong to. A packet's first line begins with its
 * number; it is only taken for one if it is the next number, since a payload that is printed may
 * imitate anything else.
 */
export class JoinLines {
  readonly #print: (text: string) => void;
  readonly #keepNumbers: boolean;
  readonly #expected: string[] = [];
  #next = 1;
  #rest = '';

  constructor(print: (text: string) => void, keepNumbers: boolean) {
    this.#print = print;
    this.#keepNumbers = keepNumbers;
  }

  /** A packet was given to tcpdump; `label` is its device. */
  expect(label: string): void {
    this.#expected.push(label);
  }

  /** Some of tcpdump's output. */
  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    if (lines.length > 0) this.#print(`${lines.map((line) => this.#join(line)).join('\n')}\n`);
  }

  /** tcpdump has ended. */
  finish(): void {
    if (this.#rest !== '') this.add('\n');
  }

  #join(line: string): string {
    const match = firstLine.exec(line);
    if (match === null || Number(match[1]) !== this.#next || this.#expected.length === 0) {
      return line;
    }
    this.#next++;
    const label = this.#expected.shift()!;
    const named = match[2]!.replace(device, (_, before: string, way: string) => {
      return `${before}${label.padEnd(5)} ${way}`;
    });
    return this.#keepNumbers ? `${match[1]!.padStart(5)}  ${named}` : named;
  }
}
