// A gateway that has seen everything, stopped: its store has a row in every table that calls and operators can fill.
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

// Past the mark's second, so that the mark knows every row.
const MARK_MS = 1_200;

/** Starts a gateway, uses it, and ends it cleanly. Late settles are left out: they take a gateway that stood still. */
export async function startFullStore(): Promise<GatewayKit> {
  const kit = await startGateway({ upstream: ['--pace-ms', '0'], settings: 'log: error' });
  await useGrants(kit);
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

function chat(headers: Readonly<Record<string, string>>): RequestInit {
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }], max_completion_tokens: 20 };
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

async function must(status: number, call: Promise<Response>, or = status): Promise<void> {
  const answer = await call;
  const text = await answer.text();
  if (answer.status !== status && answer.status !== or) throw new Error(`expected ${status}, got ${answer.status}: ${text}`);
}
