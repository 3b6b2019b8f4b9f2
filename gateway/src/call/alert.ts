// A call that a hard cap refused is told of as that cap reached: nothing was spent, so the ledger saw no crossing. Once per process and
// window; the store keeps an event's id once.
import { LRUCache } from 'lru-cache';
import type { CapCheck } from '../ledger/commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';

export interface Alerts {
  /** Notes that a cap refused. Does not wait: the refusal does not depend on it. */
  capReached(cap: CapCheck, refused: Refused): void;
}

export interface Refused {
  organization: string;
  workspace: string;
  callId: string;
  /** Microcredits left in its window. */
  left: number;
}

const KEPT_MOST = 50_000;

export function createAlerts(ledger: Ledger, log: Log): Alerts {
  const told = new LRUCache<string, true>({ max: KEPT_MOST });

  return {
    capReached(cap, { organization, workspace, callId, left }) {
      const window = `${cap.id}@${cap.from}`;
      if (told.has(window)) return;
      told.set(window, true);
      const data = { window, percent: 100, limit: cap.limit, spent: Math.max(0, cap.limit - left), callId };
      const event = { id: `alert:${window}:100`, type: 'alert.crossed', organization, workspace, data };
      ledger.run({ type: 'put', puts: [], audits: [], events: [event] }).catch((error: unknown) => {
        told.delete(window);
        log.warn({ window, error: String(error) }, 'an alert could not be written; the next refusal tells of it');
      });
    },
  };
}
