// A store that has lost something looks whole in itself. The mark beside it tells (rule 21).
import { copyFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verify } from '../../ledger/verify.ts';
import { StoreBehindMark } from './mark.ts';
import { emptyStore, grantOf, holdOf, reopen, START, type Sample } from './sample-store.ts';
import { openSnapshot } from './snapshot.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await emptyStore();
  await sample.ledger.run(grantOf('g1', 'pool:a', 1_000));
});
afterEach(() => sample.remove());

test('the mark follows a commit within a second', async () => {
  await new Promise((resolve) => setTimeout(resolve, 950));
  const mark = JSON.parse(await readFile(`${sample.file}.mark`, 'utf8')) as { entry: number; hash: string };
  const [entry] = await sample.store.entries('pool:a', { limit: 1 });
  expect(mark).toMatchObject({ commits: 1, entry: 1, hash: entry?.hash });
  await sample.close();
});

test('a store that is at its mark or past it opens', async () => {
  await sample.close();
  const older = await readFile(`${sample.file}.mark`, 'utf8');
  const again = await reopen(sample.file);
  await again.ledger.run(holdOf('c1', 10));
  await again.close();
  await writeFile(`${sample.file}.mark`, older);
  await (await reopen(sample.file)).close();
});

test('a stale copy put back is refused', async () => {
  await sample.close();
  await copyFile(sample.file, `${sample.file}.backup`);
  const later = await reopen(sample.file);
  await later.ledger.run(grantOf('g2', 'pool:a', 5));
  await later.close();
  await copyFile(`${sample.file}.backup`, sample.file);
  await expect(reopen(sample.file)).rejects.toThrow(StoreBehindMark);
});

test('another history of the same length is refused', async () => {
  await sample.close();
  const mark = await readFile(`${sample.file}.mark`, 'utf8');
  await rm(sample.file);
  await rm(`${sample.file}.mark`);
  const other = await reopen(sample.file);
  await other.ledger.run(grantOf('g1', 'pool:a', 999));
  await other.close();
  await writeFile(`${sample.file}.mark`, mark);
  await expect(reopen(sample.file)).rejects.toThrow('another one now');
});

test('a lost tail of the write-ahead log is refused', async () => {
  const { size } = await stat(`${sample.file}-wal`);
  await sample.ledger.run(grantOf('g2', 'pool:a', 5));
  // As a crash would leave it: the file and its log without an orderly close, and the mark that was written since.
  const crashed = async (name: string): Promise<string> => {
    await copyFile(sample.file, `${sample.file}-${name}`);
    await copyFile(`${sample.file}-wal`, `${sample.file}-${name}-wal`);
    return `${sample.file}-${name}`;
  };
  const [whole, cut] = [await crashed('whole'), await crashed('cut')];
  await sample.close();
  for (const file of [whole, cut]) await copyFile(`${sample.file}.mark`, `${file}.mark`);
  await truncate(`${cut}-wal`, size);
  await (await reopen(whole)).close();
  await expect(reopen(cut)).rejects.toThrow(StoreBehindMark);
});

test('an accepted loss starts the store and is itself an entry', async () => {
  await sample.close();
  await copyFile(sample.file, `${sample.file}.backup`);
  const later = await reopen(sample.file);
  await later.ledger.run(grantOf('g2', 'pool:a', 5));
  await later.close();
  await copyFile(`${sample.file}.backup`, sample.file);
  const accepted = await reopen(sample.file, { acceptLoss: true });
  const [entry] = await accepted.store.entries('absorbed', { limit: 1 });
  expect(entry).toMatchObject({ kind: 'accept-loss', delta: 0, number: 1 });
  expect(entry?.note).toMatch(/it had 2 commits and 2 entries, now it has 1 and 1/);
  await accepted.close();
  await (await reopen(sample.file)).close();
  const snapshot = await openSnapshot(sample.file);
  expect(await Array.fromAsync(verify(snapshot, { at: START, overdueMs: 0 }))).toEqual([]);
  await snapshot.close();
});

test('a mark that can not be read is no proof that nothing is lost', async () => {
  await sample.close();
  await writeFile(`${sample.file}.mark`, '{"commits":');
  await expect(reopen(sample.file)).rejects.toThrow(StoreBehindMark);
});
