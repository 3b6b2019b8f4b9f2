// Grants: credits by hand. Idempotent by id; ended early by voiding, never changed.
import type { z } from 'zod';
import type { accountQuery, grantRequest, voidQuery } from '@tollgate/shared/operate-contract';
import { parseCredits, toCredits, ZERO } from '@tollgate/shared/credits';
import { refusal } from '../call/refuse.ts';
import type { Grant } from '../ledger/rows.ts';
import { claimedId } from './claimed-id.ts';
import { iso, isoOrNull, keyOf, made, ok, poolOf, type Answered, type ApiParts, type Asking } from './route.ts';

export async function makeGrant(api: ApiParts, asking: Asking<unknown, z.output<typeof grantRequest>>): Promise<Answered> {
  const { body } = asking;
  const id = claimedId(asking, body.id);
  if (typeof id === 'object') return id;
  const outcome = await api.gate.ledger.run({
    type: 'grant',
    id,
    account: body.account ?? poolOf(api, asking),
    kind: body.kind,
    amount: parseCredits(body.amount) ?? ZERO,
    priority: body.priority,
    effectiveAt: body.effectiveAt === undefined ? null : Date.parse(body.effectiveAt),
    expiresAt: body.expiresAt === undefined ? null : Date.parse(body.expiresAt),
    reason: body.reason,
    by: keyOf(asking).id,
  });
  if (outcome.ok) return made({ grant: showGrant(outcome.grant), repeated: outcome.repeated }, outcome.repeated);
  if (outcome.refusal === 'grant_mismatch')
    return refusal('conflict', `The grant ${id} exists and is another one: ${outcome.message}`, { field: 'body.id' });
  return refusal('input_invalid', outcome.message, { field: 'body' });
}

export async function listGrants(api: ApiParts, asking: Asking<z.output<typeof accountQuery>, unknown>): Promise<Answered> {
  return ok({ grants: (await api.store.grantsOf(asking.query.account ?? poolOf(api, asking))).map(showGrant) });
}

/** Ends what is left of it; what open calls hold of it ends when they do (rule 5). */
export async function voidGrant(api: ApiParts, asking: Asking<z.output<typeof voidQuery>, unknown>): Promise<Answered> {
  const grantId = asking.params['id'] ?? '';
  const outcome = await api.gate.ledger.run({ type: 'void', grantId, reason: asking.query.reason, by: keyOf(asking).id });
  if (outcome.ok) return ok({ grant: showGrant(outcome.grant), voided: toCredits(outcome.voided) });
  if (outcome.refusal === 'grant_unknown') return refusal('not_found', `There is no grant ${grantId}.`);
  return refusal('conflict', `The grant ${grantId} has ended already.`);
}

function showGrant(grant: Grant): object {
  const { id, account, kind, amount, priority, effectiveAt, expiresAt, voidedAt, spent, held, ended, reason, by } = grant;
  return {
    id,
    account,
    kind,
    amount: toCredits(amount),
    priority,
    effectiveAt: iso(effectiveAt),
    expiresAt: isoOrNull(expiresAt),
    voidedAt: isoOrNull(voidedAt),
    spent: toCredits(spent),
    held: toCredits(held),
    ended: toCredits(ended),
    // In microcredits first: differences of decimals are not exact.
    left: toCredits((amount - spent - held - ended) as typeof amount),
    reason,
    by,
  };
}
