// What event streams and forecasts read beside the events: charges in the order of their commits, and sums by hour.
import type { Charged, HourlyCharge, LiveStore } from '../../live/live-store.ts';
import { callOf } from './decode.ts';
import type { Connection } from './connection.ts';

export function readTold(reader: Connection): Pick<LiveStore, 'lastEntry' | 'charged' | 'hourlyCharges'> {
  return {
    async lastEntry() {
      return (await reader.get<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM entries'))?.id ?? 0;
    },
    async charged({ after, upTo, organizations }) {
      const own = organizations === undefined ? null : JSON.stringify(organizations);
      const rows = await reader.all(CHARGED, [after - LOOK_BACK, upTo, after, own, own]);
      return rows.map((row): Charged => ({ entry: row['entry'] as number, call: callOf(row) }));
    },
    async hourlyCharges(organization, { from, until }) {
      // Hour by hour, because the table is kept by hour first: each is one step to the organization's own rows.
      const first = Math.ceil(from / HOUR_MS) * HOUR_MS;
      const hours = Math.max(0, Math.ceil((until - first) / HOUR_MS));
      return await reader.all<HourlyCharge>(HOURLY, [first, HOUR_MS, hours, `${organization}/`, `${organization}0`]);
    },
  };
}

const HOUR_MS = 3_600_000;
// The charge of a call may be several entries, one for each account, with expiries between them. The first is the place of the call, so
// the look goes back past whatever one command may have written before it.
const LOOK_BACK = 512;

const CHARGED = `SELECT first.entry, c.* FROM (
    SELECT call_id, min(id) AS entry FROM entries WHERE id > ? AND id <= ? AND kind = 'charge' GROUP BY call_id HAVING min(id) > ?
  ) first JOIN whole_calls c ON c.id = first.call_id
  WHERE ? IS NULL OR substr(c.workspace, 1, instr(c.workspace, '/') - 1) IN (SELECT value FROM json_each(?))
  ORDER BY first.entry`;

const HOURLY = `WITH RECURSIVE hours (hour, left) AS (
    SELECT ?1, ?3 WHERE ?3 > 0 UNION ALL SELECT hour + ?2, left - 1 FROM hours WHERE left > 1
  )
  SELECT r.hour, sum(r.charge) AS charge FROM hours h CROSS JOIN rollups r ON r.hour = h.hour AND r.workspace >= ?4 AND r.workspace < ?5
  GROUP BY r.hour ORDER BY r.hour`;
