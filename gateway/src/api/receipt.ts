// GET calls/{id}: the receipt. Quantities as stored, the arithmetic computed again by the rate card of the call (promise 4).
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { receiptQuery } from '@tollgate/shared/contract';
import { microcredits, toCredits } from '@tollgate/shared/credits';
import type { CallFacts } from '@tollgate/shared/facts';
import { feeFor } from '@tollgate/shared/money';
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Call, Part } from '../ledger/rows.ts';
import { maySee, showCall } from './calls.ts';
import { factsOf, recompute } from './recompute.ts';
import { keyOf, ok, type Answered, type ApiParts, type Asking } from './route.ts';

type Query = z.output<typeof receiptQuery>;

// A call's end comes from the ledger, or from another call where it is a job: looking is simple, and 100 ms are not felt.
const LOOK_EVERY_MS = 100;

/** With `wait`, resolves as soon as the call has ended, and after that time in any case. */
export async function readReceipt(api: ApiParts, asking: Asking<Query, unknown>): Promise<Answered> {
  const { params, query, res } = asking;
  const until = api.gate.monotonicMs() + Number.parseInt(query.wait ?? '0', 10) * 1_000;
  let call = await visible(api, asking, params['id'] ?? '');
  while (
    'state' in call &&
    call.state === 'open' &&
    api.gate.monotonicMs() < until &&
    !res.destroyed &&
    !api.gate.traffic.draining
  ) {
    await sleep(LOOK_EVERY_MS);
    call = await visible(api, asking, params['id'] ?? '');
  }
  return 'state' in call ? ok(await showReceipt(api, call)) : call;
}

/** The call, or 404 also where it is someone else's. */
async function visible({ store }: ApiParts, asking: Asking<unknown, unknown>, id: string): Promise<Call | Refusal> {
  const call = await store.call(id);
  if (call === undefined || !maySee(keyOf(asking), call))
    return refusal('not_found', `There is no call ${id} that this key may see.`);
  return call;
}

async function showReceipt(api: ApiParts, call: Call): Promise<object> {
  const { ended, free, absorbed, availableBefore, availableAfter } = call;
  const explained = call.state === 'open' ? undefined : await recompute(api, call);
  const { measurement, end } = (ended ?? {}) as Partial<CallFacts>;
  const facts = factsOf(call);
  return {
    ...showCall(call),
    quantities: measurement?.quantities ?? {},
    bounds: facts.bounds,
    inputs: facts.inputs,
    lines: explained?.lines ?? [],
    free: toCredits(free),
    absorbed: toCredits(absorbed),
    paidBy: call.chargedParts.map(showPart),
    availableBefore: toCredits(availableBefore),
    availableAfter: availableAfter === null ? null : toCredits(availableAfter),
    status: end?.status ?? null,
    end: end?.how ?? null,
    why: ended?.['why'] ?? ended?.['reason'] ?? null,
    bytes: ended?.['bytes'] ?? null,
    ms: ended?.['ms'] ?? null,
    fee: await feeOf(api, call),
    reportedBy: ended?.['reportedBy'] ?? null,
  };
}

/** What the extra credits cost that it drew, at the fee of the plan and card that it was held under. */
async function feeOf({ gate }: ApiParts, { chargedParts, about }: Call): Promise<object | null> {
  const parts = chargedParts.filter(({ account }) => account.startsWith('extra:'));
  const drawn = microcredits(parts.reduce((sum, { amount }) => sum + amount, 0));
  const plan = (await gate.cardOf(about.cardVersion))?.plans.get(String(about.more['plan']));
  if (drawn === 0 || plan?.extra === undefined) return null;
  const { amount, currency } = plan.extra.fee;
  return { credits: toCredits(drawn), amount: feeFor(drawn, amount), currency };
}

export function showPart({ account, grant, amount }: Part): object {
  return { account, grant, amount: toCredits(amount) };
}
