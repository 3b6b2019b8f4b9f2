import { utf8Length } from '@tollgate/shared/meter/utf8-length';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

test('the bytes that a text has in UTF-8', () => {
  for (const [text, bytes] of [
    ['', 0],
    ['a', 1],
    ['\u00e9', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['\u20ac', 3],
    ['\u{1f600}', 4],
    ['\ud83d', 3],
  ] as const) {
    expect(utf8Length(text)).toBe(bytes);
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => utf8Length(text) === Buffer.byteLength(text)));
});
