import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8Into } from './utf8.ts';

function encode(text: string): Uint8Array {
  const target = new Uint8Array(3 * text.length);
  return target.subarray(0, encodeUtf8Into(text, target, 0));
}

test('encodes as TextEncoder does, lone surrogates included', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
  );
  fc.assert(
    fc.property(fc.array(unit), (parts) => {
      const text = parts.join('');
      expect(encode(text)).toEqual(new TextEncoder().encode(text));
    }),
  );
});

test('decodes as TextDecoder does, malformed bytes included', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  // Bytes from the ranges where well-formedness turns, so that long sequences come about.
  const byte = fc.constantFrom(
    ...[0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf],
    ...[0xe0, 0xe1, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff],
  );
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.array(byte).map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(bytes, (data) => {
      expect(decodeUtf8(data)).toBe(decoder.decode(data));
    }),
    { numRuns: 2000 },
  );
});

test('decodes more than a rope of text', () => {
  const text = 'é'.repeat(30_000);
  expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
});
