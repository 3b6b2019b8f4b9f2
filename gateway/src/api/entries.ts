// Entries: an account's statement, and the corrections that are written into it.
import type { z } from 'zod';
import type { correctionRequest, entriesQuery } from '@tollgate/shared/operate-contract';
import { formatCredits, parseCredits, toCredits, ZERO } from '@tollgate/shared/credits';
import { isRefusal, refusal } from '../call/refuse.ts';
import type { Entry } from '../ledger/rows.ts';
import { askedAccount, ownerOf } from './account.ts';
import { auditOf } from './change.ts';
import { claimedGrant } from './claimed-id.ts';
import { showPart } from './receipt.ts';
import { iso, keyOf, made, ok, poolOf, type Answered, type ApiParts, type Asking } from './route.ts';

/** Newest first; `before` is the number of an entry. */
export async function listEntries(api: ApiParts, asking: Asking<z.output<typeof entriesQuery>, unknown>): Promise<Answered> {
  const { account = poolOf(api, asking), before, limit } = asking.query;
  const found = await api.store.entries(account, { limit: limit + 1, ...(before === undefined ? {} : { before }) });
  const page = found.slice(0, limit);
  return ok({ entries: page.map(showEntry), next: found.length > limit ? (page.at(-1)?.number ?? null) : null });
}

/** An old entry is never changed: a new one mends it. */
export async function makeCorrection(
  api: ApiParts,
  asking: Asking<unknown, z.output<typeof correctionRequest>>,
): Promise<Answered> {
  const { body } = asking;
  const id = claimedGrant(asking, body.id);
  if (typeof id === 'object') return id;
  const { reason, callId = null } = body;
  const account = await askedAccount(api, asking, body.amount > 0);
  if (isRefusal(account)) return account;
  const after = { account, amount: body.amount, callId };
  const outcome = await api.gate.ledger.run({
    type: 'correct',
    id,
    account,
    amount: parseCredits(body.amount) ?? ZERO,
    callId,
    reason,
    by: keyOf(asking).id,
    audit: auditOf(asking, ownerOf(account), 'correction.make', { kind: 'correction', id }, { after, reason }),
  });
  if (outcome.ok) return made({ entry: showEntry(outcome.entry), repeated: outcome.repeated }, outcome.repeated);
  if (outcome.refusal === 'insufficient_credits') {
    const { available } = outcome;
    return refusal(
      'insufficient_credits',
      `Only ${formatCredits(available)} credits are free to be taken. Nothing was changed.`,
      { available },
    );
  }
  if (outcome.refusal === 'correction_mismatch')
    return refusal('conflict', `The correction ${id} exists and is another one.`, { field: 'body.id' });
  return refusal('input_invalid', 'This correction can not be: its amount, its account or its call does not fit.', {
    field: 'body',
  });
}

function showEntry({ account, number, kind, delta, before, after, at, callId, grantId, parts, note, hash }: Entry): object {
  return {
    account,
    number,
    kind,
    delta: toCredits(delta),
    before: toCredits(before),
    after: toCredits(after),
    at: iso(at),
    callId,
    grantId,
    parts: parts.map(showPart),
    note,
    hash,
  };
}
