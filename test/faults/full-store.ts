// A gateway that has seen everything, stopped: its store has a row in every table that calls and operators can fill.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

// Past the mark's second, so that the mark knows every row.
const MARK_MS = 1_200;

/** Starts a gateway, uses it, and ends it cleanly. Late settles are left out: they take a gateway that stood still. */
export async function startFullStore(): Promise<GatewayKit> {
  const kit = await startGateway({
    card: `${readFileSync(join(import.meta.dirname, '../kit/rates.yaml'), 'utf8')}\n${PLANS}`,
    upstream: ['--pace-ms', '0'],
    settings: 'log: error\nwebhooks: { allow_private: true }',
  });
  await useGrants(kit);
  await usePlan(kit);
  const capped = await kit.makeKey({
    id: 'capped',
    scope: 'spend',
    caps: [{ window: 'day', limit: 50 }],
    labels: { agent: 'a' },
  });
  const as = (more: Record<string, string> = {}): RequestInit => ({
    headers: { authorization: `Bearer ${capped.text}`, ...more },
  });
  await must(200, kit.call('/plain/ok', as()));
  await must(200, kit.call('/plain/ok', as({ 'idempotency-key': 'once' })));
  await must(500, kit.call('/plain/ok', as({ 'x-demo-fault': 'status=500' })));
  await must(200, kit.call('/openai/v1/chat/completions', chat({})));
  await must(200, kit.call('/plain/ok', as({ 'idempotency-key': 'released', 'x-demo-fault': 'status=204' })), 204);
  // The upstream goes past its bound: the operator bears the rest.
  await kit.call('/openai/v1/chat/completions', chat({ 'x-demo-fault': 'break-bound' }));
  // A job that is not reported keeps its hold.
  await must(
    200,
    kit.call('/dune/api/v1/query/7/execute', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
  );
  await sleep(MARK_MS);
  await kit.end('SIGTERM');
  return kit;
}

async function useGrants(kit: GatewayKit): Promise<void> {
  const soon = new Date(Date.now() + 500).toISOString();
  await kit.grant(5, { expiresAt: soon, reason: 'short' });
  await kit.grant(7, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
  const voided = await kit.grant(3);
  await kit.api('DELETE', `grants/${voided}`);
  await kit.api('POST', 'corrections', { id: 'mend', amount: -1, reason: 'a slip' });
}

const PLANS = `plans:
  team:
    every: month
    pool: 1
    seats: { pro: { allowance: 1, draw: [individual, pool, extra] } }
    draw: [pool, extra]
    extra: { limit: 0, fee: 0.002 USD }
    rollover: { most: 1, for: 1 }
`;

/**
 * An organization with a seat, a soft cap, more calls than its allowance pays, and a webhook. All of its deliveries are made, so that a
 * gateway that is started on this store again has nothing left to do.
 */
async function usePlan(kit: GatewayKit): Promise<void> {
  const receiver = createServer((_, res) => res.writeHead(204).end());
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const done = async (method: string, path: string, body?: unknown) => {
    const answer = await kit.api(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await done('POST', 'organizations', { id: 'zinc', name: 'Zinc' });
  await done('PATCH', 'organizations/zinc', { plan: 'team', extraLimit: 9 });
  const { webhook } = await done('POST', 'webhooks?organization=zinc', { id: 'hook', url: `http://127.0.0.1:${port}/` });
  await done('POST', 'users?organization=zinc', { id: 'ann', name: 'Ann', email: 'ann@example.com', workspace: 'main' });
  await done('POST', 'seats?organization=zinc', { id: 'first', type: 'pro', user: 'ann' });
  await done('POST', 'caps?organization=zinc', {
    id: 'soft',
    scope: { kind: 'user', id: '*' },
    window: 'day',
    limit: 1,
    mode: 'soft',
  });
  const { text } = await done('POST', 'keys?organization=zinc', { id: 'ann', scope: 'spend', user: 'ann' });
  for (let calls = 0; calls < 4; calls += 1)
    await must(200, kit.call('/plain/ok', { headers: { authorization: `Bearer ${text}` } }));
  const told = `webhooks/${webhook.id}`;
  await done('POST', `${told}/test?organization=zinc`, {});
  const states = async (): Promise<string> => {
    const { deliveries } = await done('GET', `${told}/deliveries?organization=zinc`);
    return deliveries.map(({ type, state }: { type: string; state: string }) => `${type} ${state}`).join(', ');
  };
  // The test is the last of them to be given out.
  while (!/^(?!.*waiting).*webhook\.tested delivered/.test(await states())) await sleep(20);
  receiver.close();
}

function chat(headers: Readonly<Record<string, string>>): RequestInit {
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }], max_completion_tokens: 20 };
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

async function must(status: number, call: Promise<Response>, or = status): Promise<void> {
  const answer = await call;
  const text = await answer.text();
  if (answer.status !== status && answer.status !== or) throw new Error(`expected ${status}, got ${answer.status}: ${text}`);
}
