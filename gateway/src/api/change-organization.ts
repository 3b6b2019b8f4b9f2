// Organizations: made, and changed. What a change means for plan and cycle is people/change-plan.ts's to say.
import type { z } from 'zod';
import type { organizationChange, organizationRequest } from '@tollgate/shared/people-contract';
import { parseCredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import type { Plan } from '@tollgate/shared/rate-card/plan';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { Put } from '../ledger/commands.ts';
import { chargeable } from '../payments/place-order.ts';
import { changedPlan, changedZone, localDateOf, organizationAt } from '../people/change-plan.ts';
import { putOf } from '../people/directory.ts';
import type { Organization } from '../people/documents.ts';
import { MAIN, newOrganization, newWorkspace } from '../people/first-organization.ts';
import { workspaceId } from '../people/ids.ts';
import { attempt, auditOf, eventOf, staleFor } from './change.ts';
import { idLikeThatOf } from './own-id.ts';
import { auditedBoth, auditedOrganization, ownOrganization, showOrganization, subjectOf } from './organizations.ts';
import { document, isOperator, keyOf, made, ok, type Answered, type ApiParts, type Asking } from './route.ts';
import { countedTypesOf } from './seat-types.ts';
import { personalPuts } from './workspaces.ts';

type Request = z.output<typeof organizationRequest>;
type Wanted = z.output<typeof organizationChange>;

/** With a workspace to begin in: `main` of a company, `personal` of a person. */
export function makeOrganization(api: ApiParts, asking: Asking<unknown, Request>): Promise<Answered> {
  return attempt(api, async () => {
    const { id, name = id, kind, timeZone, user, ...rest } = asking.body;
    const at = api.gate.ledger.now();
    const after = changed(api, asking, newOrganization({ id, name, kind, timeZone }), rest, at);
    if (isRefusal(after)) return after;
    const known = await api.directory.get('organization', id);
    if (known !== undefined) {
      if (isSame(organizationAt(known.body, at), after, asking.body))
        return ok({ organization: showOrganization(known, at), repeated: true });
      return refusal('conflict', `The organization ${id} exists and is another one. Choose another id, or change it.`, {
        field: 'body.id',
      });
    }
    const person = user === undefined ? undefined : await api.directory.get('user', user);
    if (user !== undefined && (person === undefined || person.body.erasedAt !== null)) {
      return refusal('input_invalid', `body.user: there is no user ${user}.`, { field: 'body.user' });
    }
    const like = await idLikeThatOf(api, id);
    if (like !== undefined) {
      const message = `The organization can not be called ${id}: ids that begin with "${id}_" would be its own, and ${like} is somebody else's.`;
      return refusal('conflict', message, { field: 'body.id' });
    }
    const puts: Put[] = [
      putOf('organization', id, id, after, { expects: 0 }),
      ...(user === undefined
        ? [putOf('workspace', workspaceId(id, MAIN), id, newWorkspace(id, MAIN), { expects: 0 })]
        : personalPuts(id, user)),
    ];
    return {
      puts,
      audits: [auditOf(asking, id, 'organization.make', subjectOf(after), { after: auditedOrganization(after) })],
      answer: (version) =>
        made({ organization: showOrganization({ body: after, version, at }, at), repeated: false }, false, version),
    };
  });
}

/** Compares what a client chooses; what it leaves out is as a new one would have it, but for what comes from a plan. */
function isSame(known: Organization, wanted: Organization, { anchor }: Request): boolean {
  const chosen = ({ kind, name, plan, timeZone, extraLimit, seatsMost = {}, closedAt }: Organization): string =>
    JSON.stringify([
      kind,
      name,
      plan,
      timeZone,
      extraLimit,
      Object.entries(seatsMost).sort(([a], [b]) => (a < b ? -1 : 1)),
      closedAt,
    ]);
  return chosen(known) === chosen(wanted) && (anchor === undefined || anchor === known.anchor);
}

export function changeOrganization(api: ApiParts, asking: Asking<unknown, Wanted>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await ownOrganization(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const stale = staleFor(asking, version);
    if (stale !== undefined) return stale;
    if (body.closedAt !== null) return refusal('conflict', `The organization ${body.id} is closed.`);
    const at = api.gate.ledger.now();
    const before = organizationAt(body, at);
    const after = changed(api, asking, before, asking.body, at);
    if (isRefusal(after)) return after;
    if (JSON.stringify(after) === JSON.stringify(body)) return document({ organization: showOrganization(kept, at) }, version);
    const isOtherPlan = JSON.stringify([before.plan, before.next?.plan]) !== JSON.stringify([after.plan, after.next?.plan]);
    const told = {
      plan: after.plan,
      next: after.next === null ? null : { plan: after.next.plan, at: new Date(after.next.at).toISOString() },
    };
    return {
      puts: [putOf('organization', body.id, body.id, after, { expects: version })],
      audits: [auditOf(asking, body.id, 'organization.change', subjectOf(body), auditedBoth(body, after))],
      events: isOtherPlan
        ? [eventOf('plan.changed', { kind: 'plan', id: body.id, version: version + 1 }, { organization: body.id }, told)]
        : [],
      answer: (next) => document({ organization: showOrganization({ body: after, version: next, at }, at) }, next),
    };
  });
}

/** All that a change asks for, or the first thing of it that can not be. */
function changed(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  organization: Organization,
  { name, timeZone, plan, anchor, extraLimit, seatsMost }: Wanted,
  at: number,
): Organization | Refusal {
  const forOperator =
    plan !== undefined ? 'plan' : anchor !== undefined ? 'anchor' : seatsMost !== undefined ? 'seatsMost' : undefined;
  if (forOperator !== undefined && !isOperator(asking)) {
    return refusal('scope_insufficient', `body.${forOperator} is the operator's to set. Plans can be bought with POST orders.`, {
      field: `body.${forOperator}`,
    });
  }
  let after: Organization = name === undefined ? organization : { ...organization, name };
  if (anchor !== undefined) {
    const anchored = withAnchor(after, anchor, at);
    if (isRefusal(anchored)) return anchored;
    after = anchored;
  }
  if (timeZone !== undefined && timeZone !== (after.next?.timeZone ?? after.timeZone)) after = changedZone(after, timeZone, at);
  if (plan !== undefined) {
    const found = plan === null ? null : planOf(api, plan);
    if (found !== null && isRefusal(found)) return found;
    after = changedPlan(after, found, at);
  }
  if (seatsMost !== undefined) {
    const unknown = unknownTypeOf(api, after, seatsMost);
    if (unknown !== undefined) return unknown;
    after = { ...after, seatsMost };
  }
  return extraLimit === undefined ? after : withExtraLimit(api, asking, after, parseCredits(extraLimit) ?? ZERO);
}

/** A limit of what the plan does not have would never bind, and nobody would notice. */
function unknownTypeOf(
  api: ApiParts,
  organization: Organization,
  seatsMost: Readonly<Record<string, number>>,
): Refusal | undefined {
  const known = countedTypesOf(api, organization);
  const type = Object.keys(seatsMost).find((name) => !known.includes(name));
  if (type === undefined) return undefined;
  const message = `body.seatsMost.${type}: the plan of ${organization.id} has no seats of type "${type}"; it has: ${known.join(', ') || 'none'}.`;
  return refusal('input_invalid', message, { field: `body.seatsMost.${type}`, known });
}

/** Cycles count from it, and cycles that have begun are not laid anew. */
function withAnchor(organization: Organization, anchor: string, at: number): Organization | Refusal {
  const { anchor: given } = organization;
  if (given === anchor) return organization;
  if (given !== undefined) {
    const message = `The anchor ${given} was given once, and cycles were counted from it since: another one would give allowances twice or not at all.`;
    return refusal('conflict', message, { field: 'body.anchor' });
  }
  if (anchor > localDateOf(at, organization.timeZone)) {
    return refusal('input_invalid', `body.anchor: the subscription can not have begun on ${anchor}, which is to come.`, {
      field: 'body.anchor',
    });
  }
  return { ...organization, anchor };
}

function planOf({ cards }: ApiParts, name: string): Plan | Refusal {
  const { plans } = cards.current().card;
  const plan = plans.get(name);
  const known = [...plans.keys()];
  if (plan !== undefined) return plan;
  return refusal('input_invalid', `body.plan: the rate card has no plan "${name}"; it has: ${known.join(', ') || 'none'}.`, {
    field: 'body.plan',
    known,
  });
}

/** Extra credits are paid for afterwards: it takes a payment method, or somebody who answers for it. */
function withExtraLimit(
  { payments }: ApiParts,
  asking: Asking<unknown, unknown>,
  organization: Organization,
  extraLimit: Microcredits,
): Organization | Refusal {
  if (extraLimit <= organization.extraLimit) {
    return { ...organization, extraLimit, extraWord: extraLimit === 0 ? null : organization.extraWord };
  }
  const [owed] = organization.owes ?? [];
  if (owed !== undefined && !isOperator(asking)) {
    const message = `body.extraLimit: the bill ${owed} was declined and is not paid yet. POST orders/${owed}/checkout tells where to pay it.`;
    return refusal('conflict', message, { field: 'body.extraLimit' });
  }
  if (chargeable(payments, organization.paymentMethod) !== null) {
    // Whoever vouched for less has not vouched for this: it leans on the payment method alone, and stops with it.
    return { ...organization, extraLimit, extraWord: isOperator(asking) ? organization.extraWord : null };
  }
  if (isOperator(asking)) return { ...organization, extraLimit, extraWord: keyOf(asking).id };
  const message =
    'body.extraLimit: without a payment method it stays as it is. Add one with POST payment-methods/setup, or ask the operator.';
  return refusal('input_invalid', message, { field: 'body.extraLimit' });
}
