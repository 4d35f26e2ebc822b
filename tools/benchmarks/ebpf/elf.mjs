// ELF files as far as BPF objects go: 64 bits, little-endian, relocatable (elf(5)).

const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHT_REL = 9;

/**
 * @returns `sections`: `name`, `bytes`, `relocations`; `symbols`: `name`, `section` (its index in the
 *   former, 0 for what is not in this file) and `value` (bytes from its beginning)
 */
export function readElf(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error('not an ELF file of 64 bits, little-endian');
  }
  const headers = readHeaders(view);
  const contents = (header) =>
    header.type === SHT_NOBITS
      ? new Uint8Array(header.size)
      : file.subarray(header.offset, header.offset + header.size);
  const nameTable = contents(headers[view.getUint16(62, true)]);
  const sections = headers.map((header) => ({
    name: stringAt(nameTable, header.name),
    bytes: contents(header),
    relocations: [],
  }));
  const table = headers.find((header) => header.type === SHT_SYMTAB);
  if (table === undefined) throw new Error('the object has no symbols');
  const symbols = readSymbols(contents(table), sections[table.link].bytes);
  for (const header of headers) {
    if (header.type !== SHT_REL) continue;
    sections[header.info].relocations.push(...readRelocations(contents(header), symbols));
  }
  return { sections, symbols };
}

function readHeaders(view) {
  const at = Number(view.getBigUint64(40, true));
  const size = view.getUint16(58, true);
  return Array.from({ length: view.getUint16(60, true) }, (_, i) => {
    const word = (offset) => view.getUint32(at + i * size + offset, true);
    return {
      name: word(0),
      type: word(4),
      offset: word(24),
      size: word(32),
      link: word(40),
      info: word(44),
    };
  });
}

function readSymbols(bytes, names) {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / 24 }, (_, i) => ({
    name: stringAt(names, view.getUint32(i * 24, true)),
    section: view.getUint16(i * 24 + 6, true),
    value: Number(view.getBigUint64(i * 24 + 8, true)),
  }));
}

function readRelocations(bytes, symbols) {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / 16 }, (_, i) => ({
    offset: Number(view.getBigUint64(i * 16, true)),
    symbol: symbols[view.getUint32(i * 16 + 12, true)],
  }));
}

function stringAt(bytes, start) {
  return Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString('latin1');
}

export const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
