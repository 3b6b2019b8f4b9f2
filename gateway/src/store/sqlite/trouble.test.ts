// What a store meets in life: a second owner, an owner that was killed, another process's lock, a full disk. Nothing is lost, callers
// hear of it in time, and it works again without a restart.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LedgerUnavailable, type Ledger } from '../../ledger/ledger.ts';
import { verify } from '../../ledger/verify.ts';
import { connect } from './connection.ts';
import { StoreLocked } from './lock.ts';
import { emptyStore, grantOf, holdOf, reopen, START, type Sample } from './sample-store.ts';
import { openSnapshot } from './snapshot.ts';

let sample: Sample | undefined;
let disk: Disk | undefined;
afterEach(async () => {
  await sample?.remove();
  await disk?.unmount();
  sample = undefined;
  disk = undefined;
});

test('a second owner is refused with the name of the file, and not after the first has closed', async () => {
  sample = await emptyStore();
  await expect(reopen(sample.file)).rejects.toThrow(StoreLocked);
  await expect(reopen(sample.file)).rejects.toThrow(sample.file);
  await sample.close();
  await (await reopen(sample.file)).close();
});

test('the lock and the ledger survive an owner that is killed', async () => {
  sample = await emptyStore();
  const { file } = sample;
  await sample.ledger.run(grantOf('g1', 'pool:a', 1_000_000));
  await sample.close();
  const owner = new URL('./sample-store.ts', import.meta.url).href;
  const script = `
    const { reopen, holdOf } = await import(${JSON.stringify(owner)});
    const { ledger } = await reopen(${JSON.stringify(file)});
    for (let n = 0; ; n += 1) {
      await Promise.all([1, 2, 3].map((lane) => ledger.run(holdOf('k' + n + '-' + lane, 1))));
      process.stdout.write(n + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.on('data', (piece: Buffer) => (told += piece.toString()));
  while (!told.includes('\n20\n')) await once(child.stdout, 'data');
  await expect(reopen(file)).rejects.toThrow(StoreLocked);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const again = await reopen(file);
  const lastTold = Number(told.trim().split('\n').at(-1));
  for (const lane of [1, 2, 3]) expect(await again.store.call(`k${lastTold}-${lane}`)).toMatchObject({ state: 'open', hold: 1 });
  await again.close();
  const snapshot = await openSnapshot(file);
  expect(await Array.fromAsync(verify(snapshot, { at: START, overdueMs: 60_000 }))).toEqual([]);
  await snapshot.close();
});

test('another process’s lock refuses within two seconds, and passes', { timeout: 10_000 }, async () => {
  sample = await emptyStore();
  const { ledger } = sample;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  const other = await connect(sample.file, 'write', 0);
  await other.run('BEGIN IMMEDIATE');
  const startedMs = performance.now();
  await expect(ledger.run(holdOf('c1', 10))).rejects.toThrow(LedgerUnavailable);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  await other.run('ROLLBACK');
  await other.close();
  expect(await ledger.run(holdOf('c1', 10))).toMatchObject({ ok: true, available: 990 });
  await sample.close();
});

test('a full disk refuses, loses nothing, and works again when there is room', { timeout: 20_000 }, async () => {
  disk = await smallDisk();
  if (disk === undefined) {
    await fullByPageCount();
    return;
  }
  const file = join(disk.folder, 'ledger.db');
  const { ledger, store, close } = await reopen(file);
  await ledger.run(grantOf('g1', 'pool:a', 1_000_000));
  const ballast = join(disk.folder, 'ballast');
  await writeFile(ballast, Buffer.alloc(disk.bytes / 2));
  const kept: string[] = [];
  const refused = await fill(ledger, kept);
  expect(refused).toBeInstanceOf(LedgerUnavailable);
  await rm(ballast);
  expect(await ledger.run(holdOf('after', 1))).toMatchObject({ ok: true });
  for (const id of kept) expect(await store.call(id)).toMatchObject({ state: 'open' });
  await close();
  const snapshot = await openSnapshot(file);
  expect(await Array.fromAsync(verify(snapshot, { at: START, overdueMs: 60_000 }))).toEqual([]);
  await snapshot.close();
});

/** Holds until one is refused, and returns why. */
async function fill(ledger: Ledger, kept: string[]): Promise<unknown> {
  const more = { path: 'x'.repeat(20_000) };
  for (let n = 0; n < 1_000; n += 1) {
    const hold = holdOf(`c${n}`, 1);
    try {
      await ledger.run({ ...hold, about: { ...hold.about, more } });
      kept.push(hold.callId);
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

interface Disk {
  folder: string;
  bytes: number;
  unmount: () => Promise<void>;
}

/** A file system of 8 MB; undefined where mounting is not allowed. */
async function smallDisk(): Promise<Disk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-disk-'));
  const bytes = 8 * 1_024 * 1_024;
  const mounted = spawnSync(`mount -t tmpfs -o size=${bytes} tmpfs '${folder}'`, { shell: true });
  if (mounted.status !== 0) {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const unmount = async (): Promise<void> => {
    spawnSync(`umount '${folder}'`, { shell: true });
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, bytes, unmount };
}

/** The same for who may not mount: SQLite refuses to grow the file. */
async function fullByPageCount(): Promise<void> {
  sample = await emptyStore();
  await sample.ledger.run(grantOf('g1', 'pool:a', 1_000));
  await sample.close();
  const connection = await connect(sample.file, 'write', 0);
  const { page_count: pages = 0 } = (await connection.get<{ page_count: number }>('PRAGMA page_count')) ?? {};
  await connection.run(`PRAGMA max_page_count = ${pages}`);
  await expect(connection.run(`INSERT INTO cards VALUES ('v', '${'x'.repeat(100_000)}', 'f', 1, 'd')`)).rejects.toThrow(
    'SQLITE_FULL',
  );
  await connection.close();
  const again = await reopen(sample.file);
  expect(await again.ledger.run(holdOf('c1', 1))).toMatchObject({ ok: true });
  await again.close();
}
