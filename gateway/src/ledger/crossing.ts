// Alerts: a charge that brings a window to 50, 80 or 100 per cent of its limit is told of, in the commit of the charge (FEATURES K3). An
// event is kept once, so that a crossing is told once in its window, also where the limit was raised and reached again.
import type { Microcredits } from '@tollgate/shared/credits';
import { organizationOf } from '../people/ids.ts';
import type { Draft } from './draft.ts';
import type { Call } from './rows.ts';

/** Follows a charge that brought the window from `before` to `spent`. A limit of 0 has nothing to cross. */
export function tellCrossing(draft: Draft, call: Call, window: string, before: Microcredits, spent: Microcredits): void {
  const limit = call.limits[call.windows.indexOf(window)] ?? 0;
  if (limit === 0) return;
  const crossed = THRESHOLDS.find((at) => !reaches(before, limit, at) && reaches(spent, limit, at));
  if (crossed === undefined) return;
  const { percent } = crossed;
  const { workspace } = call.about;
  draft.changes.events.push({
    id: `alert:${window}:${percent}`,
    type: 'alert.crossed',
    organization: organizationOf(workspace),
    workspace,
    at: draft.at,
    data: { window, percent, limit, spent, callId: call.id },
  });
}

/** By small factors, so that the products of the largest amounts stay exact. */
function reaches(spent: number, limit: number, { parts, of }: { parts: number; of: number }): boolean {
  return spent * of >= limit * parts;
}

const THRESHOLDS = [
  { percent: 100, parts: 1, of: 1 },
  { percent: 80, parts: 4, of: 5 },
  { percent: 50, parts: 1, of: 2 },
];
