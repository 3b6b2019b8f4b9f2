// The operate key of a gateway lies in a file beside its configuration, for its command line: who can read that file operates it.
import { readFileSync, writeFileSync } from 'node:fs';
import { ConfigError } from '../config.ts';
import { putOf, type Directory } from '../people/directory.ts';
import { hashKey, newKeyText, prefixOf, type Key } from './key.ts';

export interface OperateKeyPlace {
  /** Absolute path of the file. */
  file: string;
  /** What keys are hashed with. */
  secret: string;
  organization: string;
  workspace: string;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * Makes the operate key and writes its file (0600) where there is none; registers the one in the file where the store does not know
 * it, so that a new store takes up the key that its operator already has. A revoked one stays revoked.
 * @throws {ConfigError} where the file holds something else
 */
export async function ensureOperateKey(directory: Directory, place: OperateKeyPlace): Promise<void> {
  const kept = readKeyFile(place.file);
  const text = kept ?? newKeyText('operate');
  if (!/^tg_operate_[A-Za-z0-9_-]{32}$/.test(text)) {
    throw new ConfigError(`${place.file} does not hold an operate key. Move it away, and a new one is made.`);
  }
  // The file comes first: a key that is registered and written nowhere could never be used.
  if (kept === undefined) writeFileSync(place.file, `${text}\n`, { mode: 0o600, flag: 'wx' });
  const hash = hashKey(place.secret, text);
  if ((await directory.byLookup('key', hash)) !== undefined) return;
  const key: Key = {
    id: `operate-${hash.slice(0, 8)}`,
    hash,
    prefix: prefixOf(text),
    name: 'Operate key of the command line',
    scope: 'operate',
    organization: place.organization,
    workspace: place.workspace,
    contexts: [],
    user: null,
    service: null,
    limits: { perMinute: null, concurrent: null },
    bypass: false,
    labels: {},
    caps: [],
    createdAt: place.at,
    expiresAt: null,
    revokedAt: null,
    replaces: null,
  };
  const outcome = await directory.write({
    puts: [putOf('key', key.id, key.organization, key, { expects: 0, lookup: hash })],
    audits: [],
    events: [],
  });
  if (!outcome.ok && outcome.refusal === 'lookup_taken') return;
  if (!outcome.ok)
    throw new ConfigError(`The operate key of ${place.file} can not be registered: ${outcome.id} is another key's id.`);
}

/** The key in the file, or undefined where there is no file. */
export function readKeyFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError(`${file} can not be read.`, { cause: error });
  }
}
