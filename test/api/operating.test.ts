// Keys, grants, corrections, the rate card and the books, as those who operate the gateway see them.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startGateway({ credits: 100 });
  api = checkedApi(kit);
});
afterAll(() => kit.close());

const bearer = (text: string): RequestInit => ({ headers: { authorization: `Bearer ${text}` } });

test('a key is made once, told once, and its text is nowhere on disk or in the log', async () => {
  const wanted = { id: 'web', scope: 'spend', name: 'Web', caps: [{ window: 'day', limit: 5.5 }], labels: { team: 'search' } };
  const first = await api('POST', 'keys', wanted);
  expect([first.status, first.body.repeated]).toEqual([201, false]);
  expect(first.body.text).toMatch(/^tg_spend_[\w-]{32}$/);
  expect(first.body.key).toMatchObject({
    id: 'web',
    prefix: first.body.text.slice(0, 13),
    caps: [{ window: 'day', limit: 5.5 }],
    labels: { team: 'search' },
  });
  const again = await api('POST', 'keys', wanted);
  expect([again.status, again.body.repeated, again.body.text]).toEqual([200, true, null]);
  expect((await api('POST', 'keys', { ...wanted, expiresAt: '2030-01-01T00:00:00Z' })).status).toBe(409);
  expect(refused(await api('POST', 'keys', { ...wanted, scope: 'operate' }))).toEqual([409, 'conflict', 'body.id']);
  expect((await kit.call('/plain/ok', bearer(first.body.text))).status).toBe(200);
  const files = readdirSync(kit.folder).map((name) => readFileSync(join(kit.folder, name), 'latin1'));
  for (const text of [...files, kit.output(), JSON.stringify((await api('GET', 'keys')).body)])
    expect(text).not.toContain(first.body.text);
});

test('two that make the same key at once make one', async () => {
  const made = await Promise.all([1, 2, 3, 4].map(() => api('POST', 'keys', { id: 'twice', scope: 'spend' })));
  expect(made.filter(({ body }) => body.text !== null)).toHaveLength(1);
  expect((await api('GET', 'keys')).body.keys.filter(({ id }: { id: string }) => id === 'twice')).toHaveLength(1);
});

test('rotation: both work for the overlap, a repeat makes no third, revoking ends one at once', async () => {
  const { text } = await kit.makeKey({ id: 'line', scope: 'spend' });
  const rotated = await api('POST', 'keys/line/rotate', { overlap: '1h' });
  expect(rotated.body.key).toMatchObject({ id: 'line.2', replaces: 'line', expiresAt: null });
  expect(Date.parse(rotated.body.replaced.expiresAt) - Date.now()).toBeGreaterThan(3_500_000);
  expect((await api('POST', 'keys/line/rotate', {})).body).toMatchObject({ repeated: true, text: null, key: { id: 'line.2' } });
  expect((await api('POST', 'keys/line.2/rotate', { overlap: '0s' })).body.key.id).toBe('line.3');
  expect([
    (await kit.call('/plain/ok', bearer(text))).status,
    (await kit.call('/plain/ok', bearer(rotated.body.text))).status,
  ]).toEqual([200, 401]);
  expect((await api('DELETE', 'keys/line')).body.key.revokedAt).not.toBeNull();
  expect((await kit.call('/plain/ok', bearer(text))).status).toBe(401);
  expect(refused(await api('POST', 'keys/line.2/rotate', { overlap: 'soon' }))).toEqual([422, 'input_invalid', 'body.overlap']);
  expect((await api('POST', 'keys/nothing/rotate', {})).status).toBe(404);
  expect((await api('DELETE', 'keys/nothing')).status).toBe(404);
});

test('keys: what is not understood is named', async () => {
  const at = async (body: unknown): Promise<unknown> => refused(await api('POST', 'keys', body));
  expect(await at({ scope: 'spend' })).toEqual([422, 'input_invalid', 'body.id']);
  expect(await at({ id: 'Web.2', scope: 'spend' })).toEqual([422, 'input_invalid', 'body.id']);
  expect(await at({ id: 'x', scope: 'root' })).toEqual([422, 'input_invalid', 'body.scope']);
  expect(await at({ id: 'x', scope: 'spend', caps: [{ window: 'day', limit: -1 }] })).toEqual([
    422,
    'input_invalid',
    'body.caps.0.limit',
  ]);
  expect(await at({ id: 'x', scope: 'spend', cap: 5 })).toEqual([422, 'input_invalid', 'body.cap']);
});

test('grants: once per id, by the body or Idempotency-Key; another content is a conflict', async () => {
  const wanted = { id: 'march', amount: 40, expiresAt: '2027-01-01T00:00:00Z', reason: 'March' };
  const first = await api('POST', 'grants', wanted);
  expect([first.status, first.body.grant]).toMatchObject([
    201,
    { id: 'march', amount: 40, left: 40, kind: 'top-up', by: expect.stringMatching(/^operate-/) },
  ]);
  expect([
    (await api('POST', 'grants', wanted)).status,
    refused(await api('POST', 'grants', { ...wanted, amount: 41 }))[0],
  ]).toEqual([200, 409]);
  expect(refused(await api('POST', 'grants', { amount: 1 }))).toEqual([422, 'input_invalid', 'body.id']);
  const headers = { authorization: `Bearer ${kit.operateKey}`, 'idempotency-key': 'by-header' };
  const byHeader = { method: 'POST', headers, body: '{"amount":1}' };
  const said = [await fetch(`${kit.url}/tollgate/v1/grants`, byHeader), await fetch(`${kit.url}/tollgate/v1/grants`, byHeader)];
  expect(said.map(({ status }) => status)).toEqual([201, 200]);
  for (const amount of [0, -1, 0.0000001, 2_000_000_000, '5'])
    expect((await api('POST', 'grants', { id: 'bad', amount })).status).toBe(422);
  expect(refused(await api('POST', 'grants', { id: 'past', amount: 1, expiresAt: '2020-01-01T00:00:00Z' }))[0]).toBe(422);
  const { body } = await api('DELETE', 'grants/march?reason=typo');
  expect(body).toMatchObject({ voided: 40, grant: { left: 0, ended: 40 } });
  expect(refused(await api('DELETE', 'grants/march'))).toEqual([409, 'conflict', undefined]);
  expect((await api('DELETE', 'grants/nothing')).status).toBe(404);
  expect((await api('GET', 'grants')).body.grants.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(['march', 'by-header']),
  );
  const all: string[] = (await api('GET', 'grants')).body.grants.map(({ id }: { id: string }) => id);
  const paged: string[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page: { body: { grants: { id: string }[]; next: string | null } } = await api(
      'GET',
      `grants?limit=1${next === '' ? '' : `&before=${next}`}`,
    );
    paged.push(...page.body.grants.map(({ id }) => id));
    next = page.body.next;
  }
  expect(paged).toEqual(all);
  expect(all.length).toBeGreaterThan(2);
  expect((await api('GET', `grants?account=pool:another&before=${all[0]}`)).body.grants, 'nobody else’s').toEqual([]);
});

test('corrections are entries of their own, and the statement adds up', async () => {
  const before = (await api('GET', 'balance')).body.available;
  expect((await api('POST', 'corrections', { id: 'sorry', amount: 2.5, reason: 'a bad day' })).status).toBe(201);
  expect((await api('POST', 'corrections', { id: 'sorry', amount: 2.5, reason: 'a bad day' })).body.repeated).toBe(true);
  expect((await api('POST', 'corrections', { id: 'oops', amount: -1, reason: 'too much' })).status).toBe(201);
  expect((await api('GET', 'balance')).body.available).toBe(before + 1.5);
  expect(refused(await api('POST', 'corrections', { id: 'greedy', amount: -1_000_000, reason: 'all' }))).toEqual([
    402,
    'insufficient_credits',
    undefined,
  ]);
  const first = (await api('GET', 'entries?limit=2')).body;
  expect(first.entries.map(({ kind, delta }: { kind: string; delta: number }) => [kind, delta])).toEqual([
    ['correct', -1],
    ['correct', 2.5],
  ]);
  const next = (await api('GET', `entries?limit=1&before=${first.next}`)).body.entries[0];
  expect(next.number).toBe(first.next - 1);
  expect(first.entries[1].before).toBe(next.after);
});

test('the books add up, and nothing came late', async () => {
  expect((await api('GET', 'verify')).body).toEqual({ ok: true, findings: [], more: false });
  expect((await api('GET', 'late')).body).toEqual({ late: [] });
});

test('explain: a quote with its losers, and an ended call again, also after the card changed twice', async () => {
  const body = { model: 'gpt-4o', max_tokens: 50, messages: [] };
  const { body: quoted } = await api('POST', 'explain', { method: 'POST', path: '/openai/v1/chat/completions', body });
  expect(quoted).toMatchObject({
    operation: { id: 'chat.complete' },
    bounds: { output_tokens: 50 },
    rounding: { step: '0.000001' },
  });
  const call = await kit.call('/plain/ok');
  const id = call.headers.get('credits-call') ?? '';
  const text = readFileSync(kit.cardFile, 'utf8');
  for (const small of ['small: 2', 'small: 3']) {
    writeFileSync(kit.cardFile, text.replace('small: 1', small));
    expect((await api('POST', 'card/reload')).body.problems).toEqual([]);
  }
  expect((await kit.call('/plain/ok')).headers.get('credits-cost')).toBe('3');
  expect((await api('GET', `explain/${id}`)).body).toMatchObject({
    equal: true,
    stored: { charge: 1 },
    explanation: { total: 1, version: call.headers.get('credits-rate-card') },
  });
  expect((await api('GET', `calls/${id}`)).body.lines).toMatchObject([{ arithmetic: '1 per call (small)', credits: '1' }]);
  expect((await api('GET', 'explain/nothing')).status).toBe(404);
});

test('a broken card file: the last good one stays in force, and card and readyz say so', async () => {
  const { version } = (await api('GET', 'card')).body;
  writeFileSync(kit.cardFile, `${readFileSync(kit.cardFile, 'utf8')}\nservices: {}\n`);
  const { body } = await api('POST', 'card/reload');
  expect(body.version).toBe(version);
  expect(body.problems[0]).toMatchObject({ file: 'rates.yaml', line: expect.any(Number), message: expect.any(String) });
  const ready = await fetch(`${kit.url}/readyz`);
  expect([ready.status, ((await ready.json()) as { notes: string[] }).notes[0]]).toEqual([
    200,
    expect.stringMatching(/rates\.yaml:\d+:\d+: /),
  ]);
  expect((await kit.call('/plain/ok')).status).toBe(200);
});

test('a suspended operation is listed, refused, and called again once it is resumed', async () => {
  const headers = { 'content-type': 'application/json', 'x-demo-fault': 'break-bound=400' };
  const body = JSON.stringify({ model: 'gpt-4o-mini', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] });
  const call = (more: object = {}): Promise<Response> =>
    kit.call('/openai/v1/chat/completions', { method: 'POST', headers: { ...headers, ...more }, body });
  await (await call()).text();
  expect((await api('GET', 'suspensions')).body.suspensions).toMatchObject([
    { operation: 'chat.complete', workspaces: ['main/main'], everyone: false },
  ]);
  expect(await (await call({ 'x-demo-fault': '' })).json()).toMatchObject({ code: 'operation_suspended' });
  expect((await api('DELETE', 'suspensions/chat.complete')).body).toEqual({ resumed: 'chat.complete' });
  expect((await call({ 'x-demo-fault': '' })).status).toBe(200);
  expect((await api('DELETE', 'suspensions/chat.complete')).status).toBe(404);
});

test('readyz: 503 with the reason while nothing can be written, and 200 again without a restart', async () => {
  const ready = async (): Promise<unknown> => {
    const answer = await fetch(`${kit.url}/readyz`);
    return [answer.status, ((await answer.json()) as { reasons: string[] }).reasons];
  };
  const database = new sqlite3.Database(kit.storeFile);
  const run = (sql: string): Promise<void> =>
    new Promise((resolve, reject) => database.run(sql, (error) => (error === null ? resolve() : reject(error))));
  await run('BEGIN IMMEDIATE');
  await expect.poll(ready, { timeout: 5_000 }).toEqual([503, ['The ledger does not answer.']]);
  expect((await api('POST', 'grants', { id: 'locked', amount: 1 })).body.code).toBe('ledger_unavailable');
  expect((await fetch(`${kit.url}/livez`)).status).toBe(200);
  await run('ROLLBACK');
  await new Promise((resolve) => database.close(resolve));
  await expect.poll(ready, { timeout: 5_000 }).toEqual([200, []]);
  expect((await api('GET', 'verify')).body.ok).toBe(true);
});

test('health, the welcome page and the failure modes', async () => {
  expect(await (await fetch(`${kit.url}/livez`)).json()).toEqual({ status: 'ok', reasons: [], notes: [] });
  expect(await (await fetch(kit.url)).json()).toMatchObject({ name: 'Tollgate' });
  const { body } = await kit.api('GET', 'balance', undefined, null);
  const page = await fetch(`${kit.url}${body.type.split('#')[0]}`);
  expect([page.status, (await page.text()).includes(body.code)]).toEqual([
    200,
    existsSync(join(import.meta.dirname, '../../docs/failure-modes.md')),
  ]);
});
