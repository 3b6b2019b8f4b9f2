// What was charged, added up from the roll-ups.
import type { Charges, ChargesAsked, ChargeStore } from '../../ledger/beside.ts';
import type { Connection } from './connection.ts';

export function readCharges(lister: Connection): ChargeStore {
  return {
    async charges({ from, until, workspaces, keys, by }) {
      const first = Math.ceil(from / HOUR_MS) * HOUR_MS;
      const hours = Math.max(0, Math.ceil((until - first) / HOUR_MS));
      const own = keys === undefined ? [] : [JSON.stringify(keys)];
      return await lister.all<Charges>(sqlOf(by, own.length > 0), [first, HOUR_MS, hours, JSON.stringify(workspaces), ...own]);
    },
  };
}

/** Hour by hour, because the table is kept by hour first: each is one step to the rows of each workspace, and of each key. */
function sqlOf(by: ChargesAsked['by'], hasKeys: boolean): string {
  return `WITH RECURSIVE hours (hour, left) AS (
      SELECT ?1, ?3 WHERE ?3 > 0 UNION ALL SELECT hour + ?2, left - 1 FROM hours WHERE left > 1
    )
    SELECT r.${by} AS name, sum(r.charge) AS charge, sum(r.calls) AS calls
    FROM hours h CROSS JOIN rollups r ON r.hour = h.hour AND r.workspace IN (SELECT value FROM json_each(?4))
      ${hasKeys ? 'AND r.key IN (SELECT value FROM json_each(?5))' : ''}
    GROUP BY r.${by} ORDER BY r.${by}`;
}

const HOUR_MS = 3_600_000;
