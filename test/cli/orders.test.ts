// Orders on the command line, with a running gateway whose payments are confirmed by hand.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CARD } from '../api/plans.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { tollgate } from './tollgate.ts';

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 0 });
});
afterAll(() => kit.close());

const run = (...args: string[]) => tollgate([...args, '--config', kit.configFile]);

test('a package is ordered, listed, confirmed and declined', async () => {
  expect((await run('orders', 'create', 'one', 'small')).out).toMatch(/^main:one: small for \S+ \S+, open\.\n$/);
  expect((await run('orders', 'create', 'two', 'small', '--json')).out).toContain('"charging": "by hand"');
  expect((await run('orders', 'list', '--state', 'open')).out).toMatch(
    /main:one\s+small\s+\S+ \S+\s+open\s+by hand[\s\S]*main:two/,
  );
  expect((await run('orders', 'confirm', 'one')).out).toContain('paid. Granted as order:main:one.');
  expect((await run('orders', 'decline', 'two', '--reason', 'Not paid.')).out).toContain('declined. Not paid.');
  const refused = await run('orders', 'decline', 'one');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('is paid, and stays so')]);
  expect((await run('orders', 'list', '--organization', 'nobody')).code).toBe(1);
});
