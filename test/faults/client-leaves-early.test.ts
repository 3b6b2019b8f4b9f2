// A client that leaves while its call waits for something else: what is waited for next never comes, and must not be waited for. Each such
// call would count as under way for ever, until no other is admitted.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { untilQuiet } from '../hammer/race.ts';
import { openSocket } from '../hammer/socket-call.ts';
import { lockedOut } from './outages.ts';

/** Sends the text and leaves after so many milliseconds. */
async function sendAndLeave(kit: GatewayKit, text: string, afterMs: number): Promise<void> {
  const socket = await openSocket(Number(new URL(kit.url).port));
  socket.on('error', () => undefined);
  socket.write(text);
  await sleep(afterMs);
  socket.resetAndDestroy();
}

function post(kit: GatewayKit, path: string, length: number, body: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: gateway',
    `authorization: Bearer ${kit.spendKey}`,
    'content-type: application/json',
  ];
  return [...head, `content-length: ${length}`, '', body].join('\r\n');
}

test('a client that leaves while its key is looked up, before its body is read', async () => {
  const kit = await startGateway();
  try {
    const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x'.repeat(20_000) }] });
    const text = post(kit, '/openai/v1/chat/completions', body.length, body);
    for (let round = 0; round < 3; round += 1) {
      // By now the key has to be looked up anew.
      await sleep(1_100);
      await Promise.all(Array.from({ length: 100 }, async (_, at) => sendAndLeave(kit, text, at % 10)));
    }
    await untilQuiet(kit, 5_000);
  } finally {
    await kit.end('SIGKILL');
    await kit.close();
  }
});

test('a client that leaves while its hold waits, with its body half sent', async () => {
  const kit = await startGateway();
  const lock = lockedOut();
  try {
    await lock.begin(kit);
    await Promise.all(Array.from({ length: 10 }, async () => sendAndLeave(kit, post(kit, '/plain/echo', 100_000, 'half'), 200)));
    await lock.end(kit);
    await untilQuiet(kit, 5_000);
    const calls = (await kit.api('GET', 'calls')).body.calls as { state: string }[];
    expect(new Set(calls.map(({ state }) => state))).toEqual(new Set(['released']));
    expect(await kit.upstream.arrived()).toBe(0);
  } finally {
    await lock.end(kit);
    await kit.end('SIGKILL');
    await kit.close();
  }
});
