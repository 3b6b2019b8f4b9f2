// GET balance: what can be spent now, by the functions that decide a hold (decision 7).
import type { z } from 'zod';
import type { balanceQuery } from '@tollgate/shared/balance-contract';
import { toCredits } from '@tollgate/shared/credits';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { layOutAll } from '../payer/lay-out.ts';
import { momentOf } from '../payer/moment.ts';
import type { Payer } from '../payer/payer.ts';
import { nameOf } from '../people/ids.ts';
import { payerAsked } from './payer-asked.ts';
import { isoOrNull, keyOf, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { showCap, showCycle, showExtra, showPackages, showSource } from './show-balance.ts';

type Query = z.output<typeof balanceQuery>;

/** Of the context that a key spends in; of a whole organization for who manages it. */
export async function readBalance(api: ApiParts, asking: Asking<Query, unknown>): Promise<Answered> {
  const key = keyOf(asking);
  const { gate, store } = api;
  const isWhole = key.scope === 'manage' || key.scope === 'operate';
  const payer = isWhole ? await wholeOf(api, asking) : await payerAsked(api, key, asking.query.context);
  if (isRefusal(payer)) return payer;
  const at = gate.ledger.now();
  const laid = layOutAll(payer, at);
  const [standing, contexts, grants] = await Promise.all([
    gate.ledger.standing(laid),
    isWhole ? [] : gate.payers.contextsOf(key),
    Promise.all(laid.sources.map((account) => store.grantsOf(account))),
  ]);
  const moment = momentOf(payer, at);
  const { organization, workspace, user, seat } = payer;
  const caps = standing.caps.filter(({ mode }) => mode !== 'watch');
  return ok({
    organization: organization.id,
    context: {
      organization: organization.id,
      workspace: isWhole ? null : workspace.name,
      kind: isWhole ? null : workspace.kind,
      user: user?.id ?? null,
      plan: moment.plan?.name ?? null,
      seat: seat?.type ?? null,
    },
    contexts: contexts.map((one) => ({ organization: one.organization, workspace: one.name, kind: one.kind })),
    available: toCredits(standing.available),
    held: toCredits(standing.held),
    nextExpiryAt: isoOrNull(standing.nextExpiryAt),
    sources: standing.sources.map((source, index) => showSource(source, grants[index] ?? [], at)),
    extra: showExtra(standing.extra, laid.terms),
    cycle: showCycle(payer, laid, standing, at),
    caps: caps.map((cap) => showCap(cap, laid, payer, at)),
    packages: showPackages(standing, grants.flat()),
    key: {
      id: key.id,
      scope: key.scope,
      workspace: nameOf(key.workspace),
      caps: caps
        .filter(({ id }) => id.startsWith('key:'))
        .map(({ window, limit, used, resetsAt }) => ({
          window,
          limit: toCredits(limit),
          used: toCredits(used),
          resetsAt: isoOrNull(resetsAt),
        })),
    },
  });
}

async function wholeOf(api: ApiParts, asking: Asking<Query, unknown>): Promise<Payer | Refusal> {
  if (asking.query.context !== undefined) {
    const message = 'query.context is for keys that spend in contexts; this key reads a whole organization.';
    return refusal('input_invalid', message, { field: 'query.context' });
  }
  const id = organizationOf(api, asking);
  const payer = await api.gate.payers.ofOrganization(keyOf(asking), id);
  return payer ?? refusal('not_found', `There is no organization ${id} that this key may see.`);
}
