// Roll-ups are written in the commit of the call's end, so that a chart never disagrees with the ledger.
import { ZERO } from '@tollgate/shared/credits';
import type { Draft } from './draft.ts';
import type { Call, RollupDelta } from './rows.ts';

/** Adds an ended call to its hour. */
export function count(draft: Draft, call: Call): void {
  if (isCounted(call)) draft.changes.rollups.push(rollupOf(call));
}

/** Every charged call counts, also at zero; a released one only where it was answered and says so (`counted: true`). */
export function isCounted(call: Call): boolean {
  return call.state === 'settled' || call.state === 'lapsed' || (call.state === 'released' && call.ended?.['counted'] === true);
}

/** What one call adds, under the hour of `heldAt` (rule 2). */
export function rollupOf(call: Call): RollupDelta {
  const { workspace, key, service, operation, reason } = call.about;
  const hour = call.heldAt - (call.heldAt % HOUR_MS);
  return {
    hour,
    workspace,
    key,
    service,
    operation,
    reason,
    calls: 1,
    charge: call.charge ?? ZERO,
    free: call.free,
    absorbed: call.absorbed,
  };
}

/** What two deltas of one bucket have in common: a text that no two buckets share. */
export function bucketOf(row: RollupDelta): string {
  return JSON.stringify([row.hour, row.workspace, row.key, row.service, row.operation, row.reason]);
}

const HOUR_MS = 3_600_000;
