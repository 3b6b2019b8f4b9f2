// Records, as people and places are read, and what a sweep looks for, on the reader's connection.
import type { AuditStore, EndedAllowance, PeriodStore, RecordPage, RecordStore } from '../../ledger/beside.ts';
import { auditOf, recordOf } from './beside-rows.ts';
import { conditionsOf, type Condition } from './conditions.ts';
import type { Connection } from './connection.ts';
import { gather } from './gather.ts';
import type { StoredRecord } from '../../ledger/rows.ts';

export function readRecords(reader: Connection): RecordStore {
  const byId = gather((keys: readonly Key[]) => readBy(reader, 'id', keys));
  const byLookup = gather((keys: readonly Key[]) => readBy(reader, 'lookup', keys));
  return {
    record: (kind, id) => byId([kind, id]),
    recordByLookup: (kind, lookup) => byLookup([kind, lookup]),
    async records(kind, page) {
      const { where, values } = conditionsOf([['kind = ?', kind], ['body IS NOT NULL'], ...pageConditions(page)]);
      const rows = await reader.all(`SELECT * FROM records ${where} ORDER BY id LIMIT ?`, [...values, page.limit ?? -1]);
      return rows.map(recordOf);
    },
  };
}

type Key = readonly [kind: string, name: string];

async function readBy(reader: Connection, name: 'id' | 'lookup', keys: readonly Key[]): Promise<(StoredRecord | undefined)[]> {
  const sql = `SELECT j.key AS place, r.* FROM json_each(?) j CROSS JOIN records r ON r.kind = j.value ->> 0 AND r.${name} = j.value ->> 1`;
  const found = new Map((await reader.all(sql, [JSON.stringify(keys)])).map((row) => [row['place'] as number, recordOf(row)]));
  return keys.map((_, index) => found.get(index));
}

/** A prefix is a range of ids, so that an index finds it: nothing that starts with it sorts after the last character there is. */
function pageConditions({ organization, user, prefix, after }: RecordPage): Condition[] {
  return [
    ['organization = ?', organization],
    ["body ->> '$.user' = ?", user],
    ['id >= ?', prefix],
    ['id < ?', prefix === undefined ? undefined : `${prefix}\u{10FFFF}`],
    ['id > ?', after],
  ];
}

export function readAudits(reader: Connection): AuditStore {
  return {
    async audits({ organization, action, by, subject, before, limit }) {
      const { where, values } = conditionsOf([
        // A subject has few rows, and its own index.
        [subject === undefined ? 'organization = ?' : '+organization = ?', organization],
        ['subject_kind = ?', subject?.kind],
        ['subject_id = ?', subject?.id],
        ['action = ?', action],
        ['by = ?', by],
        ['number < ?', before],
      ]);
      const rows = await reader.all(`SELECT * FROM audits ${where} ORDER BY number DESC LIMIT ?`, [...values, limit]);
      return rows.map(auditOf);
    },
  };
}

export function readPeriods(reader: Connection): PeriodStore {
  return {
    async endedAllowances(at, most, after = { id: '', until: -1 }) {
      return await reader.all<EndedAllowance>(ENDED_ALLOWANCES, [at, after.until, after.id, most]);
    },
    async openHolds(workspace) {
      return (await reader.get<{ held: number }>(OPEN_HOLDS, [workspace]))?.held ?? 0;
    },
    async lastAt() {
      return (await reader.get<{ at: number }>(LAST_AT))?.at ?? 0;
    },
  };
}

const ENDED_ALLOWANCES = `SELECT id, until FROM allowances WHERE (id < 'seat:' OR id >= 'seat;') AND until <= ? AND (until, id) > (?, ?) ORDER BY until, id LIMIT ?`;

// In this order, from the open calls, which are few, and not from all calls of the workspace.
const OPEN_HOLDS = 'SELECT count(*) AS held FROM holds h CROSS JOIN calls c ON c.seq = h.seq WHERE c.workspace = ?';

// A call that was charged nothing, a change of a record or an event has no entry of its own.
const LAST_AT = `SELECT max(
    coalesce((SELECT at FROM entries ORDER BY id DESC LIMIT 1), 0),
    coalesce((SELECT held_at FROM calls ORDER BY seq DESC LIMIT 1), 0),
    coalesce((SELECT at FROM audits ORDER BY number DESC LIMIT 1), 0),
    coalesce((SELECT at FROM events ORDER BY number DESC LIMIT 1), 0)
  ) AS at`;
