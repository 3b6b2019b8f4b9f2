// Keys: listed, revoked, and as they are shown. A key's text is told once, in the answer that makes it, and is kept nowhere.
import type { z } from 'zod';
import type { keysQuery } from '@tollgate/shared/keys-contract';
import { toCredits } from '@tollgate/shared/credits';
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Put } from '../ledger/commands.ts';
import type { Key } from '../keys/key.ts';
import { putOf, type Kept } from '../people/directory.ts';
import { contextsOf, nameOf } from '../people/ids.ts';
import { attempt, auditOf, eventOf, type Change } from './change.ts';
import { mayManage } from './may-manage.ts';
import { ownId } from './own-id.ts';
import { everyOf } from './page.ts';
import { iso, isoOrNull, isOperator, keyOf, ok, type Answered, type ApiParts, type Asking } from './route.ts';

type Query = z.output<typeof keysQuery>;

/** A manage key's are those of its organization, but for operate keys, which are the gateway's. Newest first. */
export async function listKeys(api: ApiParts, asking: Asking<Query, unknown>): Promise<Answered> {
  const { organization, query } = asking;
  const user = query.user === undefined ? undefined : await ownId(api, asking, 'user', query.user);
  const all = await everyOf(api.directory, 'key', organization === undefined ? {} : { organization }, ({ id }) => id);
  const wanted = all
    .map(({ body }) => body)
    .filter((key) => mayManage(asking, key) && (user === undefined || key.user === user))
    .filter((key) => query.workspace === undefined || nameOf(key.workspace) === query.workspace)
    .filter((key) => query.service === undefined || key.service === query.service)
    .filter((key) => query.scope === undefined || key.scope === query.scope)
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  return ok({ keys: wanted.map((key) => showKey(key, asking)) });
}

/** At once and for good. Revoking twice is the same as once. */
export function revokeKey(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await visibleKey(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    if (body.revokedAt !== null) return ok({ key: showKey(body, asking) });
    return revoking(api, asking, body, version, (key) => showKey(key, asking));
  });
}

/** The key that asks ends itself: what a browser does when a person takes it off, and who finds a key in the wrong place. */
export function revokeSelf(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await api.directory.get('key', keyOf(asking).id);
    if (kept === undefined) throw new Error('a key that asks is not there');
    const { body, version } = kept;
    if (body.revokedAt !== null) return ok({ key: showOwnKey(body) });
    return revoking(api, asking, body, version, showOwnKey);
  });
}

function revoking(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  before: Key,
  version: number,
  show: (key: Key) => object,
): Change {
  const after = { ...before, revokedAt: api.now() };
  return {
    puts: [putKey(after, version)],
    audits: [
      auditOf(asking, before.organization, 'key.revoke', subjectOf(before), {
        before: auditedKey(before),
        after: auditedKey(after),
      }),
    ],
    events: [keyEvent('revoked', after, version + 1)],
    answer: () => ok({ key: show(after) }),
  };
}

/** The key of the path, where whoever asks may change it; to others it does not exist. */
export async function visibleKey(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Kept<'key'> | Refusal> {
  const id = asking.params['id'] ?? '';
  const kept = await api.directory.get('key', await ownId(api, asking, 'key', id));
  if (kept !== undefined && mayManage(asking, kept.body)) return kept;
  return refusal('not_found', `There is no key ${id}.`);
}

export function putKey(key: Key, expects: number): Put {
  return putOf('key', key.id, key.organization, key, { expects, lookup: key.hash });
}

export function subjectOf({ id }: Key): { kind: string; id: string } {
  return { kind: 'key', id };
}

/** What the audit keeps of it: not its name, which may be a person's. */
export function auditedKey(key: Key): object {
  return { ...showWhole(key), name: undefined, workspace: key.workspace };
}

export function keyEvent(what: 'made' | 'rotated' | 'revoked', key: Key, version: number): ReturnType<typeof eventOf> {
  const { id, scope, organization, workspace } = key;
  return eventOf('key.changed', { kind: 'key', id, version }, { organization, workspace }, { key: id, what, scope });
}

/** Everything but the hash, and for a manage key but the contexts in other organizations. */
export function showKey(key: Key, asking: Asking<unknown, unknown>): object {
  return isOperator(asking) ? showWhole(key) : showOwnKey(key);
}

/** The same where no operator asks. */
export function showOwnKey(key: Key): object {
  return showWhole({ ...key, contexts: contextsOf(key.contexts, key.organization) });
}

function showWhole(key: Key): object {
  const { id, prefix, name, scope, organization, workspace, contexts, user, service, sees = 'workspace', limits, bypass } = key;
  const { labels, caps, createdAt, expiresAt, revokedAt, replaces } = key;
  return {
    id,
    prefix,
    name,
    scope,
    organization,
    workspace: nameOf(workspace),
    contexts,
    user,
    service,
    sees,
    limits,
    bypass,
    labels,
    caps: caps.map(({ window, limit }) => ({ window, limit: toCredits(limit) })),
    createdAt: iso(createdAt),
    expiresAt: isoOrNull(expiresAt),
    revokedAt: isoOrNull(revokedAt),
    replaces,
  };
}
