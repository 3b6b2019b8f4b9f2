import { afterAll, expect, test } from 'vitest';
import { startClockedGateway } from '../kit/clocked-gateway.ts';

const kit = await startClockedGateway({ at: '2026-01-31T22:00:00Z', credits: 10 });
afterAll(() => kit.close());

test('time moves', async () => {
  const key = await kit.makeKey({ scope: 'spend', caps: [{ window: 'day', limit: 1 }] });
  const call = (): Promise<Response> => kit.call('/plain/ok', { headers: { authorization: `Bearer ${key.text}` } });
  const first = await call();
  expect(first.status).toBe(200);
  expect(Object.fromEntries(first.headers)).toMatchObject({
    'credits-reset': '2026-02-01T00:00:00.000Z',
    'credits-context': 'main/main',
  });
  expect(await (await call()).json()).toMatchObject({ resetsAt: '2026-02-01T00:00:00.000Z' });
  await kit.turnTo('2026-02-01T00:00:00Z');
  expect((await call()).status).toBe(200);
});
