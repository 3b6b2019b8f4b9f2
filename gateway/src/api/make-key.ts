// POST keys: a key of a user or a service, in an organization's workspace, with what it may do there.
import type { z } from 'zod';
import type { keyRequest } from '@tollgate/shared/keys-contract';
import { parseCredits, ZERO } from '@tollgate/shared/credits';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { hashKey, newKeyText, nextOfLine, prefixOf, type Key } from '../keys/key.ts';
import { workspaceId } from '../people/ids.ts';
import { attempt, auditOf } from './change.ts';
import { claimedId } from './claimed-id.ts';
import { widestSight } from './key-contexts.ts';
import { auditedKey, keyEvent, putKey, showKey, subjectOf } from './keys.ts';
import { newId, ownId } from './own-id.ts';
import { maySetLabels } from './workspaces.ts';
import { keyOf, made, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';

type KeyRequest = z.output<typeof keyRequest>;

/** A repeat of the id with the same content makes nothing, and can not tell the text again: rotate the key where it was lost. */
export async function makeKey(api: ApiParts, asking: Asking<unknown, KeyRequest>): Promise<Answered> {
  const claimed = claimedId(asking, asking.body.id, /^(?!self$)[a-z0-9][a-z0-9_-]{0,126}$/);
  if (typeof claimed === 'object') return claimed;
  const forbidden = maySet(asking);
  if (forbidden !== undefined) return forbidden;
  const text = newKeyText(asking.body.scope);
  return attempt(api, async () => {
    const id = await newId(api, asking, 'key', claimed);
    if (isRefusal(id)) return id;
    const known = (await api.directory.get('key', id))?.body;
    const wanted = await keyFrom(api, asking, id);
    if (isRefusal(wanted)) return wanted;
    if (known !== undefined) {
      const isRotated = (await api.directory.get('key', nextOfLine(id))) !== undefined;
      if (isSame(known, wanted, isRotated)) return ok({ key: showKey(known, asking), text: null, repeated: true });
      return refusal('conflict', `The key ${id} exists and is another one. Choose another id.`, { field: 'body.id' });
    }
    if (wanted.expiresAt !== null && wanted.expiresAt <= api.now()) {
      const message = 'body.expiresAt: the key would have ended before it began; a time in the future would be right.';
      return refusal('input_invalid', message, { field: 'body.expiresAt' });
    }
    const key = { ...wanted, hash: hashKey(api.config.secret, text), prefix: prefixOf(text) };
    return {
      puts: [putKey(key, 0)],
      audits: [auditOf(asking, key.organization, 'key.make', subjectOf(key), { after: auditedKey(key) })],
      events: [keyEvent('made', key, 1)],
      answer: () => made({ key: showKey(key, asking), text, repeated: false }, false),
    };
  });
}

/** What takes a wider word than that of a manage key. */
function maySet(asking: Asking<unknown, KeyRequest>): Refusal | undefined {
  const { scope, bypass, labels } = asking.body;
  const by = keyOf(asking);
  if (by.scope === 'operate') return undefined;
  if (scope === 'operate')
    return refusal('scope_insufficient', 'Operate keys are made by operate keys alone.', { field: 'body.scope' });
  if (scope === 'manage' && by.madeBy !== 'operate') {
    return refusal(
      'scope_insufficient',
      'A manage key that a manage key made can not make further ones; one from the operator can.',
      {
        field: 'body.scope',
      },
    );
  }
  const labelled = maySetLabels(asking, labels);
  if (labelled !== undefined) return labelled;
  if (bypass) return refusal('scope_insufficient', 'Only the operator can let a key pass its caps.', { field: 'body.bypass' });
  return undefined;
}

async function keyFrom(api: ApiParts, asking: Asking<unknown, KeyRequest>, id: string): Promise<Key | Refusal> {
  const { body } = asking;
  const organization = organizationOf(api, asking);
  const workspace = workspaceId(organization, body.workspace);
  const contexts = [
    ...new Set(body.contexts.map((context) => (context.includes('/') ? context : workspaceId(organization, context)))),
  ];
  const user = body.user === undefined ? null : await ownId(api, asking, 'user', body.user);
  const sees = await widestSight(api, asking, { scope: body.scope, organization, workspace, contexts, user });
  if (isRefusal(sees)) return sees;
  if (body.sees === 'workspace' && sees === 'self') {
    return refusal('input_invalid', `body.sees: ${user} is a member there, and so a view key of theirs sees "self".`, {
      field: 'body.sees',
    });
  }
  const at = api.now();
  const expiresAt = body.expiresAt === undefined ? null : Date.parse(body.expiresAt);
  return {
    id,
    hash: '',
    prefix: '',
    name: body.name,
    scope: body.scope,
    organization,
    workspace,
    contexts: contexts.filter((context) => context !== workspace),
    user,
    service: body.service ?? null,
    sees: body.sees ?? sees,
    madeBy: keyOf(asking).scope,
    limits: body.limits,
    bypass: body.bypass,
    labels: body.labels,
    caps: body.caps.map(({ window, limit }) => ({ window, limit: parseCredits(limit) ?? ZERO })),
    createdAt: at,
    expiresAt,
    revokedAt: null,
    replaces: null,
  };
}

/** Compares what a client chooses; the rest is the gateway's. The end of a key that was rotated is the rotation's. */
function isSame(known: Key, wanted: Key, isRotated: boolean): boolean {
  const chosen = (key: Key): string => {
    const { scope, name, organization, workspace, contexts, user, service, sees, limits, bypass, labels, caps, expiresAt } = key;
    const named = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const most = caps.map(({ window, limit }) => [window, limit]);
    const { perMinute, concurrent } = limits;
    const ends = isRotated ? null : expiresAt;
    return JSON.stringify([
      scope,
      name,
      organization,
      workspace,
      contexts,
      user,
      service,
      sees,
      perMinute,
      concurrent,
      bypass,
      named,
      most,
      ends,
    ]);
  };
  return chosen(known) === chosen(wanted);
}
