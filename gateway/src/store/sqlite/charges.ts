// What was charged, added up: by whole hours from the roll-ups, and for a part of an hour from its calls.
import type { Charges, ChargesAsked, ChargesPart, ChargeStore } from '../../ledger/beside.ts';
import type { Connection, SqlValue } from './connection.ts';

export function readCharges(lister: Connection): ChargeStore {
  return {
    async charges({ from, until, workspaces, keys, by }) {
      const first = Math.ceil(from / HOUR_MS) * HOUR_MS;
      const hours = Math.max(0, Math.ceil((until - first) / HOUR_MS));
      const values = [first, HOUR_MS, hours, ...seenValues({ workspaces, keys })];
      return await lister.all<Charges>(byHour(by, keys !== undefined), values);
    },
    async chargesToMoments(moments, { workspaces, keys }, callsMost) {
      const ranges: [moment: number, from: number, until: number][] = [];
      let calls = 0;
      for (const moment of moments) {
        const [from, until] = [await placeOf(lister, moment - (moment % HOUR_MS)), await placeOf(lister, moment)];
        ranges.push([moment, from, until]);
        calls += until - from;
      }
      if (calls > callsMost) return undefined;
      const values = [JSON.stringify(ranges), ...seenValues({ workspaces, keys })];
      return await lister.all<ChargesPart>(byMoment(keys !== undefined), values);
    },
  };
}

function seenValues({ workspaces, keys }: Pick<ChargesAsked, 'workspaces' | 'keys'>): SqlValue[] {
  return [JSON.stringify(workspaces), ...(keys === undefined ? [] : [JSON.stringify(keys)])];
}

/** Hour by hour, because the table is kept by hour first: each is one step to the rows of each workspace, and of each key. */
function byHour(by: ChargesAsked['by'], hasKeys: boolean): string {
  return `WITH RECURSIVE hours (hour, left) AS (
      SELECT ?1, ?3 WHERE ?3 > 0 UNION ALL SELECT hour + ?2, left - 1 FROM hours WHERE left > 1
    )
    SELECT r.${by} AS name, sum(r.charge) AS charge, sum(r.calls) AS calls
    FROM hours h CROSS JOIN rollups r ON r.hour = h.hour AND r.workspace IN (SELECT value FROM json_each(?4))
      ${hasKeys ? 'AND r.key IN (SELECT value FROM json_each(?5))' : ''}
    GROUP BY r.${by} ORDER BY r.${by}`;
}

/** Of the calls that roll-ups count. */
function byMoment(hasKeys: boolean): string {
  return `SELECT j.value ->> 0 AS moment, c.reason AS reason, coalesce(sum(e.charge), 0) AS charge, count(*) AS calls
    FROM json_each(?1) j CROSS JOIN calls c ON c.seq >= j.value ->> 1 AND c.seq < j.value ->> 2 CROSS JOIN ends e ON e.seq = c.seq
    WHERE +c.workspace IN (SELECT value FROM json_each(?2)) ${hasKeys ? 'AND +c.key IN (SELECT value FROM json_each(?3))' : ''}
      AND (e.state <> 'released' OR e.ended ->> '$.counted' = 1)
    GROUP BY moment, c.reason`;
}

/** The number of the first call that was held at this moment or after it. Calls are numbered in the order of their holds: found by halves. */
async function placeOf(lister: Connection, moment: number): Promise<number> {
  return (await lister.get<{ place: number }>(PLACE, [moment]))?.place ?? 0;
}

const HELD_AT_MIDDLE = '(SELECT held_at FROM calls WHERE seq >= (low + high) / 2 ORDER BY seq LIMIT 1)';
const PLACE = `WITH RECURSIVE search (low, high) AS (
    SELECT 0, coalesce((SELECT max(seq) FROM calls), 0) + 1
    UNION ALL
    SELECT iif(${HELD_AT_MIDDLE} < ?1, (low + high) / 2 + 1, low), iif(${HELD_AT_MIDDLE} < ?1, high, (low + high) / 2)
    FROM search WHERE low < high
  )
  SELECT low AS place FROM search WHERE low >= high`;

const HOUR_MS = 3_600_000;
