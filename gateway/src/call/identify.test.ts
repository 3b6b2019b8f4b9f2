// A key that can not be looked up is not an unknown key: the caller is told to try again, and nothing is let through (promise 6).
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { newKeyText } from '../keys/key.ts';
import { createIdentify } from './identify.ts';

const request = (key: string): IncomingMessage => ({ headers: { authorization: `Bearer ${key}` } }) as IncomingMessage;

test('a store that fails gives 503, and the key works again when it answers', async () => {
  const text = newKeyText('spend');
  let fails = true;
  const key = { id: 'k1', scope: 'spend' as const, revokedAt: null, expiresAt: null };
  const source = {
    byLookup: () => (fails ? Promise.reject(new Error('disk I/O error')) : Promise.resolve({ body: key } as never)),
  };
  const { identify } = createIdentify(source, 'secret', () => 0);
  expect(await identify(request(text), ['spend'])).toMatchObject({ refused: 'ledger_unavailable' });
  fails = false;
  expect(await identify(request(text), ['spend'])).toBe(key);
  expect(await identify(request(text), ['operate'])).toMatchObject({ refused: 'scope_insufficient' });
});

test('what was read before keys changed is not remembered past the change', async () => {
  const text = newKeyText('spend');
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const revoked = { id: 'k1', scope: 'spend' as const, revokedAt: 5, expiresAt: null };
  const answers = [promise, Promise.resolve({ body: revoked })];
  const { identify, forget } = createIdentify({ byLookup: () => answers.shift() as never }, 'secret', () => 9);
  const asked = identify(request(text), ['spend']);
  forget();
  resolve({ body: { ...revoked, revokedAt: null } });
  expect(await asked).toMatchObject({ id: 'k1' });
  expect(await identify(request(text), ['spend'])).toMatchObject({ refused: 'key_unknown' });
});
