// A body that the price needs and can not read, and priced fields that do not read as one thing: 400 that names the field, and an
// upstream that saw nothing.
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway();
afterAll(() => kit.close());

async function chat(
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await kit.call('/openai/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const rest = '"messages":[{"role":"user","content":"hi"}]';
const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;

test.each([
  ['broken JSON', `{"model":"gpt-4o",${rest}`, 'body_unreadable', 'body'],
  ['a form', 'model=gpt-4o', 'body_unreadable', 'body'],
  ['a list of calls', `[{"model":"gpt-4o",${rest}}]`, 'body_unreadable', 'body'],
  ['a bare value', '"gpt-4o"', 'body_unreadable', 'body'],
  ['null', 'null', 'body_unreadable', 'body'],
  ['endless nesting', `{"model":"gpt-4o","x":${deep}}`, 'body_unreadable', 'body'],
  ['a byte order mark', `\ufeff{"model":"gpt-4o",${rest}}`, 'body_unreadable', 'body'],
  ['a model that is no text', `{"model":{"a":1},${rest}}`, 'field_invalid', 'body.model'],
  ['a model in a list', `{"model":["gpt-4o"],${rest}}`, 'field_invalid', 'body.model'],
  ['the model twice', `{"model":"gpt-4o-mini",${rest},"model":"gpt-4o"}`, 'field_invalid', 'body.model'],
  ['the model twice, alike', `{"model":"gpt-4o",${rest},"model":"gpt-4o"}`, 'field_invalid', 'body.model'],
  ['the model twice, escaped', `{"model":"gpt-4o-mini",${rest},"\\u006dodel":"gpt-4o"}`, 'field_invalid', 'body.model'],
  [
    'the model twice, both escaped',
    `{"mod\\u0065l":"gpt-4o-mini",${rest},"\\u006Dodel":"gpt-4o"}`,
    'field_invalid',
    'body.model',
  ],
  ['a limit twice', `{"model":"gpt-4o","max_tokens":1,${rest},"max_tokens":9000}`, 'field_invalid', 'body.max_tokens'],
  [
    'two limits that differ',
    `{"model":"gpt-4o","max_tokens":1,"max_completion_tokens":9,${rest}}`,
    'field_invalid',
    'body.max_completion_tokens',
  ],
  ['a negative limit', `{"model":"gpt-4o","max_completion_tokens":-5,${rest}}`, 'field_invalid', 'body.max_completion_tokens'],
  [
    'a limit that is text',
    `{"model":"gpt-4o","max_completion_tokens":"5",${rest}}`,
    'field_invalid',
    'body.max_completion_tokens',
  ],
  ['half a token', `{"model":"gpt-4o","max_completion_tokens":1.5,${rest}}`, 'field_invalid', 'body.max_completion_tokens'],
  [
    'a limit past all counting',
    `{"model":"gpt-4o","max_completion_tokens":1e30,${rest}}`,
    'field_invalid',
    'body.max_completion_tokens',
  ],
  ['a negative n', `{"model":"gpt-4o","n":-1,${rest}}`, 'field_invalid', 'body.n'],
  ['n that is true', `{"model":"gpt-4o","n":true,${rest}}`, 'field_invalid', 'body.n'],
])('%s', async (_name, text, code, field) => {
  const { status, body } = await chat(text);
  expect(status, JSON.stringify(body)).toBe(400);
  expect(body).toMatchObject({ code, field, status: 400 });
  expect(String(body['message'])).toContain(field);
  expect(arrivals(kit)).toEqual([]);
});

test('a model without a price names those that have one', async () => {
  const { status, body } = await chat(`{"model":"gpt-9",${rest}}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'value_unknown', field: 'body.model', known: ['gpt-4o', 'gpt-4o-mini'] });
  expect(String(body['message'])).toMatch(/gpt-9.*gpt-4o/);
});

test('an absent model is not an unknown one, and no model has a price by being left out', async () => {
  for (const model of ['', '"model":null,']) {
    const { status, body } = await chat(`{${model}${rest}}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ field: 'body.model' });
  }
});

test('a priced query field given twice', async () => {
  const answer = await kit.call('/plain/ok?size=small&size=dear');
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'field_invalid', field: 'query.size' });
  const escaped = await kit.call('/plain/ok?size=small&%73ize=dear');
  expect(await escaped.json()).toMatchObject({ code: 'field_invalid', field: 'query.size' });
});

test('a query value without a price', async () => {
  const answer = await kit.call('/plain/ok?size=Dear');
  expect(await answer.json()).toMatchObject({ code: 'value_unknown', field: 'query.size', known: ['small', 'dear'] });
});

test('headers of ours that do not read', async () => {
  for (const value of ['many', '-1', '1e3', '0.0000001', '']) {
    const answer = await kit.call('/plain/ok', { headers: { 'credits-max': value } });
    expect(answer.status, value).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'request_malformed' });
  }
  for (const value of ['1', 'true', 'yes', '?2', '']) {
    const answer = await kit.call('/plain/ok', { headers: { 'credits-dry-run': value } });
    expect(answer.status, `who meant a dry run (${value}) is not charged`).toBe(400);
  }
  const long = await kit.call('/plain/ok', { headers: { 'idempotency-key': 'x'.repeat(256) } });
  expect(long.status).toBe(400);
});

test('fields that no price reads may be whatever the client likes', async () => {
  const { status } = await chat(`{"model":"gpt-4o-mini","user":"a","user":"b","max_completion_tokens":5,"x":1e999,${rest}}`);
  expect(status).toBe(200);
});

test('nothing but that one call was forwarded or recorded', async () => {
  expect(arrivals(kit)).toHaveLength(1);
  expect(await callsOf(kit)).toHaveLength(1);
});
