// docs/events.md: the list is the code's, and its receiver is run as it stands there.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { EVENT_TYPES, STREAM_TYPES } from '@tollgate/shared/events';
import { expect, test } from 'vitest';
import { startGateway } from '../kit/gateway.ts';
import { until } from './receiver.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/events.md'), 'utf8');

test('every type stands there with what the code says of it', () => {
  for (const [type, about] of Object.entries(EVENT_TYPES)) expect(text).toContain(`| \`${type}\` | ${about} |`);
  for (const type of Object.keys(STREAM_TYPES)) expect(text).toContain(`| \`${type}\` |`);
});

test('the example receiver takes what is signed, once, and nothing else', async () => {
  const code = /^```js\n([\s\S]+?)^```/m.exec(text)?.[1] ?? '';
  // Beside the tests, where the package is found.
  const folder = mkdtempSync(join(import.meta.dirname, '.receiver-'));
  const file = join(folder, 'receiver.mjs');
  writeFileSync(file, code);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const kit = await startGateway({ credits: 0, settings: 'webhooks: { allow_private: true }\n' });
  const { body } = await kit.api('POST', 'webhooks', { id: 'hook', url, types: ['grant.made'] });
  const receiver = spawn(process.execPath, [file], {
    env: { ...process.env, WEBHOOK_SECRET: body.secret as string, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  receiver.stdout.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  try {
    const forged = await until(
      () => fetch(url, { method: 'POST', body: '{}', headers: { 'webhook-id': 'evt_1' } }).catch(() => undefined),
      'the receiver',
    );
    expect(forged.status).toBe(401);
    await kit.grant(3, { reason: 'for the docs' });
    await until(() => (said.includes('for the docs') ? said : undefined), 'what it says');
    const { body: sent } = await kit.api('GET', `webhooks/${body.webhook.id}/deliveries`);
    await until(async () => {
      const again = await kit.api('POST', `deliveries/${sent.deliveries[0].id}/replay`);
      return again.status === 201 ? true : undefined;
    }, 'a replay');
    await until(async () => {
      const listed = await kit.api('GET', `webhooks/${body.webhook.id}/deliveries?state=delivered`);
      return listed.body.deliveries.length === 2 ? true : undefined;
    }, 'the second delivery');
    expect(
      said
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toEqual(['grant.made']);
  } finally {
    receiver.kill();
    await once(receiver, 'exit');
    await kit.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
