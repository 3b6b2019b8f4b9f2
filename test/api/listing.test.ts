// Lists of an organization with many people: a page reads no more than what it shows.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import { checkedApi } from './checked.ts';
import { CARD } from './plans.ts';

let kit: ClockedGatewayKit;
let api: ClockedGatewayKit['api'];
beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD, credits: 0, at: '2026-01-10T12:00:00Z' });
  api = checkedApi(kit);
  await api('PATCH', 'organizations/main', { plan: 'team' });
  await api('POST', 'organizations', { id: 'other' });
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f'])
    await api('POST', 'users', { id, name: id.toUpperCase(), email: `${id}@example.com`, workspace: 'main' });
  await api('POST', 'users?organization=other', { id: 'guest', name: 'Guest', email: 'guest@example.com' });
  await api('PUT', 'workspaces/main/users/guest', { role: 'viewer' });
  await api('POST', 'seats', { id: 'one', type: 'free', user: 'b' });
  await api('POST', 'seats', { id: 'empty', type: 'free' });
  await api('DELETE', 'users/c');
});
afterAll(() => kit.close());

interface Page {
  users: { id: string; places: unknown[]; seat: { id: string } | null }[];
  next: string | null;
}

test('users come in pages, guests among them, those who were erased not', async () => {
  const read = vi.spyOn(kit.app().directory, 'get');
  const pages: string[][] = [];
  let after = '';
  for (let next: string | null = ''; next !== null; after = next ?? '') {
    const { body }: { body: Page } = await api('GET', `users?limit=2${after === '' ? '' : `&after=${after}`}`);
    pages.push(body.users.map(({ id, seat, places }) => `${id} ${seat?.id ?? '-'} ${places.length}`));
    next = body.next;
  }
  expect(pages).toEqual([
    ['a - 1', 'b one 1'],
    ['d - 1', 'e - 1'],
    ['f - 1', 'guest - 1'],
  ]);
  expect(read.mock.calls.filter(([kind]) => kind === 'user')).toEqual([['user', 'guest']]);
  read.mockRestore();
});
