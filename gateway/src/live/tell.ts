// What an event says on its way out, the same for webhooks and streams: credits and ISO times where the ledger keeps microcredits and
// milliseconds. The body has the three members that Standard Webhooks proposes.
import { toCredits, type Microcredits } from '@tollgate/shared/credits';
import { EVENT_AMOUNTS } from '@tollgate/shared/events';
import type { LedgerEvent } from '../ledger/rows.ts';
import { nameOf } from '../people/ids.ts';

export interface Told {
  type: string;
  /** ISO 8601 in UTC: when it happened. */
  timestamp: string;
  /** With `organization` and `workspace`, which is null for what concerns the whole organization. */
  data: Record<string, unknown>;
}

export function tell({ type, organization, workspace, at, data }: Omit<LedgerEvent, 'id'>): Told {
  return {
    type,
    timestamp: new Date(at).toISOString(),
    data: { ...membersOf(data), organization, workspace: workspace === null ? null : nameOf(workspace) },
  };
}

const MOMENT = /At$|^(?:at|from|until)$/;

function membersOf(data: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, valueOf(name, value)]));
}

function valueOf(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => valueOf(name, one));
  if (typeof value === 'object' && value !== null) return membersOf(value);
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return value;
  if (EVENT_AMOUNTS.has(name)) return toCredits(value as Microcredits);
  return MOMENT.test(name) ? new Date(value).toISOString() : value;
}
