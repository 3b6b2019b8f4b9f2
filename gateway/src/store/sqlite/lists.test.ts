// What people read next to what calls read.
import { expect, test } from 'vitest';
import { emptyStore, HOUR_MS } from './sample-store.ts';

test('what a call reads does not wait for a list that goes through everything', async () => {
  const { store, close, remove } = await emptyStore();
  const ended: string[] = [];
  // Four hundred thousand hours, one by one.
  const list = store.hourlyCharges('acme', { from: 0, until: 400_000 * HOUR_MS }).then(() => ended.push('list'));
  const read = Promise.all([store.record('organization', 'acme'), store.ownerOf('media', 'file-1'), store.call('call-1')]);
  await Promise.all([list, read.then(() => ended.push('read'))]);
  expect(ended).toEqual(['read', 'list']);
  await close();
  await remove();
});
