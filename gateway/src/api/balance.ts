// GET balance: what can be spent now, by the functions that decide a hold (decision 7).
import { toCredits, ZERO } from '@tollgate/shared/credits';
import { capsOf } from '../call/hold.ts';
import type { CapStanding } from '../ledger/outcomes.ts';
import type { Key } from '../keys/key.ts';
import { isoOrNull, keyOf, ok, type Answered, type ApiParts, type Asking } from './route.ts';

export async function readBalance(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const key = keyOf(asking);
  const { gate } = api;
  const { available, held, sources, nextExpiryAt } = await gate.ledger.standing({ sources: [`pool:${gate.rules.organization}`] });
  const caps = await standingOfCaps(api, key);
  return ok({
    organization: gate.rules.organization,
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
      workspace: key.workspace,
      caps: caps.map(({ window, limit, used, resetsAt }) => ({
        window,
        limit: toCredits(limit),
        used: toCredits(used),
        resetsAt: isoOrNull(resetsAt),
      })),
    },
  });
}

/** What a hold of nothing would say of the key's caps. */
async function standingOfCaps(api: ApiParts, key: Key): Promise<readonly CapStanding[]> {
  const { gate } = api;
  if (key.caps.length === 0) return [];
  const outcome = await gate.ledger.rehearse({
    type: 'hold',
    callId: gate.newCallId(),
    amount: ZERO,
    sources: [`pool:${gate.rules.organization}`],
    caps: capsOf(key, gate.rules.timeZone, gate.ledger.now()),
    owner: gate.owner,
    leaseMs: gate.rules.leaseMs,
    claim: null,
    about: { workspace: key.workspace, key: key.id, service: '', operation: '', reason: '', cardVersion: '', more: {} },
    onLapse: { charge: ZERO, free: ZERO, absorbed: ZERO, ended: {} },
  });
  if (!outcome.ok) throw new Error(`a hold of nothing was refused as ${outcome.refusal}`);
  return outcome.caps;
}
