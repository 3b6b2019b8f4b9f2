// Grants: credits by hand. Idempotent by id; ended early by voiding, never changed.
import type { z } from 'zod';
import { monthsAfter } from '@tollgate/shared/months-after';
import type { grantsQuery, grantRequest, voidQuery } from '@tollgate/shared/operate-contract';
import { parseCredits, toCredits, ZERO } from '@tollgate/shared/credits';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { GrantCommand } from '../ledger/commands.ts';
import type { Grant } from '../ledger/rows.ts';
import { askedAccount, ownerOf } from './account.ts';
import { auditOf } from './change.ts';
import { claimedGrant } from './claimed-id.ts';
import { iso, isoOrNull, keyOf, made, ok, poolOf, type Answered, type ApiParts, type Asking } from './route.ts';

type GrantRequest = z.output<typeof grantRequest>;

export async function makeGrant(api: ApiParts, asking: Asking<unknown, GrantRequest>): Promise<Answered> {
  const id = claimedGrant(asking, asking.body.id);
  if (typeof id === 'object') return id;
  const wanted = await wantedGrant(api, asking);
  if (isRefusal(wanted)) return wanted;
  const grant = { type: 'grant', id, ...wanted, by: keyOf(asking).id } as const;
  const after = { ...wanted, amount: toCredits(wanted.amount), terms: undefined, package: wanted.terms?.package };
  const audit = auditOf(asking, ownerOf(wanted.account), 'grant.make', { kind: 'grant', id }, { after, reason: wanted.reason });
  const outcome = await api.gate.ledger.run({ ...grant, audit });
  if (outcome.ok) return made({ grant: showGrant(outcome.grant), repeated: outcome.repeated }, outcome.repeated);
  if (outcome.refusal === 'grant_mismatch')
    return refusal('conflict', `The grant ${id} exists and is another one: ${outcome.message}`, { field: 'body.id' });
  const field = `body.${outcome.place}`;
  return refusal('input_invalid', `${field}: ${outcome.message}.`, { field });
}

type Wanted = Pick<GrantCommand, 'account' | 'kind' | 'amount' | 'priority' | 'effectiveAt' | 'expiresAt' | 'reason' | 'terms'>;

/** An amount by hand, or a package as the card in force sells it. */
async function wantedGrant(api: ApiParts, asking: Asking<unknown, GrantRequest>): Promise<Wanted | Refusal> {
  const { body } = asking;
  const account = await askedAccount(api, asking, true);
  if (isRefusal(account)) return account;
  const effectiveAt = body.effectiveAt === undefined ? null : Date.parse(body.effectiveAt);
  const expiresAt = body.expiresAt === undefined ? null : Date.parse(body.expiresAt);
  const wanted = { account, kind: body.kind, priority: body.priority, effectiveAt, expiresAt, reason: body.reason };
  if (body.package === undefined) return { ...wanted, amount: parseCredits(body.amount ?? 0) ?? ZERO };
  const { packages } = api.cards.current().card;
  const sold = packages.get(body.package);
  const known = [...packages.keys()];
  if (sold === undefined) {
    const message = `body.package: the rate card has no package "${body.package}"; it has: ${known.join(', ') || 'none'}.`;
    return refusal('input_invalid', message, { field: 'body.package', known });
  }
  const organization = await api.directory.get('organization', ownerOf(account) ?? '');
  const from = effectiveAt ?? api.gate.ledger.now();
  const ends = sold.months === undefined ? null : monthsAfter(from, sold.months, organization?.body.timeZone ?? 'UTC');
  return {
    ...wanted,
    amount: sold.credits,
    expiresAt: expiresAt ?? ends,
    reason: body.reason === '' ? `package ${sold.name}` : body.reason,
    terms: { package: sold.name },
  };
}

/** Newest first; `before` is the id of a grant. An account of extra credits has one for each call that drew some. */
export async function listGrants(api: ApiParts, asking: Asking<z.output<typeof grantsQuery>, unknown>): Promise<Answered> {
  const { account = poolOf(api, asking), before, limit } = asking.query;
  const found = await api.store.grantsOf(account, { limit: limit + 1, ...(before === undefined ? {} : { before }) });
  const page = found.slice(0, limit);
  return ok({ grants: page.map(showGrant), next: found.length > limit ? (page.at(-1)?.id ?? null) : null });
}

/** Ends what is left of it; what open calls hold of it ends when they do (rule 5). */
export async function voidGrant(api: ApiParts, asking: Asking<z.output<typeof voidQuery>, unknown>): Promise<Answered> {
  const grantId = asking.params['id'] ?? '';
  const { reason } = asking.query;
  const command = { type: 'void', grantId, reason, by: keyOf(asking).id } as const;
  // Whose it is never changes; so what is found first is right for the audit that is written with it.
  const found = await api.gate.ledger.rehearse(command);
  const owner = found.ok ? ownerOf(found.grant.account) : null;
  const outcome = await api.gate.ledger.run({
    ...command,
    audit: auditOf(asking, owner, 'grant.void', { kind: 'grant', id: grantId }, { reason }),
  });
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
