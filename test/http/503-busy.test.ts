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

test('a broken bound suspends the operation for its workspace, for everyone after three organizations, and until the operator resumes it', async () => {
  const [one, two, four] = await Promise.all(
    ['one', 'two', 'four'].map(async (workspace) => (await kit.makeKey({ id: workspace, scope: 'spend', workspace })).text),
  );
  const elsewhere = async (organization: string): Promise<string> => {
    await kit.api('POST', 'organizations', { id: organization });
    await kit.api('POST', `grants?organization=${organization}`, {
      id: organization,
      amount: 9,
      account: `pool:${organization}`,
    });
    return (await kit.api('POST', `keys?organization=${organization}`, { id: organization, scope: 'spend' })).body.text as string;
  };
  const [acme, globex] = [await elsewhere('acme'), await elsewhere('globex')];
  if (one === undefined || two === undefined || four === undefined) throw new Error('no keys');
  expect((await chat(one, 'break-bound=5')).status).toBe(200);
  expect((await chat(one)).status).toBe(503);
  expect((await chat(two)).status).toBe(200);
  // Two workspaces of one organization are one witness.
  await chat(two, 'break-bound=5');
  await chat(acme, 'break-bound=5');
  expect((await chat(acme)).status).toBe(503);
  expect((await chat(four)).status).toBe(200);
  await chat(globex, 'break-bound=5');
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
