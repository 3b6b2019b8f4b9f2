import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { post, type Posted } from './post.ts';
import { createTargets } from './target.ts';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function sendTo(answer: RequestListener, signal = new AbortController().signal): Promise<Posted> {
  const server = http.createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  return post({ url, headers: {}, body: '{}' }, { targets: createTargets({ allowPrivate: true }), timeoutMs: 300, signal });
}

test('a receiver that says nothing is left after the time', async () => {
  expect(await sendTo(() => undefined)).toEqual({ status: null, error: 'no answer within 0.3 s' });
});

test('a receiver that answers and then dribbles has answered', async () => {
  const from = performance.now();
  expect(await sendTo((_, res) => res.writeHead(200).write('a'))).toEqual({ status: 200, error: '' });
  expect(performance.now() - from).toBeLessThan(2_000);
});

test('an endless answer is broken off', async () => {
  let sent = 0;
  const posted = await sendTo((_, res) => {
    res.writeHead(202);
    const more = (): void => {
      while (!res.destroyed && res.write(Buffer.alloc(64 * 1_024))) sent += 64 * 1_024;
    };
    res.on('drain', more);
    more();
  });
  expect(posted).toEqual({ status: 202, error: '' });
  expect(sent).toBeLessThan(20_000_000);
});

test('a connection that is broken off, and one that is refused', async () => {
  expect(await sendTo((req) => req.socket.resetAndDestroy())).toEqual({ status: null, error: 'the connection was broken off' });
  const refused = await post(
    { url: 'http://127.0.0.1:1/', headers: {}, body: '{}' },
    { targets: createTargets({ allowPrivate: true }), timeoutMs: 1_000, signal: new AbortController().signal },
  );
  expect(refused).toEqual({ status: null, error: 'the connection was refused' });
});
