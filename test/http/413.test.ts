// A body that must be read for its price is read up to a limit; one that streams through has none.
import { afterAll, expect, test } from 'vitest';
import { Readable } from 'node:stream';
import { arrivals, callsOf, expectNoHold } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({ settings: 'limits: { body: 100 KB }\n' });
afterAll(() => kit.close());

const big = JSON.stringify({
  model: 'gpt-4o',
  max_completion_tokens: 5,
  messages: [{ role: 'user', content: 'x'.repeat(150_000) }],
});

test('over the limit by its length', async () => {
  const answer = await kit.call('/openai/v1/chat/completions', { method: 'POST', body: big });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ code: 'body_too_large', status: 413 });
});

test('over the limit by counting, where no length was given', async () => {
  const body = Readable.toWeb(
    Readable.from([big.slice(0, 90_000), big.slice(90_000)].map((part) => Buffer.from(part))),
  ) as ReadableStream;
  const answer = await kit.call('/openai/v1/chat/completions', { method: 'POST', body, duplex: 'half' });
  expect(answer.status).toBe(413);
});

test('at the limit it is read', async () => {
  const text = JSON.stringify({ model: 'gpt-4o-mini', max_completion_tokens: 5, messages: [] });
  const padded = text.replace(
    '[]',
    `[{"role":"user","content":"${'x'.repeat(100_000 - text.length - '{"role":"user","content":""}'.length)}"}]`,
  );
  expect(padded).toHaveLength(100_000);
  expect((await kit.call('/openai/v1/chat/completions', { method: 'POST', body: padded })).status).toBe(200);
});

test('a body that no price reads passes whatever its length', async () => {
  const answer = await kit.call('/plain/echo', { method: 'POST', body: 'y'.repeat(5_000_000) });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ body: { bytes: 5_000_000 } });
});

test('what was refused reached nobody', async () => {
  expect(arrivals(kit)).toHaveLength(2);
  expect(await callsOf(kit)).toHaveLength(2);
  await expectNoHold(kit);
});
