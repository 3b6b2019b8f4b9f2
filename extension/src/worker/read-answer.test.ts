import { expect, test } from 'vitest';
import { z } from 'zod';
import { readJson, readShape, readText } from './read-answer.ts';

const shape = z.strictObject({ name: z.string(), parts: z.array(z.strictObject({ id: z.int() })) });

test('members that a newer gateway adds are left out, at any depth', () => {
  const value = { name: 'a', more: 1, parts: [{ id: 1 }, { id: 2, more: { deep: true } }] };
  expect(readShape(shape, value)).toEqual({ name: 'a', parts: [{ id: 1 }, { id: 2 }] });
  expect(value.more).toBe(1);
});

test.each([
  ['a member is missing', { parts: [] }],
  ['a member has another type, beside one that is new', { name: 1, more: 1, parts: [] }],
  ['null', null],
  ['a text', 'HTML'],
])('%s: not read', (_, value) => {
  expect(readShape(shape, value)).toBeUndefined();
});

test('a text is read up to so many bytes and no further', async () => {
  const bytes = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();
  expect(await readText(bytes('zwölf'), 6)).toBe('zwölf');
  expect(await readText(bytes('zwölf'), 5)).toBeUndefined();
  expect(await readText(null, 5)).toBe('');
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(1_000));
    },
  });
  expect(await readText(endless, 10_000)).toBeUndefined();
  expect(pulled).toBeLessThan(20);
});

test('what is no JSON is nothing', () => {
  expect([readJson('{"a":1}'), readJson('<h1>'), readJson('')]).toEqual([{ a: 1 }, undefined, undefined]);
});
