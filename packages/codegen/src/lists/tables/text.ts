/** In C, as addresses are read best. */
export const hex = (value: number): string => (value < 10 ? `${value}` : `0x${value.toString(16)}`);

const IN_A_LINE = 8;

/** The narrowest type that holds numbers up to `most`, and its size in bytes. */
export function typeFor(most: number): { readonly name: string; readonly bytes: number } {
  if (most <= 0xff) return { name: '__u8', bytes: 1 };
  return most <= 0xffff ? { name: '__u16', bytes: 2 } : { name: '__u32', bytes: 4 };
}

/** A table that libbpf freezes when it loads the object. */
export function printArray(name: string, numbers: ArrayLike<number>): readonly string[] {
  const all = Array.from(numbers);
  const { name: type } = typeFor(all.reduce((a, b) => Math.max(a, b), 0));
  const lines = [`static const ${type} ${name}[${all.length}] SEC(".rodata") = {`];
  for (let at = 0; at < all.length; at += IN_A_LINE) {
    lines.push(
      `\t${all
        .slice(at, at + IN_A_LINE)
        .map((each) => `${hex(each)},`)
        .join(' ')}`,
    );
  }
  return [...lines, '};', ''];
}
