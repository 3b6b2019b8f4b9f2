// Keys: made, listed, rotated, revoked. A key's text is told once, in the answer that makes it, and is kept nowhere.
import type { z } from 'zod';
import type { keyRequest, rotateRequest } from '@tollgate/shared/operate-contract';
import { parseCredits, toCredits, ZERO } from '@tollgate/shared/credits';
import { refusal, type Refusal } from '../call/refuse.ts';
import { hashKey, newKeyText, nextOfLine, prefixOf, type Key } from '../keys/key.ts';
import { claimedId } from './claimed-id.ts';
import { iso, isoOrNull, made, ok, type Answered, type ApiParts, type Asking } from './route.ts';

type KeyRequest = z.output<typeof keyRequest>;
type RotateRequest = z.output<typeof rotateRequest>;

/** A repeat of the id with the same content makes nothing, and can not tell the text again: rotate the key where it was lost. */
export function makeKey(api: ApiParts, asking: Asking<unknown, KeyRequest>): Promise<Answered> {
  const id = claimedId(asking, asking.body.id, /^[a-z0-9][a-z0-9_-]{0,62}$/);
  if (typeof id === 'object') return Promise.resolve(id);
  return inTurn(async () => {
    const wanted = keyFrom(id, asking.body, api.now());
    const keys = await api.store.listKeys();
    const known = keys.find((key) => key.id === id);
    const isRotated = keys.some(({ replaces }) => replaces === id);
    if (known !== undefined) {
      if (!isSame(known, wanted, isRotated))
        return refusal('conflict', `The key ${id} exists and is another one. Choose another id.`, { field: 'body.id' });
      return ok({ key: showKey(known), text: null, repeated: true });
    }
    const { key, text } = await put(api, wanted);
    return made({ key: showKey(key), text, repeated: false }, false);
  });
}

export async function listKeys({ store }: ApiParts): Promise<Answered> {
  return ok({ keys: (await store.listKeys()).map(showKey) });
}

/** Makes a key like it; the old one works on for the overlap. The new one goes on in the caps of the old: rotating lifts none. */
export function rotateKey(api: ApiParts, { params, body }: Asking<unknown, RotateRequest>): Promise<Answered> {
  return inTurn(async () => {
    const keys = await api.store.listKeys();
    const old = keys.find(({ id }) => id === params['id']);
    if (old === undefined) return unknownKey(params['id']);
    const next = keys.find(({ replaces }) => replaces === old.id);
    if (next !== undefined) return ok({ key: showKey(next), text: null, repeated: true, replaced: showKey(old) });
    const at = api.now();
    if (!isAlive(old, at))
      return refusal('conflict', `The key ${old.id} is revoked or expired, so there is nothing to rotate. Make a new one.`);
    const ends = at + millisecondsOf(body.overlap);
    const replaced = { ...old, expiresAt: old.expiresAt === null ? ends : Math.min(old.expiresAt, ends) };
    // The end of the old one first: if the second write fails, rotating again makes the new one, and no key lives on unseen.
    await api.store.putKey(replaced);
    const { key, text } = await put(api, { ...old, id: nextOfLine(old.id), createdAt: at, replaces: old.id });
    return made({ key: showKey(key), text, repeated: false, replaced: showKey(replaced) }, false);
  });
}

/** At once and for good. Revoking twice is the same as once. */
export function revokeKey(api: ApiParts, { params }: Asking<unknown, unknown>): Promise<Answered> {
  return inTurn(async () => {
    const key = (await api.store.listKeys()).find(({ id }) => id === params['id']);
    if (key === undefined) return unknownKey(params['id']);
    const revoked = key.revokedAt === null ? { ...key, revokedAt: api.now() } : key;
    if (key.revokedAt === null) await api.store.putKey(revoked);
    api.gate.identify.forget();
    return ok({ key: showKey(revoked) });
  });
}

// One at a time: a change of keys looks first and writes then, and one process owns the store.
let turn: Promise<unknown> = Promise.resolve();

function inTurn(change: () => Promise<Answered>): Promise<Answered> {
  const changed = turn.then(change);
  turn = changed.catch(() => undefined);
  return changed;
}

async function put({ config, store, gate }: ApiParts, wanted: Key): Promise<{ key: Key; text: string }> {
  const text = newKeyText(wanted.scope);
  const key = { ...wanted, hash: hashKey(config.secret, text), prefix: prefixOf(text) };
  await store.putKey(key);
  gate.identify.forget();
  return { key, text };
}

function keyFrom(id: string, { expiresAt, caps, user, ...rest }: Omit<KeyRequest, 'id'>, at: number): Key {
  return {
    ...rest,
    id,
    hash: '',
    prefix: '',
    user: user ?? null,
    caps: caps.map(({ window, limit }) => ({ window, limit: parseCredits(limit) ?? ZERO })),
    createdAt: at,
    expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
    revokedAt: null,
    replaces: null,
  };
}

/** Compares what a client chooses; the rest is the gateway's. The end of a key that was rotated is the rotation's. */
function isSame(known: Key, wanted: Key, isRotated: boolean): boolean {
  const chosen = ({ scope, name, workspace, user, labels, caps, expiresAt }: Key): string => {
    const named = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const most = caps.map(({ window, limit }) => [window, limit]);
    return JSON.stringify([scope, name, workspace, user, named, most, isRotated ? null : expiresAt]);
  };
  return chosen(known) === chosen(wanted);
}

function isAlive({ revokedAt, expiresAt }: Key, at: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > at);
}

function unknownKey(id: string | undefined): Refusal {
  return refusal('not_found', `There is no key ${id}.`);
}

function millisecondsOf(time: string): number {
  const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return Number.parseInt(time, 10) * (units[time.at(-1) ?? 's'] ?? 1_000);
}

/** Everything but the hash. */
function showKey(key: Key): object {
  const { id, prefix, name, scope, workspace, user, labels, caps, createdAt, expiresAt, revokedAt, replaces } = key;
  return {
    id,
    prefix,
    name,
    scope,
    workspace,
    user,
    labels,
    caps: caps.map(({ window, limit }) => ({ window, limit: toCredits(limit) })),
    createdAt: iso(createdAt),
    expiresAt: isoOrNull(expiresAt),
    revokedAt: isoOrNull(revokedAt),
    replaces,
  };
}
