// The gateway owns CORS for its services: allowed origins are told everything, others nothing, and a preflight is never forwarded.
import { afterAll, expect, test } from 'vitest';
import { arrivals } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const allowed = 'https://app.example.com';
const kit = await startGateway({ settings: `cors: { origins: [${allowed}] }\n` });
afterAll(() => kit.close());

const preflight = (origin: string): Promise<Response> =>
  fetch(`${kit.url}/openai/v1/chat/completions`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, credits-max' },
  });

test('a preflight carries no key: 204 with leave for an allowed origin', async () => {
  const answer = await preflight(allowed);
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
  expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  expect(answer.headers.get('access-control-allow-headers')).toBe('authorization, credits-max');
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  expect(answer.headers.get('vary')).toContain('Origin');
});

test.each(['https://evil.example', 'https://app.example.com.evil.example', 'http://app.example.com', 'null'])(
  'no leave for %s',
  async (origin) => {
    const answer = await preflight(origin);
    expect(answer.status).toBe(204);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(answer.headers.get('vary')).toContain('Origin');
  },
);

test('an answer exposes our headers and its timing to an allowed origin, whatever the upstream said of origins', async () => {
  const answer = await kit.call('/plain/ok', { headers: { origin: allowed, 'x-demo-fault': 'spoof' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
  expect(answer.headers.get('timing-allow-origin')).toBe(allowed);
  const exposed = (answer.headers.get('access-control-expose-headers') ?? '').toLowerCase().split(', ');
  for (const name of [
    'credits-call',
    'credits-cost',
    'credits-hold',
    'credits-available',
    'credits-reset',
    'credits-rate-card',
    'ratelimit',
  ])
    expect(exposed).toContain(name);
  const other = await kit.call('/plain/ok', { headers: { origin: 'https://evil.example', 'x-demo-fault': 'spoof' } });
  expect(other.headers.get('access-control-allow-origin')).toBeNull();
  expect(other.headers.get('timing-allow-origin')).toBeNull();
});

test('refusals can be read by the page too', async () => {
  const answer = await fetch(`${kit.url}/plain/ok`, { headers: { origin: allowed } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
});

test('no preflight reached the upstream', () => {
  expect(arrivals(kit).map((line) => line['method'])).toEqual(['GET', 'GET']);
});
