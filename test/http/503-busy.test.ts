// As many calls as the gateway takes at once, and operations whose upstream broke a bound: refused before any hold.
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf, expectNoHold, until } from './books.ts';
import { cardWith } from './card.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({
  settings: 'limits: { calls: 3 }\n',
  upstream: ['--pace-ms', '0'],
  card: cardWith(`  tight:
    path: /tight
    upstream: openai
    operations:
      - id: tight.chat
        match: POST /v1/chat/completions
        meter: openai
        bounds: { output_tokens: { most: body.max_completion_tokens, kept_by: inject } }
        fields: { body.max_completion_tokens: { absent: 20 } }
        price: [{ per: output_tokens, unit: 1000, rate: 1 }]
`),
});
afterAll(() => kit.close());

test('one call too many: 503 with Retry-After, nothing held, nothing forwarded; and then there is room again', async () => {
  const slow = (mark: string): Promise<Response> =>
    kit.call('/plain/ok', { headers: { 'x-demo-fault': 'slow=500', 'x-demo-call': mark } });
  const taken = [slow('taken'), slow('taken'), slow('taken')];
  await until('three arrivals', () => Promise.resolve(arrivals(kit, 'taken').length === 3 ? true : undefined));
  const answer = await slow('over');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(answer.headers.get('x-should-retry')).toBeNull();
  expect(await answer.json()).toMatchObject({ code: 'gateway_busy' });
  expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await slow('room')).status).toBe(200);
  expect(arrivals(kit, 'over')).toEqual([]);
  expect(await callsOf(kit)).toHaveLength(4);
  await expectNoHold(kit);
});

const chat = (key: string, fault = ''): Promise<Response> =>
  kit.call('/tight/v1/chat/completions', {
    method: 'POST',
    headers: { 'x-api-key': key, 'x-demo-fault': fault },
    body: JSON.stringify({ model: 'gpt-4o-mini', max_completion_tokens: 20, messages: [{ role: 'user', content: 'x' }] }),
  });

test('a broken bound suspends the operation for its workspace, for everyone after three, and until the operator resumes it', async () => {
  const keys: string[] = [];
  for (const workspace of ['one', 'two', 'three', 'four']) keys.push((await kit.makeKey({ scope: 'spend', workspace })).text);
  const [one, two, three, four] = keys as [string, string, string, string];
  expect((await chat(one, 'break-bound=5')).status).toBe(200);
  expect((await chat(one)).status).toBe(503);
  expect((await chat(two)).status).toBe(200);
  await chat(two, 'break-bound=5');
  expect((await chat(four)).status).toBe(200);
  await chat(three, 'break-bound=5');
  const refused = await chat(four);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'operation_suspended', operation: 'tight.chat' });
  // Other operations go on, and so does what is suspended after a restart.
  expect((await kit.call('/plain/ok')).status).toBe(200);
  await kit.end();
  await kit.start();
  expect((await chat(one)).status).toBe(503);
  const { body } = await kit.api('GET', 'suspensions');
  expect(body.suspensions).toMatchObject([{ operation: 'tight.chat', everyone: true }]);
  const resumed = await kit.api('DELETE', 'suspensions/tight.chat');
  expect(resumed.status, JSON.stringify(resumed.body)).toBe(200);
  expect((await chat(one)).status).toBe(200);
  expect((await chat(four)).status).toBe(200);
});
