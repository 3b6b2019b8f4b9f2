// Pairing in a real browser with real gateways: by one link, several gateways and contexts, and its end on both sides.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Answer, AskName, Pairing, Standing } from '../../extension/src/messages.ts';
import { openBrowser, pairingLink, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

let gateway: GatewayKit;
let second: GatewayKit;
let kit: BrowserKit;
let first: Pairing;

beforeAll(async () => {
  [gateway, second, kit] = await Promise.all([startGateway(), startGateway({ credits: 77 }), openBrowser()]);
});
afterAll(async () => {
  expect(await kit.errors()).toEqual([]);
  await Promise.all([gateway.close(), second.close(), kit.close()]);
});

function answered<Name extends AskName>(answer: Answer<Name>): Extract<Answer<Name>, { ok: true }>['answer'] {
  if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.message}`);
  return answer.answer;
}

async function standings(): Promise<readonly Standing[]> {
  return answered(await kit.ask('standings', {})).standings;
}

async function standingOf({ id }: Pairing): Promise<Standing> {
  const found = (await standings()).find(({ pairing }) => pairing.id === id);
  if (found === undefined) throw new Error(`${id} is not paired`);
  return found;
}

async function problemOf(text: string): Promise<string[]> {
  const answer = await kit.ask('pair', { text, name: 'Test browser' });
  return answer.ok ? ['paired'] : [answer.problem.code, answer.problem.message];
}

/** All that the extension keeps, as text. */
function kept(): Promise<string> {
  return within(async () => JSON.stringify([await chrome.storage.local.get(null), await chrome.storage.session.get(null)]));
}

test('before the browser grants the gateway, nothing is asked of it and the person is told what to do', async () => {
  const [code, message] = await problemOf(await pairingLink(gateway));
  expect(code).toBe('permission_missing');
  expect(message).toContain(new URL(gateway.url).host);
  expect(await standings()).toEqual([]);
});

test('a link becomes a view key of this browser, and its balance is known at once', async () => {
  first = await kit.pair(gateway, { name: 'Chrome on Linux' });
  expect(first).toMatchObject({ url: gateway.url, organization: 'main', context: 'main/main' });
  expect(await standingOf(first)).toMatchObject({ link: 'recent', problem: null, balance: { available: 1_000 } });
  const { body } = await gateway.api('GET', 'keys?scope=view');
  expect(body.keys).toMatchObject([{ id: first.keyId, name: 'Chrome on Linux', scope: 'view' }]);
  expect(answered(await kit.ask('standings', {})).settings.shown).toBe(first.id);
  // What nobody watches is asked by the browser's clock.
  expect(await alarms()).toMatchObject([{ periodInMinutes: 0.5 }]);
});

test('what is no link, and a code that was used, are told apart and change nothing', async () => {
  const link = await pairingLink(gateway);
  const other = await openedLink(link);
  expect(other).toBe(201);
  for (const text of [
    '',
    'hello',
    'javascript:alert(1)#AAAAA-AAAAA',
    `${gateway.url}/tollgate/console/pair`,
    `x${'y'.repeat(3_000)}`,
  ])
    expect(await problemOf(text)).toEqual(['input_invalid', expect.stringContaining('no pairing link')]);
  const [code, message] = await problemOf(link);
  expect([code, message]).toEqual(['code_unknown', expect.stringContaining('Make a new one')]);
  expect(await standings()).toHaveLength(1);
  expect(await standingOf(first)).toMatchObject({ problem: null });
});

test('a gateway that does not answer is not asked again by itself before it is paired, and nothing says so', async () => {
  const nobody = createServer(() => undefined);
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  const [code, message] = await problemOf(`http://127.0.0.1:${port} K7QF9-M2XTR`);
  expect([code, message]).toEqual(['offline', expect.stringContaining('Nothing was paired')]);
  expect(message).not.toContain('by itself');
});

test('an address with a code behind a space is as good, also of a second gateway', async () => {
  const code = codeOf(await pairingLink(second));
  const paired = answered(
    await kit.ask('pair', { text: ` ${second.url}  ${code.toLowerCase()} `, name: 'Test browser' }),
  ).pairing;
  expect((await standings()).map(({ pairing, balance }) => [pairing.url, balance?.available])).toEqual([
    [gateway.url, 1_000],
    [second.url, 77],
  ]);
  // The one that was just paired is shown.
  expect(answered(await kit.ask('standings', {})).settings.shown).toBe(paired.id);
});

test('contexts are chosen one by one, each with its own balance', async () => {
  await gateway.api('POST', 'users', { id: 'ann', name: 'Ann', email: 'ann@example.com', workspace: 'main' });
  await gateway.api('POST', 'workspaces', { name: 'lab' });
  expect((await gateway.api('PUT', 'workspaces/lab/users/ann', { role: 'member' })).status).toBeLessThan(300);
  await gateway.api('POST', 'caps', { id: 'lab', scope: { kind: 'workspace', id: 'lab' }, window: 'day', limit: 5 });
  const anns = await kit.pair(gateway, { user: 'ann', workspace: 'main', name: "Ann's browser" });
  expect(anns.user).toBe('ann');
  expect(anns.contexts.map(({ id }) => id).sort()).toEqual(['main/lab', 'main/main']);
  expect(await standings()).toHaveLength(3);
  // Also while the balance of the context before is on its way.
  const [, choice] = await Promise.all([
    kit.ask('refresh', { pairing: anns.id }),
    kit.ask('choose', { pairing: anns.id, context: 'main/lab' }),
  ]);
  const chosen = answered(choice).pairing;
  expect(chosen.context).toBe('main/lab');
  await vi.waitFor(async () => {
    const { balance } = await standingOf(anns);
    expect(balance?.context.workspace).toBe('lab');
    expect(balance?.caps.map(({ id }) => id)).toContain('lab');
  });
  expect(await kit.ask('choose', { pairing: anns.id, context: 'main/elsewhere' })).toMatchObject({
    ok: false,
    problem: { code: 'input_invalid' },
  });
  expect((await standingOf(anns)).pairing.context).toBe('main/lab');
  // The context is closed while it is chosen: the gateway says which are left.
  expect((await gateway.api('DELETE', 'workspaces/lab')).status).toBe(200);
  answered(await kit.ask('refresh', { pairing: anns.id }));
  expect(await standingOf(anns)).toMatchObject({
    pairing: { context: 'main/main', contexts: [{ id: 'main/main' }] },
    balance: { context: { workspace: 'main' } },
    problem: null,
  });
  answered(await kit.ask('unpair', { pairing: anns.id }));
});

test('who pairs again has one key: tags of their own stay, the key before is revoked', async () => {
  const tag = { id: 't1', on: 'https://example.com/*', selector: '#run', operation: 'query.execute', name: 'Run', madeAt: 1 };
  answered(await kit.ask('putOwnTag', { tag: { ...tag, pairing: first.id, inputs: {}, schedule: null, via: 'none' } }));
  const again = await kit.pair(gateway);
  expect(again.id).not.toBe(first.id);
  expect((await standings()).filter(({ pairing }) => pairing.url === gateway.url)).toHaveLength(1);
  expect(answered(await kit.ask('ownTags', {})).tags).toMatchObject([{ id: 't1', pairing: again.id }]);
  const { body } = await gateway.api('GET', `keys`);
  const before = (body.keys as { id: string; revokedAt: string | null }[]).find(({ id }) => id === first.keyId);
  expect(before?.revokedAt).not.toBeNull();
  first = again;
});

test('what was exported can be taken again; a file with one thing wrong changes nothing', async () => {
  answered(
    await kit.ask('settings', { change: { badge: 'percent', ask: { above: 5, share: null, crossing: false, refused: true } } }),
  );
  const { json } = answered(await kit.ask('exportAll', {}));
  const before = answered(await kit.ask('standings', {})).settings;
  answered(await kit.ask('removeOwnTag', { id: 't1' }));
  answered(await kit.ask('settings', { change: { badge: 'off', lowPercent: 7 } }));
  const wrong: [string, string][] = [
    ['', 'import_unread'],
    ['{"what":"else"}', 'what'],
    [json.replace('"lowPercent": 20', '"lowPercent": 2000'), 'kept.settings.is.lowPercent'],
    [json.replace('"selector": "#run"', '"selector": 7'), 'kept.own-tags.is.0.selector'],
  ];
  for (const [file, place] of wrong) {
    expect(file).not.toBe(json);
    const answer = await kit.ask('importAll', { json: file });
    expect(answer, place).toMatchObject({ ok: false, problem: { code: 'input_invalid' } });
    if (!answer.ok && place !== 'import_unread') expect(answer.problem.message).toContain(place);
  }
  expect(answered(await kit.ask('ownTags', {})).tags).toEqual([]);
  expect(answered(await kit.ask('standings', {})).settings).toMatchObject({ badge: 'off', lowPercent: 7 });
  expect(answered(await kit.ask('importAll', { json }))).toEqual({ tags: 1 });
  expect(answered(await kit.ask('ownTags', {})).tags).toMatchObject([{ id: 't1', pairing: first.id }]);
  expect(answered(await kit.ask('standings', {})).settings).toEqual(before);
});

test('a key that could spend is not kept, whoever gives it, and is given back', async () => {
  const answer = await gateway.api('POST', 'pairings/claim', { code: codeOf(await pairingLink(gateway)), name: 'Model' }, null);
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url} ${req.headers.authorization ?? ''}`.trim());
    const text = `tg_spend_${'x'.repeat(32)}`;
    const { key } = answer.body as { key: object };
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ ...answer.body, text, key: { ...key, scope: 'spend' } }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [code, message] = await problemOf(`${url} AAAAA-AAAAA`);
  expect([code, message]).toEqual(['not_a_gateway', expect.stringContaining('nothing was paired')]);
  expect(asked).toEqual(['POST /tollgate/v1/pairings/claim', `DELETE /tollgate/v1/keys/self Bearer tg_spend_${'x'.repeat(32)}`]);
  expect(await kept()).not.toContain('tg_spend');
  expect((await standings()).map(({ pairing }) => pairing.url)).not.toContain(url);
  server.close();
});

test('sites on one host are switched one by one; scripts and the grant go with the last that needs them', async () => {
  const [one, other] = [gateway.upstream.origin, second.upstream.origin];
  for (const origin of [one, other])
    expect(answered(await kit.ask('siteOn', { origin })).site).toMatchObject({ origin, granted: true });
  expect(await registered()).toEqual(['http://127.0.0.1/*']);
  answered(await kit.ask('siteOff', { origin: one }));
  expect(answered(await kit.ask('sites', {})).sites).toMatchObject([{ origin: other, granted: true }]);
  expect(await registered()).toEqual(['http://127.0.0.1/*']);
  await kit.killWorker();
  answered(await kit.ask('siteOff', { origin: other }));
  expect(await registered()).toEqual([]);
  // The gateways are on this host too.
  expect(await isGranted()).toBe(true);
  expect((await standings()).every(({ problem }) => problem === null)).toBe(true);
});

test('what a page asks with is checked, and a question that there is not is none', async () => {
  const wrong = { ok: false, problem: { code: 'input_invalid' } };
  expect(await kit.ask('settings', { change: { lowPercent: -1 } })).toMatchObject(wrong);
  expect(await kit.ask('settings', { change: { unknown: 1 } as never })).toMatchObject(wrong);
  expect(await kit.ask('calls', { pairing: first.id, before: null, limit: 1e9 })).toMatchObject(wrong);
  expect(await kit.ask('siteOn', { origin: 'javascript:alert(1)' })).toMatchObject(wrong);
  expect(await kit.ask('siteOn', { origin: 'https://example.com/path' })).toMatchObject(wrong);
  expect(await kit.ask('siteOn', { origin: 'https://example.com' })).toMatchObject({ problem: { code: 'permission_missing' } });
  expect(await kit.ask('__proto__' as never, {} as never)).toMatchObject(wrong);
  // Only a frame in a page asks for a card.
  expect(await kit.ask('card', { nonce: 'n' })).toMatchObject(wrong);
  expect(answered(await kit.ask('sites', {})).sites).toEqual([]);
});

test('no page is ever told a key', async () => {
  const text = await kept();
  const keys = text.match(/tg_view_[\w-]+/g) ?? [];
  expect(keys).toHaveLength(2);
  const told = JSON.stringify([await kit.ask('standings', {}), await kit.ask('exportAll', {}), await kit.ask('sites', {})]);
  expect(told).not.toContain('tg_');
  expect(JSON.stringify(await kit.errors())).not.toContain('tg_');
});

test('unpairing revokes the key; where the gateway cannot be reached it says so, and the key is forgotten here', async () => {
  expect(answered(await kit.ask('unpair', { pairing: first.id }))).toEqual({ revoked: true });
  const { body } = await gateway.api('GET', 'keys?scope=view');
  const key = (body.keys as { id: string; revokedAt: string | null }[]).find(({ id }) => id === first.keyId);
  expect(key === undefined || key.revokedAt !== null).toBe(true);
  const [left] = await standings();
  expect(left?.pairing.url).toBe(second.url);
  expect(answered(await kit.ask('standings', {})).settings.shown).toBe(left?.pairing.id);
  await second.end('SIGKILL');
  expect(answered(await kit.ask('unpair', { pairing: left?.pairing.id ?? '' }))).toEqual({ revoked: false });
  expect(await kept()).not.toContain('tg_');
  expect(await standings()).toEqual([]);
  expect(await alarms()).toEqual([]);
  expect(await isGranted()).toBe(false);
});

test('erasing leaves nothing behind, and says how many keys live on', async () => {
  const pairing = await kit.pair(gateway);
  answered(await kit.ask('settings', { change: { badge: 'percent' } }));
  expect(answered(await kit.ask('erase', {}))).toEqual({ revoked: 1, kept: 0 });
  expect(JSON.parse(await kept())).toEqual([{}, {}]);
  expect(await kit.ask('refresh', { pairing: pairing.id })).toMatchObject({ ok: false, problem: { code: 'not_found' } });
  const { settings } = answered(await kit.ask('standings', {}));
  expect(settings).toMatchObject({ shown: null, badge: 'low' });
});

function alarms(): Promise<unknown[]> {
  return within(() => chrome.alarms.getAll());
}

function registered(): Promise<string[]> {
  return within(async () => (await chrome.scripting.getRegisteredContentScripts()).flatMap(({ matches }) => matches ?? []));
}

function isGranted(): Promise<boolean> {
  return within(() => chrome.permissions.contains({ origins: ['http://127.0.0.1/*'] }));
}

/** In a page of the extension that runs nothing. */
async function within<T>(look: () => Promise<T>): Promise<T> {
  const page = await kit.openPage('manifest.json');
  const found = await page.evaluate(look);
  await page.close();
  return found;
}

function codeOf(link: string): string {
  return new URL(link).hash.slice(1);
}

/** Claims the code as another browser would. */
async function openedLink(link: string): Promise<number> {
  return (await gateway.api('POST', 'pairings/claim', { code: codeOf(link), name: 'Another browser' }, null)).status;
}
