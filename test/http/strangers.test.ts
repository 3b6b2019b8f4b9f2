// Two organizations on one gateway and one upstream account: whatever one made does not exist for the other (promise 7).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arrivals } from './books.ts';
import { KIT_CARD } from './card.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

// What a card may leave unsaid: a list of executions, one that the operator vouches for, and a report without `owns:`.
const LISTS = `      - { id: executions.list, match: GET /api/v1/executions, price: [] }
      - { id: engines.list, match: GET /api/v1/engines, shares: true, price: [] }
      - id: query.report
        match: GET /api/v1/execution/{id}/report
        reports: { job: path.id, compute_seconds: response.execution_time_millis / 1000, done: response.is_execution_finished }
        price: []
`;
const CARD = KIT_CARD.replace('card: kit', 'card: kit\nunpriced: flag').replace('  records:\n', `${LISTS}  records:\n`);

let kit: GatewayKit;
const keys: Record<'a' | 'b', Record<string, string>> = { a: {}, b: {} };

async function makeKeys(organization: string): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  for (const scope of ['spend', 'view', 'manage']) {
    const { body } = await kit.api('POST', `keys?organization=${organization}`, { id: `${organization}-${scope}`, scope });
    made[scope] = body.text as string;
  }
  return made;
}

const asked = (key: string, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${kit.url}${path}`, {
    ...init,
    headers: { ...(init.headers as Record<string, string>), 'x-dune-api-key': key, 'x-api-key': key },
  });

beforeAll(async () => {
  kit = await startGateway({ card: CARD });
});
afterAll(() => kit.close());

test('while there is one organization, a list is nobody else’s', async () => {
  expect((await asked(kit.spendKey, '/dune/api/v1/executions')).status).not.toBe(403);
  expect(arrivals(kit)).toHaveLength(1);
});

describe('with two', () => {
  let job = '';
  let callId = '';
  beforeAll(async () => {
    await kit.api('POST', 'organizations', { id: 'globex' });
    await kit.api('POST', 'grants?organization=globex', { id: 'theirs', amount: 100, account: 'pool:globex' });
    keys.a = await makeKeys('main');
    keys.b = await makeKeys('globex');
    const executed = await asked(keys.a['spend'] ?? '', '/dune/api/v1/query/1/execute', {
      method: 'POST',
      body: '{}',
      headers: { 'idempotency-key': 'same' },
    });
    callId = executed.headers.get('credits-call') ?? '';
    job = ((await executed.json()) as { execution_id: string }).execution_id;
  });

  test('a list is refused at once, unless the card gives its word; so is a route without a price', async () => {
    const before = arrivals(kit).length;
    for (const path of ['/dune/api/v1/executions', `/dune/api/v1/execution/${job}/report`, '/dune/api/v1/anything']) {
      for (const { spend = '' } of [keys.a, keys.b]) {
        const answer = await asked(spend, path);
        expect([path, answer.status]).toEqual([path, 404]);
        const body = (await answer.json()) as { code: string; message: string };
        expect(body.code).toBe('not_found');
        expect(body.message).toContain('shares: true');
      }
    }
    const dry = await asked(keys.b['spend'] ?? '', '/dune/api/v1/executions', { headers: { 'credits-dry-run': '?1' } });
    expect(await dry.json()).toMatchObject({ would: 'refuse', refusal: { code: 'not_found' } });
    expect(arrivals(kit)).toHaveLength(before);
    await asked(keys.b['spend'] ?? '', '/dune/api/v1/engines');
    expect(arrivals(kit)).toHaveLength(before + 1);
    // A service where nothing is made shows nothing of anybody.
    expect((await asked(keys.b['spend'] ?? '', '/plain/ok')).status).toBe(200);
  });

  test.each(['status', 'results'])('the %s of another organization’s execution is not there, nor ends it', async (what) => {
    const before = arrivals(kit).length;
    const theirs = await asked(keys.b['spend'] ?? '', `/dune/api/v1/execution/${job}/${what}`);
    const absent = await asked(keys.b['spend'] ?? '', `/dune/api/v1/execution/01NEVERMADE/${what}`);
    expect([theirs.status, absent.status]).toEqual([404, 404]);
    const said = async (answer: Response) => ({ ...((await answer.json()) as object), callId: '' });
    expect(await said(theirs)).toEqual(await said(absent));
    expect(arrivals(kit)).toHaveLength(before);
    expect((await kit.api('GET', `calls/${callId}`)).body.state).toBe('open');
  });

  test('the same Idempotency-Key is another one, here and at the upstream', async () => {
    const executed = await asked(keys.b['spend'] ?? '', '/dune/api/v1/query/1/execute', {
      method: 'POST',
      body: '{}',
      headers: { 'idempotency-key': 'same' },
    });
    expect(executed.status).toBe(200);
    expect(executed.headers.get('idempotent-replayed')).toBeNull();
    expect(((await executed.json()) as { execution_id: string }).execution_id).not.toBe(job);
    const forwardedKey = async (key = ''): Promise<unknown> => {
      const answer = await asked(key, '/plain/echo', { method: 'POST', body: 'x', headers: { 'idempotency-key': 'echoed' } });
      return ((await answer.json()) as { headers: Record<string, string> }).headers['idempotency-key'];
    };
    const [a, b] = [await forwardedKey(keys.a['spend']), await forwardedKey(keys.b['spend'])];
    expect([a, b]).toEqual([expect.stringMatching(/^tg-/), expect.stringMatching(/^tg-/)]);
    expect(a).not.toBe(b);
  });

  test('receipts, calls, balances and events are each other’s nothing', async () => {
    for (const scope of ['spend', 'view', 'manage']) {
      const key = keys.b[scope] ?? '';
      expect((await kit.api('GET', `calls/${callId}`, undefined, key)).status).toBe(404);
      for (const query of ['', '?workspace=main', '?key=main-spend', '?limit=1000']) {
        const { body } = await kit.api('GET', `calls${query}`, undefined, key);
        expect((body.calls as { organization: string }[]).filter(({ organization }) => organization !== 'globex')).toEqual([]);
      }
      const { body } = await kit.api('GET', 'balance', undefined, key);
      expect(JSON.stringify(body)).not.toContain('main/');
      expect(body).toMatchObject({ organization: 'globex', sources: [{ account: 'pool:globex' }] });
      expect((await kit.api('GET', 'balance?organization=main', undefined, key)).status).toBe(404);
    }
    const child = await asked(keys.b['spend'] ?? '', '/plain/ok', { headers: { 'credits-parent': callId } });
    const { body } = await kit.api('GET', `calls/${child.headers.get('credits-call')}`);
    expect(body).toMatchObject({ organization: 'globex', parent: null, chain: null });
    const picked = await asked(keys.b['spend'] ?? '', '/plain/ok', { headers: { 'credits-context': 'main/main' } });
    expect(picked.status).toBe(403);
    expect(await picked.json()).toMatchObject({ known: ['globex/main'] });
  });

  test('its own is still there', async () => {
    const answer = await asked(keys.a['spend'] ?? '', `/dune/api/v1/execution/${job}/status`);
    expect(answer.status).toBe(200);
  });
});
