import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';
import type { EndedLine } from '../../gateway/src/demo-upstream/witness.ts';
import { startTraffic } from '../../gateway/src/demo-upstream/traffic.ts';

const MIDDAY = Date.UTC(2026, 10, 18, 13);
const PREFIXES = /^\/(openai|anthropic|dune|records)(?=\/)/;

/** Stands where the gateway would: takes the service's prefix off and puts the upstream's keys in. */
async function standIn(port: number, keysSeen: Set<string>): Promise<{ baseUrl: string; close: () => void }> {
  const server = createServer((incoming, outgoing) => {
    keysSeen.add(String(incoming.headers['x-api-key'] ?? incoming.headers.authorization));
    const keys = { authorization: 'Bearer sk-demo', 'x-api-key': 'sk-ant-demo', 'x-dune-api-key': 'demo', api_key: 'demo' };
    const path = incoming.url?.replace(PREFIXES, '') ?? '/';
    const onward = request(
      { port, host: '127.0.0.1', path, method: incoming.method, headers: { ...incoming.headers, ...keys } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', () => outgoing.destroy()).pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close().closeAllConnections(),
  };
}

test('the workload touches every API, makes some errors, and stops on its signal', { timeout: 30_000 }, async () => {
  const upstream = await startDemoUpstream({ paceMs: 1 });
  const keysSeen = new Set<string>();
  const gateway = await standIn(upstream.port, keysSeen);
  const stop = new AbortController();
  const traffic = startTraffic({
    baseUrl: gateway.baseUrl,
    key: 'tg_spend_x',
    seed: 3,
    perMinute: 6000,
    signal: stop.signal,
    now: () => MIDDAY,
  });
  const wanted = [
    '/v1/chat/completions',
    '/v1/embeddings',
    '/v1/messages',
    '/v1/businesses/enrich',
    '/execute',
    '/status',
    '/results',
  ];
  const isSeen = (part: string): boolean => upstream.log.some(({ path }) => path.includes(part));
  const isEnded = (what: (line: EndedLine) => boolean): boolean =>
    upstream.log.some((line) => line.phase === 'ended' && what(line));
  await expect.poll(() => wanted.filter((part) => !isSeen(part)), { timeout: 8000 }).toEqual([]);
  // Errors, and streams that are left: a cut one has far fewer bytes.
  await expect.poll(() => isEnded(({ status }) => status === 429 || status === 500), { timeout: 8000 }).toBe(true);
  await expect.poll(() => isEnded(({ complete, bytesOut }) => !complete && bytesOut > 300), { timeout: 8000 }).toBe(true);
  stop.abort();
  const count = await traffic;
  const arrivals = (): number => upstream.log.filter(({ phase }) => phase === 'arrived').length;
  const before = arrivals();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(arrivals()).toBe(before);
  expect(keysSeen).toEqual(new Set(['tg_spend_x', 'Bearer tg_spend_x']));
  expect(count[200]).toBeGreaterThan(5);
  gateway.close();
  await upstream.close();
});

test('a 402 makes it wait', async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(402).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await startTraffic({ baseUrl, key: 'k', seed: 3, perMinute: 60_000, signal: AbortSignal.timeout(600) });
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(30);
  server.close().closeAllConnections();
});
