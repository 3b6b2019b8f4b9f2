// A gateway on which a person has a plan, a seat and almost a month of calls behind them, so that balance, charts and forecasts have something to say.
import { writeFileSync } from 'node:fs';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';

export interface Month {
  gateway: ClockedGatewayKit;
  /** Where the demo's pages begin. */
  pages: string;
  /** Of Ann: spends. */
  key: string;
  close(): Promise<void>;
}

const DAYS = 24;
const DAY_MS = 86_400_000;

export async function startMonth(): Promise<Month> {
  const first = Date.now() - DAYS * DAY_MS;
  const gateway = await startClockedGateway({ at: first, pages: true, credits: 0, upstream: ['--pace-ms', '0'] });
  const make = async (method: string, path: string, body: unknown): Promise<void> => {
    const { status, body: answer } = await gateway.api(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  };
  await make('PATCH', 'organizations/main', { plan: 'team' });
  await make('POST', 'users', { id: 'ann', name: 'Ann', email: 'ann@example.com', workspace: 'main' });
  await make('POST', 'seats', { id: 'anns-seat', type: 'pro', user: 'ann' });
  await make('POST', 'workspaces', { name: 'lab' });
  await make('PUT', 'workspaces/lab/users/ann', { role: 'member' });
  await make('POST', 'caps', { id: 'anns-day', scope: { kind: 'user', id: 'ann' }, window: 'day', limit: 500 });
  const { text: key } = await gateway.makeKey({ id: 'anns-key', scope: 'spend', user: 'ann' });
  writeFileSync(gateway.pagesFile, JSON.stringify({ gateway: gateway.url, accounts: [{ id: 'ann', name: 'Ann', key }] }));
  for (let day = 0; day < DAYS; day += 1) {
    await gateway.turnTo(first + day * DAY_MS);
    await spendDay(gateway, key, day);
  }
  await gateway.turnTo(Date.now());
  const clock = setInterval(() => (gateway.clock.now = Date.now()), 50);
  return {
    gateway,
    pages: `${gateway.upstream.origin}/demo/pages/`,
    key,
    close: async () => {
      clearInterval(clock);
      await gateway.close();
    },
  };
}

/** Less at weekends, more every fifth day. */
async function spendDay(gateway: ClockedGatewayKit, key: string, day: number): Promise<void> {
  const busy = day % 7 > 4 ? 1 : 3 + (day % 5);
  const call = async (path: string, body: unknown): Promise<void> => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
    };
    const answer = await gateway.call(path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  for (let number = 0; number < busy; number += 1) {
    const ids = Array.from({ length: 12 + ((day + number) % 9) }, (_, at) => `${day}-${number}-${at}`);
    await call('/records/v1/businesses/enrich', { business_ids: ids });
    const content = `What changed on day ${day}, in a few words?`;
    await call('/openai/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content }] });
    if (number % 2 === 0)
      await call('/anthropic/v1/messages', { model: 'claude-sonnet', max_tokens: 200, messages: [{ role: 'user', content }] });
  }
}
