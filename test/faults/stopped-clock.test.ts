// A clock that was set back does not make verify doubt what a gateway has rightly forgotten (rule 22): the ledger's clock never runs back
// behind what is written, whoever looks.
import { afterAll, expect, test } from 'vitest';
import { startClockedGateway } from '../kit/clocked-gateway.ts';
import { runTollgate } from './kept-store.ts';

const DAY_MS = 86_400_000;
const inThreeDays = Date.now() + 3 * DAY_MS;
const kit = await startClockedGateway({ at: inThreeDays, credits: 10 });
afterAll(() => kit.close());

test('an idempotency key that was used anew in days that are still to come is no finding', async () => {
  const call = async (): Promise<number> => (await kit.call('/plain/ok', { headers: { 'idempotency-key': 'again' } })).status;
  expect(await call()).toBe(200);
  await kit.turnTo(inThreeDays + 1.5 * DAY_MS);
  expect(await call()).toBe(200);
  expect(await kit.upstream.arrived()).toBe(2);
  await kit.end();
  const { code, output } = await runTollgate(kit, 'verify');
  expect(JSON.parse(output)).toEqual({ ok: true, findings: [], more: false });
  expect(code).toBe(0);
});
