// Who pays: the key that the client presents, looked up by its HMAC. The answer never says whether a key exists.
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Directory } from '../people/directory.ts';
import { hashKey, isAlive, looksLikeKey, type Key, type Scope } from '../keys/key.ts';
import { CREDENTIAL_HEADERS } from './headers.ts';
import { refusal, type Refusal } from './refuse.ts';

/** Where keys are kept: records of kind `key`, found by their hash. One that is gone is not found. */
export type KeySource = Pick<Directory, 'byLookup'>;

export interface Identify {
  /**
   * The key of a request, if it is alive and has one of the scopes.
   * @returns the key, or 401 `key_missing` or `key_unknown`, 403 `scope_insufficient`, 503 `ledger_unavailable`.
   */
  identify(req: IncomingMessage, scopes: readonly Scope[], credentialHeader?: string): Promise<Key | Refusal>;
  /** Called when any key changed, so that a revoked one stops at once. */
  forget(): void;
}

// Large enough for every key of a busy gateway, small enough that made-up keys can not fill the memory.
const KEPT_MOST = 20_000;
// Another process may revoke a key in the same store; a second is as stale as a key may be.
const KEPT_MS = 1_000;
const NOBODY = 'nobody';

export function createIdentify(keys: KeySource, secret: string, now: () => number): Identify {
  const known = new LRUCache<string, Key | typeof NOBODY>({ max: KEPT_MOST, ttl: KEPT_MS });
  let forgotten = 0;

  async function identify(req: IncomingMessage, scopes: readonly Scope[], credentialHeader?: string): Promise<Key | Refusal> {
    const text = presentedKey(req, credentialHeader);
    if (text === undefined) {
      return refusal('key_missing', 'Send a key as "Authorization: Bearer tg_spend_…" or in x-api-key. Nothing was forwarded.');
    }
    const key = looksLikeKey(text) ? (known.get(text) ?? (await lookUp(text).catch(() => undefined))) : NOBODY;
    if (key === undefined) return refusal('ledger_unavailable', 'Keys can not be looked up right now. Nothing was forwarded.');
    if (key === NOBODY || !isAlive(key, now())) {
      return refusal('key_unknown', 'The key is unknown, revoked or expired. Nothing was forwarded.');
    }
    if (!scopes.includes(key.scope)) {
      const has = key.scope === 'operate' ? 'An' : 'A';
      const takes = scopes[0] === 'operate' ? 'an' : 'a';
      return refusal(
        'scope_insufficient',
        `${has} ${key.scope} key can not do this; it takes ${takes} ${scopes.join(' or ')} key.`,
      );
    }
    return key;
  }

  /** The text stays in this memory for a second at most; what is stored, and looked up, is its HMAC. */
  async function lookUp(text: string): Promise<Key | typeof NOBODY> {
    const asked = forgotten;
    const found = (await keys.byLookup('key', hashKey(secret, text)))?.body ?? NOBODY;
    // What was read before a change of keys is not remembered past it.
    if (asked === forgotten) known.set(text, found);
    return found;
  }

  function forget(): void {
    forgotten += 1;
    known.clear();
  }

  return { identify, forget };
}

/** The first credential that the request carries; SDKs differ in the header they use. */
function presentedKey({ headers }: IncomingMessage, credentialHeader: string | undefined): string | undefined {
  for (const name of credentialHeader === undefined ? CREDENTIAL_HEADERS : [credentialHeader, ...CREDENTIAL_HEADERS]) {
    const value = headers[name];
    if (typeof value !== 'string' || value === '') continue;
    return name === 'authorization' ? value.replace(/^bearer\s+/i, '') : value;
  }
  return undefined;
}
