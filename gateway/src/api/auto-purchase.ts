// Auto-purchase: its settings, and whether it stands still. What it does is in payments/auto-purchase.ts.
import type { z } from 'zod';
import type { autoPurchaseChange } from '@tollgate/shared/buying-contract';
import { parseCredits, toCredits, ZERO } from '@tollgate/shared/credits';
import { refusal, type Refusal } from '../call/refuse.ts';
import { auditedAutoPurchase } from '../payments/audited.ts';
import { autoOrderId } from '../payments/auto-purchase.ts';
import { poolStanding } from '../payments/pool-standing.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { AutoPurchase } from '../people/documents.ts';
import { attempt, auditOf, staleFor } from './change.ts';
import { document, iso, keyOf, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { millisecondsOf, spanOf } from './time-span.ts';

type Wanted = z.output<typeof autoPurchaseChange>;

const AT_FIRST = { mostPerCycle: 10, coolDownMs: 10 * 60_000, paused: null };

export async function readAutoPurchase(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const kept = await ownOrganization(api, asking);
  return 'refused' in kept ? kept : answered(api, kept);
}

/** Makes it, changes it, or resumes it. */
export function changeAutoPurchase(api: ApiParts, asking: Asking<unknown, Wanted>): Promise<Answered> {
  return change(api, asking, (before) => wanted(api, asking, before));
}

/** Nothing is bought by itself any more. */
export function endAutoPurchase(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return change(api, asking, () => null);
}

function change(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  decide: (before: AutoPurchase | null) => AutoPurchase | null | Refusal,
): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await ownOrganization(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const stale = staleFor(asking, version);
    if (stale !== undefined) return stale;
    if (body.closedAt !== null) return refusal('conflict', `The organization ${body.id} is closed and buys nothing.`);
    const after = decide(body.autoPurchase);
    if (after !== null && 'refused' in after) return after;
    const audited = { before: auditedAutoPurchase(body.autoPurchase), after: auditedAutoPurchase(after) };
    return {
      puts: [putOf('organization', body.id, body.id, { ...body, autoPurchase: after }, { expects: version })],
      audits: [auditOf(asking, body.id, 'auto_purchase.change', { kind: 'organization', id: body.id }, audited)],
      answer: async (next) => answered(api, { body: { ...body, autoPurchase: after }, version: next, at: kept.at }),
    };
  });
}

function wanted(api: ApiParts, asking: Asking<unknown, Wanted>, before: AutoPurchase | null): AutoPurchase | Refusal {
  const { package: name, threshold, mostPerCycle, coolDown, paused } = asking.body;
  const needed =
    before === null && name === undefined ? 'package' : before === null && threshold === undefined ? 'threshold' : undefined;
  if (needed !== undefined) {
    const message = `body.${needed} is missing: the first time, a package and a threshold are needed.`;
    return refusal('input_invalid', message, { field: `body.${needed}` });
  }
  const { packages } = api.cards.current().card;
  if (name !== undefined && !packages.has(name)) {
    const known = [...packages.keys()];
    const message = `body.package: there is no package "${name}"; the rate card sells ${known.length === 0 ? 'none' : known.join(', ')}.`;
    return refusal('input_invalid', message, { field: 'body.package', known });
  }
  const at = api.gate.ledger.now();
  const base = before ?? { ...AT_FIRST, package: '', threshold: ZERO };
  return {
    package: name ?? base.package,
    threshold: threshold === undefined ? base.threshold : (parseCredits(threshold) ?? base.threshold),
    mostPerCycle: mostPerCycle ?? base.mostPerCycle,
    coolDownMs: coolDown === undefined ? base.coolDownMs : millisecondsOf(coolDown),
    paused: pausedAs(paused, base.paused, { reason: `Paused by ${keyOf(asking).id}.`, at }),
  };
}

function pausedAs(
  asked: boolean | undefined,
  before: AutoPurchase['paused'],
  now: NonNullable<AutoPurchase['paused']>,
): AutoPurchase['paused'] {
  if (asked === undefined) return before;
  return asked ? (before ?? now) : null;
}

async function answered(api: ApiParts, { body, version }: Kept<'organization'>): Promise<Answered> {
  const { charging } = api.payments.payments;
  const settings = body.autoPurchase;
  if (settings === null) return document({ charging, autoPurchase: null }, version);
  const sold = api.cards.current().card.packages.get(settings.package);
  const { from } = poolStanding(api.payments, body).cycle;
  const prefix = autoOrderId(body.id, from, '');
  const bought = (await api.directory.list('order', { prefix })).filter((order) => order.body.state === 'paid').length;
  const { package: name, threshold, mostPerCycle, coolDownMs, paused } = settings;
  return document(
    {
      charging,
      autoPurchase: {
        package: name,
        threshold: toCredits(threshold),
        mostPerCycle,
        coolDown: spanOf(coolDownMs),
        paused: paused === null ? null : { reason: paused.reason, at: iso(paused.at) },
        price: sold?.price ?? null,
        credits: sold === undefined ? null : toCredits(sold.credits),
        bought,
      },
    },
    version,
  );
}

async function ownOrganization(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Kept<'organization'> | Refusal> {
  const id = organizationOf(api, asking);
  return (await api.directory.get('organization', id)) ?? refusal('not_found', `There is no organization ${id}.`);
}
