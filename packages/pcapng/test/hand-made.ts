/**
 * pcapng in either byte order, put together field by field from the draft and sharing nothing with
 * the writer, which can't make half of this. The tests show the same bytes to tshark.
 */

export type Option = readonly [code: number, data: Uint8Array];

export function handMade(little: boolean) {
  const number = (bytes: number) => (value: number | bigint) => {
    const data = Buffer.alloc(bytes);
    let rest = BigInt.asUintN(8 * bytes, BigInt(value));
    for (let index = 0; index < bytes; index++, rest >>= 8n) {
      data[little ? index : bytes - 1 - index] = Number(rest & 0xffn);
    }
    return data;
  };
  const [u16, u32, u64] = [number(2), number(4), number(8)];
  const padded = (data: Uint8Array) => Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
  const time = (ticks: bigint) => Buffer.concat([u32(ticks >> 32n), u32(ticks & 0xffffffffn)]);
  const options = (list: readonly Option[]) =>
    Buffer.concat([
      ...list.flatMap(([code, data]) => [u16(code), u16(data.length), padded(data)]),
      ...(list.length > 0 ? [u32(0)] : []),
    ]);
  const block = (type: number, ...body: Uint8Array[]) => {
    const length = u32(12 + body.reduce((sum, part) => sum + part.length, 0));
    return Buffer.concat([u32(type), length, ...body, length]);
  };
  return {
    u16,
    u32,
    u64,
    time,
    block,
    section: (list: readonly Option[] = [], length = -1n) =>
      block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u64(length), options(list)),
    interface: (linkType: number, snapLen: number, list: readonly Option[] = []) =>
      block(1, u16(linkType), u16(0), u32(snapLen), options(list)),
    enhanced: (
      id: number,
      ticks: bigint,
      data: Uint8Array,
      originalLength: number,
      list: readonly Option[] = [],
    ) =>
      block(
        6,
        u32(id),
        time(ticks),
        u32(data.length),
        u32(originalLength),
        padded(data),
        options(list),
      ),
    simple: (originalLength: number, data: Uint8Array) =>
      block(3, u32(originalLength), padded(data)),
    old: (
      id: number,
      drops: number,
      ticks: bigint,
      data: Uint8Array,
      originalLength: number,
      list: readonly Option[] = [],
    ) =>
      block(
        2,
        u16(id),
        u16(drops),
        time(ticks),
        u32(data.length),
        u32(originalLength),
        padded(data),
        options(list),
      ),
    statistics: (id: number, ticks: bigint, list: readonly Option[]) =>
      block(5, u32(id), time(ticks), options(list)),
  };
}

/** An Ethernet frame with an ARP request, padded to the length asked for. */
export function arpFrame(length = 60): Uint8Array {
  const frame = Buffer.alloc(length);
  frame.write('ffffffffffff0200000000010806000108000604000102000000000 1'.replace(' ', ''), 'hex');
  frame.write('0a000001' + '000000000000' + '0a000002', 28, 'hex');
  return frame;
}
