// Organizations: read, and closed for good. What changes in them is in change-organization.ts.
import type { z } from 'zod';
import type { listQuery } from '@tollgate/shared/people-contract';
import { toCredits } from '@tollgate/shared/credits';
import { cycleAt } from '@tollgate/shared/cycle';
import { refusal, type Refusal } from '../call/refuse.ts';
import { organizationAt } from '../people/change-plan.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Organization } from '../people/documents.ts';
import { attempt, auditOf, staleFor } from './change.ts';
import { everyOf, pageOf } from './page.ts';
import { document, iso, isoOrNull, isOperator, ok, type Answered, type ApiParts, type Asking } from './route.ts';

/** All of them for the operator; for a manage key its own. */
export async function listOrganizations(api: ApiParts, asking: Asking<z.output<typeof listQuery>, unknown>): Promise<Answered> {
  const at = api.gate.ledger.now();
  const { after, limit } = asking.query;
  const { organization } = asking;
  const { found, next } = await pageOf(api.directory, 'organization', { organization, after, limit }, ({ id }) => id);
  return ok({ organizations: found.map((kept) => showOrganization(kept, at)), next });
}

export async function readOrganization(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const kept = await ownOrganization(api, asking);
  if ('refused' in kept) return kept;
  return document({ organization: showOrganization(kept, api.gate.ledger.now()) }, kept.version);
}

/** Nothing is spent in it any more. Its books, and what it spent, stay. */
export function closeOrganization(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await ownOrganization(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const stale = staleFor(asking, version);
    if (stale !== undefined) return stale;
    const at = api.gate.ledger.now();
    if (body.closedAt !== null) return document({ organization: showOrganization(kept, at) }, version);
    if (body.id === api.gate.rules.organization) {
      return refusal(
        'conflict',
        `${body.id} is the gateway's first organization, which operate keys and the command line lean on.`,
      );
    }
    const held = await openHoldsOf(api, body.id);
    if (held !== undefined) return held;
    const after: Organization = { ...body, closedAt: at };
    return {
      puts: [putOf('organization', body.id, body.id, after, { expects: version })],
      audits: [auditOf(asking, body.id, 'organization.close', subjectOf(body), auditedBoth(body, after))],
      answer: (next) => document({ organization: showOrganization({ body: after, version: next, at }, at) }, next),
    };
  });
}

async function openHoldsOf(api: ApiParts, organization: string): Promise<Refusal | undefined> {
  for (const { body } of await everyOf(api.directory, 'workspace', { organization }, ({ id }) => id)) {
    const open = await api.store.openHolds(body.id);
    if (open > 0)
      return refusal('conflict', `${open} calls are held in the workspace ${body.id} now. Close it when they have ended.`);
  }
  return undefined;
}

/** The organization of the path, which for a manage key is its own or does not exist. */
export async function ownOrganization(
  { directory }: ApiParts,
  asking: Asking<unknown, unknown>,
): Promise<Kept<'organization'> | Refusal> {
  const id = asking.params['id'] ?? '';
  const kept = isOperator(asking) || asking.organization === id ? await directory.get('organization', id) : undefined;
  return kept ?? refusal('not_found', `There is no organization ${id} that this key may see.`);
}

export function subjectOf({ id }: Organization): { kind: string; id: string } {
  return { kind: 'organization', id };
}

/** What the audit keeps: not the name of a person, which can be erased, and not how they pay. */
export function auditedOrganization(organization: Organization): object {
  const {
    kind,
    name,
    timeZone,
    plan,
    cycle,
    anchor = null,
    next,
    extraLimit,
    extraWord,
    seatsMost = {},
    closedAt,
  } = organization;
  const kept = { kind, timeZone, plan, cycle, anchor, next, extraLimit: toCredits(extraLimit), extraWord, seatsMost, closedAt };
  return kind === 'person' ? kept : { name, ...kept };
}

export function auditedBoth(before: Organization, after: Organization): { before: object; after: object } {
  return { before: auditedOrganization(before), after: auditedOrganization(after) };
}

/** @param at for what is to come and has come by then */
export function showOrganization({ body, version }: Kept<'organization'>, at: number): object {
  const { id, name, kind, timeZone, plan, cycle, next, extraLimit, extraWord } = organizationAt(body, at);
  const { anchor, seatsMost, autoPurchase, paymentMethod, closedAt } = body;
  const runs = cycle === null ? undefined : cycleAt(cycle, at);
  return {
    id,
    name,
    kind,
    timeZone,
    plan,
    cycle: cycle === null || runs === undefined ? null : { every: cycle.every, from: iso(runs.from), until: iso(runs.until) },
    anchor: anchor ?? null,
    next: next === null ? null : { at: iso(next.at), plan: next.plan, timeZone: next.timeZone },
    extraLimit: toCredits(extraLimit),
    extraWord,
    seatsMost: seatsMost ?? {},
    autoPurchase: autoPurchase !== null && autoPurchase.paused === null,
    paymentMethod: paymentMethod === null ? null : paymentMethod.label,
    closedAt: isoOrNull(closedAt),
    version,
  };
}
