// Caps of an organization: the most that a scope may spend in a window. The ledger decides by them; here they are made and changed.
import type { z } from 'zod';
import type { capChange, capRequest, capsQuery } from '@tollgate/shared/caps-contract';
import { parseCredits, toCredits, ZERO } from '@tollgate/shared/credits';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Cap } from '../people/documents.ts';
import { nameOf } from '../people/ids.ts';
import { capScope } from './cap-scope.ts';
import { attempt, auditOf, eventOf, staleFor, type Change } from './change.ts';
import { lockOf, openOrganization } from './open-organization.ts';
import { everyOf, pageOf } from './page.ts';
import { document, iso, made, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';

type Request = z.output<typeof capRequest>;
type Wanted = z.output<typeof capChange>;

// Each call looks at all of them; more than these are better said by one with `*`.
const CAPS_MOST = 500;
const RAISE_YEARS_MOST = 10;

export function makeCap(api: ApiParts, asking: Asking<unknown, Request>): Promise<Answered> {
  const { id: name, window, limit, mode } = asking.body;
  const organization = organizationOf(api, asking);
  const id = `${organization}/${name}`;
  return attempt(api, async () => {
    const scope = await capScope(api, asking, asking.body.scope);
    if (isRefusal(scope)) return scope;
    const cap: Cap = { id, organization, scope, window, limit: parseCredits(limit) ?? ZERO, mode, raise: null };
    const known = await api.directory.get('cap', id);
    if (known !== undefined) {
      const isSame = JSON.stringify({ ...known.body, raise: null }) === JSON.stringify(cap);
      if (isSame) return made({ cap: showCap(known), repeated: true }, true, known.version);
      return refusal('conflict', `The cap ${name} exists and is another one. Choose another id, or change it.`, {
        field: 'body.id',
      });
    }
    const kept = await openOrganization(api, organization);
    if (isRefusal(kept)) return kept;
    const all = await everyOf(api.directory, 'cap', { organization }, idOf);
    if (all.length >= CAPS_MOST)
      return refusal('conflict', `${organization} has ${all.length} caps, which is as many as there may be.`);
    return {
      puts: [putOf('cap', id, organization, cap, { expects: 0 }), lockOf(kept)],
      audits: [auditOf(asking, organization, 'cap.make', subjectOf(cap), { after: auditedCap(cap) })],
      events: [capEvent('made', cap, 1)],
      answer: (version) => made({ cap: showCap({ body: cap, version, at: 0 }), repeated: false }, false, version),
    };
  });
}

export async function listCaps(api: ApiParts, asking: Asking<z.output<typeof capsQuery>, unknown>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  const { after, limit } = asking.query;
  const page = { organization, after: after === undefined ? undefined : `${organization}/${after}`, limit };
  const { found, next } = await pageOf(api.directory, 'cap', page, idOf);
  return ok({ caps: found.map(showCap), next: next === null ? null : nameOf(next) });
}

export async function readCap(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const kept = await ownCap(api, asking);
  return 'refused' in kept ? kept : document({ cap: showCap(kept) }, kept.version);
}

/** Its limit, its mode, or a raise for a time. What was spent under it stays counted. */
export function changeCap(api: ApiParts, asking: Asking<unknown, Wanted>): Promise<Answered> {
  return attempt(api, async (): Promise<Change | Answered> => {
    const kept = await ownCap(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const stale = staleFor(asking, version);
    if (stale !== undefined) return stale;
    const after = changed(body, asking.body, api.gate.ledger.now());
    if (isRefusal(after)) return after;
    if (JSON.stringify(after) === JSON.stringify(body)) return document({ cap: showCap(kept) }, version);
    const { raise, limit, mode } = asking.body;
    const how = raise !== undefined && limit === undefined && mode === undefined ? 'raise' : 'change';
    return {
      puts: [putOf('cap', body.id, body.organization, after, { expects: version })],
      audits: [
        auditOf(asking, body.organization, `cap.${how}`, subjectOf(body), {
          before: auditedCap(body),
          after: auditedCap(after),
          reason: raise?.reason ?? '',
        }),
      ],
      events: [capEvent(how === 'raise' ? 'raised' : 'changed', after, version + 1)],
      answer: (next) => document({ cap: showCap({ body: after, version: next, at: 0 }) }, next),
    };
  });
}

export function removeCap(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await ownCap(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const stale = staleFor(asking, version);
    if (stale !== undefined) return stale;
    return {
      puts: [putOf('cap', body.id, body.organization, null, { expects: version })],
      audits: [auditOf(asking, body.organization, 'cap.remove', subjectOf(body), { before: auditedCap(body) })],
      events: [capEvent('removed', body, version + 1)],
      answer: () => ok({ gone: nameOf(body.id) }),
    };
  });
}

function changed(cap: Cap, { limit, mode = cap.mode, raise }: Wanted, at: number): Cap | Refusal {
  const lasting = limit === undefined ? cap.limit : (parseCredits(limit) ?? ZERO);
  const after: Cap = { ...cap, limit: lasting, mode };
  if (raise === undefined) return after;
  if (raise === null) return { ...after, raise: null };
  const until = Date.parse(raise.until);
  const raised = parseCredits(raise.limit) ?? ZERO;
  if (until <= at) {
    return refusal('input_invalid', `body.raise.until: ${iso(until)} has passed; a raise ends in the future.`, {
      field: 'body.raise.until',
    });
  }
  if (until > yearsAfter(at, RAISE_YEARS_MOST)) {
    const message = `body.raise.until: ${iso(until)} is more than ${RAISE_YEARS_MOST} years ahead, which is no raise for a time; change the limit.`;
    return refusal('input_invalid', message, { field: 'body.raise.until' });
  }
  if (raised <= lasting) {
    const message = `body.raise.limit: a raise is above the limit, which is ${toCredits(lasting)}; change the limit to lower it.`;
    return refusal('input_invalid', message, { field: 'body.raise.limit' });
  }
  return { ...after, raise: { limit: raised, until, reason: raise.reason } };
}

function yearsAfter(at: number, years: number): number {
  const date = new Date(at);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}

async function ownCap(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Kept<'cap'> | Refusal> {
  const name = asking.params['cap'] ?? '';
  const kept = await api.directory.get('cap', `${organizationOf(api, asking)}/${name}`);
  return kept ?? refusal('not_found', `There is no cap ${name} in this organization.`);
}

function capEvent(what: 'made' | 'changed' | 'raised' | 'removed', cap: Cap, version: number): ReturnType<typeof eventOf> {
  const { id, organization } = cap;
  return eventOf('cap.changed', { kind: 'cap', id, version }, { organization }, { cap: nameOf(id), what });
}

function idOf({ id }: Cap): string {
  return id;
}

function subjectOf({ id }: Cap): { kind: string; id: string } {
  return { kind: 'cap', id };
}

function auditedCap(cap: Cap): object {
  return { ...cap, limit: toCredits(cap.limit), raise: showRaise(cap) };
}

function showCap({ body, version }: Kept<'cap'>): object {
  const { organization, id, scope, window, limit, mode } = body;
  const shown = scope.kind === 'workspace' && scope.id !== '*' ? { ...scope, id: nameOf(scope.id) } : scope;
  return { organization, id: nameOf(id), scope: shown, window, limit: toCredits(limit), mode, raise: showRaise(body), version };
}

function showRaise({ raise }: Cap): object | null {
  return raise === null ? null : { limit: toCredits(raise.limit), until: iso(raise.until), reason: raise.reason };
}
