// Whoever takes the last owner out of a workspace is told so: it is allowed, and nobody of it may have a manage key any more.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi } from './checked.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startGateway({ credits: 0 });
  api = checkedApi(kit);
  await api('POST', 'workspaces', { name: 'lab' });
  for (const id of ['ann', 'bob', 'cid']) await api('POST', 'users', { id, name: id, workspace: 'main', role: 'owner' });
  await api('PUT', 'workspaces/lab/users/ann', { role: 'owner' });
  await api('PUT', 'workspaces/lab/users/bob', { role: 'viewer' });
});
afterAll(() => kit.close());

test('the note is of the last owner alone, who is taken away or erased', async () => {
  expect((await api('DELETE', 'workspaces/main/users/cid')).body).toEqual({ gone: 'cid' });
  expect((await api('DELETE', 'workspaces/lab/users/bob')).body).toEqual({ gone: 'bob' });
  // Main has bob still.
  expect((await api('DELETE', 'users/ann')).body).toEqual({
    id: 'ann',
    erasedAt: expect.any(String),
    note: 'The workspace main/lab has no owner any more.',
  });
  expect((await api('DELETE', 'workspaces/main/users/bob')).body).toEqual({
    gone: 'bob',
    note: 'The workspace main/main has no owner any more.',
  });
});
