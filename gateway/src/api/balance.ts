// GET balance: what can be spent now, by the functions that decide a hold (decision 7).
import { toCredits } from '@tollgate/shared/credits';
import { isRefusal } from '../call/refuse.ts';
import { layOut } from '../payer/lay-out.ts';
import { isoOrNull, keyOf, ok, type Answered, type ApiParts, type Asking } from './route.ts';

export async function readBalance(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const key = keyOf(asking);
  const { gate } = api;
  const payer = await gate.payers.of(key, undefined);
  if (isRefusal(payer)) return payer;
  const laid = layOut(payer, { id: '', service: '', operation: '', chain: null }, gate.ledger.now());
  const { available, held, sources, nextExpiryAt, caps } = await gate.ledger.standing(laid);
  const own = caps.filter(({ id }) => id.startsWith('key:'));
  return ok({
    organization: payer.organization.id,
    available: toCredits(available),
    held: toCredits(held),
    nextExpiryAt: isoOrNull(nextExpiryAt),
    sources: sources.map((source) => ({
      account: source.account,
      available: toCredits(source.available),
      held: toCredits(source.held),
    })),
    key: {
      id: key.id,
      scope: key.scope,
      workspace: payer.workspace.name,
      caps: own.map(({ window, limit, used, resetsAt }) => ({
        window,
        limit: toCredits(limit),
        used: toCredits(used),
        resetsAt: isoOrNull(resetsAt),
      })),
    },
  });
}
