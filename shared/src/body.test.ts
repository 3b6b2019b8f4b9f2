import { expect, test } from 'vitest';
import { readJsonBody } from './body.ts';
import { operationOf } from './rate-card/testing.ts';

const CHAT = operationOf(`
- id: chat
  match: POST /x
  fields: { body.n: { absent: 1 }, body.options.size: { absent: 1, or: body.size } }
  quantities: { items: size(body.items) }
  price:
    - { by: body.model, is: { a: 1, b: 2 } }
    - { per: items, rate: 1 }
    - { formula: "body.options.size * body.n" }
`);

const read = (text: string): unknown => readJsonBody(text, text.length, CHAT);

test('a body is read whole', () => {
  expect(read('{"model":"a"}')).toEqual({
    ok: true,
    body: { kind: 'json', text: '{"model":"a"}', value: { model: 'a' }, bytes: 13 },
  });
  expect(read('')).toEqual({ ok: true, body: { kind: 'none' } });
});

test.each([
  ['{"model":"a","model":"b"}', 'body.model'],
  [String.raw`{"model":"a","mod\u0065l":"b"}`, 'body.model'],
  [String.raw`{"mod\u0065l":"a","m\u006fdel":"b"}`, 'body.model'],
  ['{"options":{"size":1},"options":{"size":2}}', 'body.options'],
  ['{"options":{"size":1,"size":2}}', 'body.options.size'],
  ['{"size":1,"x":[{"size":1}],"size":2}', 'body.size'],
  ['{"items":[1],"items":[]}', 'body.items'],
])('%s gives a priced field twice', (text, field) => {
  expect(read(text)).toMatchObject({ ok: false, refusal: { code: 'field_invalid', field } });
});

test.each([
  '{"messages":[{"model":"a"},{"model":"b"}],"model":"a"}',
  '{"other":1,"other":2,"model":"a"}',
  '{"model":"model"}',
  '{"text":"\\"model\\": \\"model\\", {[","model":"a"}',
  '{"options":{"model":"x"},"model":"a"}',
  String.raw`{"text":"\u4e2d\u0041","model":"a"}`,
  '{"x":{"options":{"size":1,"size":2}},"model":"a"}',
])('%s does not', (text) => expect(read(text)).toMatchObject({ ok: true }));

test('what is no JSON is refused by what it is', () => {
  expect(read('{"model":')).toMatchObject({
    ok: false,
    refusal: { code: 'body_unreadable', message: expect.stringContaining('broken') },
  });
  expect(read('--boundary\r\n')).toMatchObject({ refusal: { message: expect.stringContaining('multipart') } });
});

test('a body of which only the length counts may be anything', () => {
  const upload = operationOf('- { id: up, match: POST /x, price: [{ per: request_bytes, unit: 1 MB, rate: 1 }] }');
  expect(upload).toMatchObject({ needsBody: true, needsJson: false });
  expect(readJsonBody('not json', 8, upload)).toEqual({ ok: true, body: { kind: 'unread', bytes: 8 } });
});

test('depth is capped, brackets in texts are not depth', () => {
  const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  expect(read(nested(128))).toMatchObject({ ok: true });
  expect(read(nested(129))).toMatchObject({ ok: false, refusal: { code: 'body_unreadable' } });
  expect(read(nested(100_000))).toMatchObject({ ok: false });
  expect(read(JSON.stringify({ text: '{['.repeat(500), rows: Array.from({ length: 200 }, () => []) }))).toMatchObject({
    ok: true,
  });
});

test('texts of many megabytes are walked', () => {
  const long = `{"model":"a","text":"${String.raw`\"\\ `.repeat(2_000_000)}","model":"b"}`;
  expect(read(long)).toMatchObject({ ok: false, refusal: { field: 'body.model' } });
  expect(read(long.replace(',"model":"b"', ',"x":"model"'))).toMatchObject({ ok: true });
});
