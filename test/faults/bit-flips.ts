// One bit turned over in a store's files, as a bad disk does. Either SQLite or the start refuses it, or verify finds it, or it made no
// difference to any row: it is never served in silence.
import { readFileSync, writeFileSync } from 'node:fs';
import type { GatewayKit } from '../kit/gateway.ts';
import { withDatabase } from '../hammer/ledger-rows.ts';
import { randomFrom } from '../model/random.ts';
import { dumpStore, keepStore, runTollgate, type KeptStore } from './kept-store.ts';

export interface FlipResult {
  /** Flips that changed a row, or the file's structure, and that nobody found. */
  silent: string[];
  refused: number;
  found: number;
  harmless: number;
}

/** The gateway must have been killed, so that rows still lie in the WAL. Leaves the store as it was. */
export async function flipBits(kit: GatewayKit, flips: number, seed: number): Promise<FlipResult> {
  const random = randomFrom(seed);
  const result: FlipResult = { silent: [], refused: 0, found: 0, harmless: 0 };
  const inWal = keepStore(kit, 'in-wal');
  const whole = await dumpStore(kit.storeFile);
  await withDatabase(kit.storeFile, (all) => all('PRAGMA wal_checkpoint(TRUNCATE)'), 'write');
  const inFile = keepStore(kit, 'in-file');
  for (let flip = 0; flip < flips; flip += 1) {
    const [kept, suffix]: [KeptStore, string] = flip % 2 === 0 ? [inWal, '-wal'] : [inFile, ''];
    kept.restore();
    const bytes = readFileSync(`${kit.storeFile}${suffix}`);
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    writeFileSync(`${kit.storeFile}${suffix}`, bytes);
    const what = await seenBy(kit, whole);
    if (what === 'silent') result.silent.push(`byte ${at} of ${bytes.length} of the store${suffix}, seed ${seed}, flip ${flip}`);
    else result[what] += 1;
  }
  inWal.restore();
  return result;
}

async function seenBy(kit: GatewayKit, whole: string): Promise<'refused' | 'found' | 'harmless' | 'silent'> {
  try {
    await kit.start();
  } catch {
    return 'refused';
  }
  try {
    const { status, body } = await kit.api('GET', 'verify').catch(() => ({ status: 0, body: undefined }));
    if (status !== 200 || body?.ok !== true) return 'found';
  } finally {
    await kit.end('SIGKILL');
  }
  const after = await dumpStore(kit.storeFile).catch(() => 'unreadable');
  const [check] = await withDatabase(kit.storeFile, (all) => all<{ integrity_check: string }>('PRAGMA integrity_check'));
  if (after === whole && check?.integrity_check === 'ok') return 'harmless';
  // What a running gateway let pass, the same command on the stopped store might still see; only both together count as silence.
  return (await runTollgate(kit, 'verify')).code === 0 ? 'silent' : 'found';
}
