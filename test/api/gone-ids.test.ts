// What is gone keeps its id: whoever asks for it again is told so at once.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: ClockedGatewayKit;
let api: ClockedGatewayKit['api'];
beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD, credits: 0, at: '2026-01-10T12:00:00Z' });
  api = checkedApi(kit);
  await api('PATCH', 'organizations/main', { plan: 'team' });
});
afterAll(() => kit.close());

const CAP = { id: 'old', scope: { kind: 'organization', id: 'main' }, window: 'day', limit: 5 };

test.each([
  ['caps', CAP],
  ['seats', { id: 'old', type: 'free' }],
])('%s', async (path, body) => {
  expect((await api('POST', path, body)).status).toBe(201);
  expect((await api('DELETE', `${path}/old`)).status).toBe(200);
  const write = vi.spyOn(kit.app().directory, 'write');
  const again = await api('POST', path, body);
  expect(refused(again)).toEqual([409, 'conflict', undefined]);
  expect(again.body.message).toContain('an earlier one was called so');
  const asked = write.mock.calls.filter(([{ puts }]) => puts.some(({ id }) => id === 'main/old'));
  expect(asked).toHaveLength(1);
  write.mockRestore();
});
