// A body takes its time. What was taken away meanwhile pays for nothing, and a cap that was set meanwhile binds.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { arrivals } from './books.ts';
import { KIT_CARD } from './card.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway();
afterAll(() => kit.close());
const made = async (method: string, path: string, body?: object): Promise<void> => {
  const answer = await kit.api(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
};
const BODY = JSON.stringify({ model: 'gpt-4o', max_completion_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] });

/** Sends half of a body, waits for what happens, and sends the rest. */
async function callWhile(
  key: string,
  happens: () => Promise<void>,
  path = '/openai/v1/chat/completions',
): Promise<{ status: number | undefined; code: unknown }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': BODY.length };
  const sending = request(`${kit.url}${path}`, { method: 'POST', headers });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  sending.write(BODY.slice(0, 20));
  // Until the gateway has seen who asks.
  await sleep(150);
  await happens();
  sending.end(BODY.slice(20));
  const [answer] = await answered;
  const text = (await answer.toArray()).join('');
  return { status: answer.statusCode, code: (JSON.parse(text) as { code?: unknown }).code };
}

async function keyOf(user: string): Promise<string> {
  await made('POST', 'users', { id: user, name: user, workspace: 'main' });
  return (await kit.makeKey({ id: `key-${user}`, scope: 'spend', user })).text;
}

test('a place that was taken away', async () => {
  const key = await keyOf('ann');
  expect(await callWhile(key, () => made('DELETE', 'workspaces/main/users/ann'))).toEqual({
    status: 403,
    code: 'scope_insufficient',
  });
});

test('a key that was revoked', async () => {
  const key = await keyOf('ben');
  expect(await callWhile(key, () => made('DELETE', 'keys/key-ben'))).toEqual({ status: 401, code: 'key_unknown' });
});

test('a cap that was set', async () => {
  const key = await keyOf('eve');
  const cap = { id: 'none', scope: { kind: 'user', id: 'eve' }, window: 'day', limit: 0 };
  expect(await callWhile(key, () => made('POST', 'caps', cap))).toEqual({ status: 402, code: 'insufficient_credits' });
  expect(arrivals(kit)).toEqual([]);
});

test('nothing that concerns it: the call goes on, also past the time that people and places are remembered', async () => {
  const key = await keyOf('dan');
  expect(await callWhile(key, () => sleep(1_100))).toEqual({ status: 200, code: undefined });
});

test('a card that says from now on whose things a route is about', async () => {
  const key = await keyOf('kim');
  const before = arrivals(kit).length;
  const strict = KIT_CARD.replace('reason: Queries', 'owns: path.query_id\n        reason: Queries');
  const taken = async (): Promise<void> => {
    writeFileSync(kit.cardFile, strict);
    await made('POST', 'card/reload');
  };
  expect(await callWhile(key, taken, '/dune/api/v1/query/7/execute')).toEqual({ status: 404, code: 'not_found' });
  expect(arrivals(kit)).toHaveLength(before);
});
