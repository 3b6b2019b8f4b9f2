// The command line over what is bought by itself, extra credits, estimates and webhooks, with a running gateway.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CARD } from '../api/plans.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { startReceiver, type Receiver } from '../live/receiver.ts';
import { tollgate, type Ran } from './tollgate.ts';

let kit: GatewayKit;
let receiver: Receiver;
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 20, settings: 'webhooks: { allow_private: true }\n' });
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await kit.close();
});

// What is sent is on its way in the background.
const SOON = { timeout: 10_000 };
const run = (...args: string[]): Promise<Ran> => tollgate([...args, '--config', kit.configFile]);

async function said(...args: string[]): Promise<string> {
  const { code, out, err } = await run(...args);
  expect([args, code, err]).toEqual([args, 0, '']);
  return out;
}

test('webhooks: made once with a secret, tested, listed, rotated, sent again, deleted', async () => {
  const create = ['webhooks', 'create', 'alerts', receiver.url, '--type', 'grant.made', '--type', 'key.changed'];
  expect(await said(...create)).toMatch(/^whsec_\S+\nmain:alerts: grant\.made, key\.changed to http/);
  const again = await said(...create);
  expect(again).toContain('It was there; rotate it where its secret was lost.');
  expect(again).not.toContain('whsec_');
  expect(await said('webhooks', 'list')).toMatch(/^webhook .*\nmain:alerts\s+http\S+\s+grant\.made, key\.changed\s+on\n$/);
  receiver.answers.push(204, 410);
  expect(await said('webhooks', 'test', 'alerts')).toMatch(/^evt_[0-9a-f]+ is on its way/);
  await expect.poll(() => said('webhooks', 'deliveries', 'alerts'), SOON).toMatch(/webhook\.tested\s+delivered\s+1\s+\S+Z\s+204/);
  const { deliveries } = (await run('webhooks', 'deliveries', 'alerts', '--state', 'delivered', '--json')).json();
  expect(deliveries).toHaveLength(1);
  expect(await said('webhooks', 'replay', 'alerts', '--delivery', deliveries[0].id)).toContain('is on its way.');
  await expect
    .poll(() => said('webhooks', 'deliveries', 'alerts', '--state', 'dead'), SOON)
    .toMatch(/dead\s+1\s+\S+Z\s+answered 410/);
  expect(await said('webhooks', 'list')).toMatch(/410/);
  expect(await said('webhooks', 'replay', 'alerts', '--since', '2020-01-01T00:00:00Z')).toMatch(/^\d+ are tried again\.\n$/);
  expect(await said('webhooks', 'rotate', 'alerts', '--overlap', '1h')).toMatch(/^whsec_\S+\nmain:alerts: /);
  expect(await said('webhooks', 'delete', 'alerts')).toBe('main:alerts is gone.\n');
  expect((await run('webhooks', 'list', '--json')).json()).toEqual({ webhooks: [] });
  expect((await run('webhooks', 'test', 'alerts')).code).toBe(1);
});

test('auto-purchase: set, changed, paused, resumed and ended; extra credits', async () => {
  expect(await said('auto-purchase', 'get')).toBe('Nothing is bought by itself.\n');
  const missing = await run('auto-purchase', 'set', '--package', 'small');
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('body.threshold is missing')]);
  const set = await said('auto-purchase', 'set', '--package', 'small', '--threshold', '5', '--most', '3', '--cool-down', '1h');
  expect(set).toMatch(
    /^small \(50 credits for \S+ \S+\) is bought when less than 5 credits are available in the pool; charging: by hand\.\n/,
  );
  expect(set).toContain('At most 3 in a cycle, 0 so far, 1h between two.');
  expect(await said('auto-purchase', 'set', '--pause')).toContain('It stands still since ');
  expect(await said('auto-purchase', 'set', '--resume', '--threshold', '4')).not.toContain('It stands still');
  expect((await run('auto-purchase', 'get', '--json')).json().autoPurchase).toMatchObject({ threshold: 4, paused: null });
  expect(await said('auto-purchase', 'off')).toBe('Nothing is bought by itself.\n');
  expect(await said('extra')).toBe('Up to 0 extra credits in a cycle, the plan has none; charging: by hand.\nNone were drawn.\n');
  expect((await run('extra', '--limit', '1', '--json')).json()).toMatchObject({ limit: 0, cycles: [] });
});

test('an estimate: of a call, and over a schedule', async () => {
  expect(await said('estimate', 'get', '/plain/ok')).toBe('plain.ok: 1 credits.\nIt would be admitted; 19 would be left.\n');
  const chat = ['estimate', 'POST', '/openai/v1/chat/completions', '-d', '{"model":"gpt-4o","max_completion_tokens":100}'];
  expect(await said(...chat)).toMatch(
    /^chat\.complete: 0 to \S+ credits, as no past call tells\. At most \S+ credits are held\.\n/,
  );
  const often = await said('estimate', 'GET', '/plain/ok', '--every', '1d');
  expect(often).toMatch(/^From .* to .*: (28|29|30|31) runs, \d+ to come: about \1 credits/m);
  const daily = await said('estimate', 'GET', '/plain/ok', '--cron', '0 9 * * *', '--time-zone', 'Europe/Berlin');
  expect(daily).toMatch(/\nFrom \S+ to \S+: \d\d runs, \d+ to come: about (\d\d) credits, \1 to \1\.\nNext: /);
  expect((await run('estimate', 'GET', '/plain/ok', '--header', 'Credits-Max: 0.5', '--json')).json()).toMatchObject({
    would: 'refuse',
    refusal: { code: 'call_maximum' },
  });
});

test('what is missing is said before the gateway is asked', async () => {
  for (const wrong of [
    ['webhooks', 'create', 'alerts'],
    ['webhooks', 'replay', 'alerts'],
    ['auto-purchase', 'set', '--threshold', 'little'],
    ['auto-purchase', 'set', '--pause', '--resume'],
    ['estimate', 'GET'],
    ['estimate', 'GET', '/plain/ok', '--time-zone', 'UTC'],
    ['estimate', 'POST', '/plain/ok', '-d', '{'],
  ]) {
    const { code, err } = await run(...wrong);
    expect([wrong, code, err === '']).toEqual([wrong, 2, false]);
  }
});
