// POST keys/{id}/rotate: a key like it, while the old one works on for the overlap.
import type { z } from 'zod';
import type { rotateRequest } from '@tollgate/shared/keys-contract';
import { refusal } from '../call/refuse.ts';
import { hashKey, isAlive, newKeyText, nextOfLine, prefixOf } from '../keys/key.ts';
import { attempt, auditOf } from './change.ts';
import { auditedKey, keyEvent, putKey, showKey, subjectOf, visibleKey } from './keys.ts';
import { keyOf, made, ok, type Answered, type ApiParts, type Asking } from './route.ts';
import { millisecondsOf } from './time-span.ts';

type RotateRequest = z.output<typeof rotateRequest>;

/** The new one goes on in the caps and limits of the old: rotating lifts none. Both are written at once. */
export function rotateKey(api: ApiParts, asking: Asking<unknown, RotateRequest>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await visibleKey(api, asking);
    if ('refused' in kept) return kept;
    const { body: old, version } = kept;
    const by = keyOf(asking);
    if (old.scope === 'manage' && by.scope !== 'operate' && by.madeBy !== 'operate' && by.id !== old.id) {
      return refusal('scope_insufficient', 'A manage key that a manage key made can rotate no other one than itself.');
    }
    const next = (await api.directory.get('key', nextOfLine(old.id)))?.body;
    if (next !== undefined) return ok({ key: showKey(next, asking), text: null, repeated: true, replaced: showKey(old, asking) });
    const at = api.now();
    if (!isAlive(old, at)) {
      return refusal('conflict', `The key ${old.id} is revoked or expired, so there is nothing to rotate. Make a new one.`);
    }
    const ends = at + millisecondsOf(asking.body.overlap);
    const replaced = { ...old, expiresAt: old.expiresAt === null ? ends : Math.min(old.expiresAt, ends) };
    const text = newKeyText(old.scope);
    const key = {
      ...old,
      id: nextOfLine(old.id),
      hash: hashKey(api.config.secret, text),
      prefix: prefixOf(text),
      createdAt: at,
      replaces: old.id,
    };
    return {
      puts: [putKey(key, 0), putKey(replaced, version)],
      audits: [
        auditOf(asking, old.organization, 'key.rotate', subjectOf(old), {
          before: auditedKey(old),
          after: { replaced: auditedKey(replaced), key: auditedKey(key) },
        }),
      ],
      events: [keyEvent('rotated', key, 1)],
      answer: () => made({ key: showKey(key, asking), text, repeated: false, replaced: showKey(replaced, asking) }, false),
    };
  });
}
