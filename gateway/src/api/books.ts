// The books: whether they add up, and what came too late to be in them.
import { toCredits } from '@tollgate/shared/credits';
import { verifyAll } from '../ledger/verify-all.ts';
import { showCall } from './calls.ts';
import { iso, ok, type Answered, type ApiParts } from './route.ts';

const LATE_MOST = 1_000;

/** Re-adds everything in one snapshot, while calls go on. */
export async function readVerified({ store, gate }: ApiParts): Promise<Answered> {
  const snapshot = await store.snapshot();
  try {
    return ok(await verifyAll(snapshot, { at: gate.ledger.now(), leaseMs: gate.rules.leaseMs }));
  } finally {
    await snapshot.close();
  }
}

/** Settles that came after their hold had lapsed (rule 3): what they would have charged, and what was charged. */
export async function readLate({ store }: ApiParts): Promise<Answered> {
  const late = await store.late(LATE_MOST);
  const shown = late.map(async ({ callId, at, settlement }) => {
    const call = await store.call(callId);
    const charged = call?.charge ?? null;
    return {
      callId,
      at: iso(at),
      charge: toCredits(settlement.charge),
      charged: charged === null ? null : toCredits(charged),
      call: call === undefined ? null : showCall(call),
    };
  });
  return ok({ late: await Promise.all(shown) });
}
