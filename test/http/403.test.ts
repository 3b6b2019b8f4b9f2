// A key that is alive but may not do this: 403, whatever it is asked for.
import { afterAll, expect, test } from 'vitest';
import { arrivals } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway();
afterAll(() => kit.close());

test.each(['view', 'operate'])('a %s key does not spend', async (scope) => {
  const { text } = await kit.makeKey({ scope });
  for (const path of ['/plain/ok', '/plain/nothing', '/openai/v1/models']) {
    const answer = await fetch(`${kit.url}${path}`, { headers: { 'x-api-key': text } });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'scope_insufficient', status: 403 });
    expect(answer.headers.get('x-should-retry')).toBe('false');
  }
});

test('a spend key reads its own balance and makes no keys and no credits', async () => {
  expect((await kit.api('GET', 'balance', undefined, kit.spendKey)).status).toBe(200);
  expect((await kit.api('POST', 'keys', { scope: 'spend' }, kit.spendKey)).status).toBe(403);
  expect((await kit.api('POST', 'grants', { amount: 5 }, kit.spendKey)).status).toBe(403);
});

test('nothing reached the upstream', () => {
  expect(arrivals(kit)).toEqual([]);
});
