// A broken bound suspends its operation also over a restart, and what the operator resumed stays resumed over one.
import { afterAll, expect, test } from 'vitest';
import { SHORT } from './card.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({ credits: 100, settings: SHORT, upstream: ['--pace-ms', '0'] });
afterAll(() => kit.close());

async function chat(fault: Record<string, string> = {}): Promise<number> {
  const body = JSON.stringify({ model: 'gpt-4o-mini', max_tokens: 20, messages: [{ role: 'user', content: 'x' }] });
  const answer = await kit.call('/openai/v1/chat/completions', { method: 'POST', body, headers: fault });
  await answer.arrayBuffer();
  return answer.status;
}

async function restart(): Promise<void> {
  await kit.end();
  await kit.start();
}

test('suspended before and after a restart, resumed before and after the next', async () => {
  expect(await chat()).toBe(200);
  expect(await chat({ 'x-demo-fault': 'break-bound=30' })).toBe(200);
  expect(await chat()).toBe(503);
  await restart();
  expect(await chat()).toBe(503);
  expect((await kit.api('DELETE', 'suspensions/chat.complete')).status).toBe(200);
  expect(await chat()).toBe(200);
  await restart();
  expect(await chat()).toBe(200);
  expect((await kit.api('DELETE', 'suspensions/chat.complete')).status).toBe(404);
});
