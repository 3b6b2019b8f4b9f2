// The books: whether they add up, and what came too late to be in them.
import { toCredits } from '@tollgate/shared/credits';
import { verify, type Finding } from '../ledger/verify.ts';
import { showCall } from './calls.ts';
import { iso, ok, type Answered, type ApiParts } from './route.ts';

// Whoever has more findings than this mends the first ones first.
const FINDINGS_MOST = 1_000;
const LATE_MOST = 1_000;
// The sweep comes every second and waits one lease after an outage; a hold that is older than that was forgotten.
const OVERDUE_LEASES = 3;

/** Re-adds everything in one snapshot, while calls go on. */
export async function readVerified({ store, gate }: ApiParts): Promise<Answered> {
  const options = { at: gate.ledger.now(), overdueMs: OVERDUE_LEASES * gate.rules.leaseMs };
  const findings: Finding[] = [];
  const snapshot = await store.snapshot();
  try {
    for await (const finding of verify(snapshot, options)) {
      findings.push(finding);
      if (findings.length > FINDINGS_MOST) break;
    }
  } finally {
    await snapshot.close();
  }
  const more = findings.length > FINDINGS_MOST;
  return ok({ ok: findings.length === 0, findings: findings.slice(0, FINDINGS_MOST), more });
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
