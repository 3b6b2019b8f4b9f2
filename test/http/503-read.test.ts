// What a call needs and can not be read is never taken for nothing (promise 6): no caps, no owner or no parent would be a door.
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { arrivals } from './books.ts';
import { KIT_CARD } from './card.ts';
import { startClockedGateway } from '../kit/clocked-gateway.ts';

const kit = await startClockedGateway({
  at: '2026-03-10T12:00:00Z',
  card: KIT_CARD.replace('card: kit', 'card: kit\nunpriced: flag'),
});
afterAll(() => kit.close());
afterEach(() => vi.restoreAllMocks());

const broken = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('SQLITE_IOERR: disk I/O error'), { code: 'SQLITE_IOERR' }));

test.each([
  ['who pays', 'record', '/plain/ok', {}],
  ['the caps', 'records', '/plain/ok', {}],
  ['the key', 'recordByLookup', '/plain/ok', {}],
  ['the parent', 'call', '/plain/ok', { 'credits-parent': 'a-call-of-old' }],
  ['the owner', 'ownerOf', '/dune/api/v1/execution/01X/status', {}],
  ['how many organizations there are', 'records', '/dune/api/v1/executions', {}],
] as const)('%s', async (_what, read, path, headers) => {
  const { store, directory, gate } = kit.app();
  vi.spyOn(store, read).mockImplementation(broken);
  // As after a commit that changed them: what is remembered of keys, people and places is read again.
  const row = { id: 'x', organization: 'main', lookup: null, body: null, version: 2, at: 0 };
  const records = ['organization', 'cap'].map((kind) => ({ ...row, kind }));
  directory.committed({ records });
  gate.payers.committed({ records });
  gate.identify.forget();
  const answer = await kit.call(path, { headers });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('x-should-retry')).toBeNull();
  expect(await answer.json()).toMatchObject({ code: 'ledger_unavailable' });
  expect(arrivals(kit)).toEqual([]);
});

test('and it works again when it can be read', async () => {
  expect((await kit.call('/plain/ok')).status).toBe(200);
});
