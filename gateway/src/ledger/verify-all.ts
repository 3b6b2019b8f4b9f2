// Verify, gathered: what the API and the command line answer.
import { verify, type Finding, type VerifyStore } from './verify.ts';

export interface Verified {
  ok: boolean;
  findings: Finding[];
  /** True where there are more findings than these. */
  more: boolean;
}

// Whoever has more findings than this mends the first ones first.
const FINDINGS_MOST = 1_000;
// The sweep comes every second and waits one lease after an outage; a hold that is older than that was forgotten.
const OVERDUE_LEASES = 3;

/** @param options the ledger's clock in epoch milliseconds, and how long a lease is */
export async function verifyAll(store: VerifyStore, { at, leaseMs }: { at: number; leaseMs: number }): Promise<Verified> {
  const findings: Finding[] = [];
  for await (const finding of verify(store, { at, overdueMs: OVERDUE_LEASES * leaseMs })) {
    findings.push(finding);
    if (findings.length > FINDINGS_MOST) break;
  }
  const more = findings.length > FINDINGS_MOST;
  return { ok: findings.length === 0, findings: findings.slice(0, FINDINGS_MOST), more };
}
