// What people and the console read: lists and sums, on a connection of their own, so that no list ever waits for a batch or holds one up, nor
// what a call reads. The one row that a call looks for is read beside these.
import type { Microcredits } from '@tollgate/shared/credits';
import type { Observed } from '@tollgate/shared/estimate';
import type { Quantities } from '@tollgate/shared/facts';
import type { Settlement } from '../../ledger/commands.ts';
import type { CallFilter } from '../../ledger/beside.ts';
import type { Call, Entry, Grant } from '../../ledger/rows.ts';
import { callConditions } from './call-conditions.ts';
import { conditionsOf } from './conditions.ts';
import type { Connection } from './connection.ts';
import { callOf, entryOf, grantOf } from './decode.ts';

export type RollupColumn = 'hour' | 'workspace' | 'key' | 'service' | 'operation' | 'reason';

export type RollupSum = Partial<Record<Exclude<RollupColumn, 'hour'>, string>> & {
  hour?: number;
  calls: number;
  charge: Microcredits;
  free: Microcredits;
  absorbed: Microcredits;
};

export interface Lists {
  call(id: string): Promise<Call | undefined>;
  /** Newest first. */
  calls(filter: CallFilter): Promise<Call[]>;
  openCallOfJob(service: string, job: string): Promise<Call | undefined>;
  /** An account's statement, newest first. `before`: a number of an entry; only earlier ones. */
  entries(account: string, page: { before?: number; limit: number }): Promise<Entry[]>;
  /** An account's grants, newest first, also spent and ended ones. `before`: the id of one; all of them without a page. */
  grantsOf(account: string, page?: { before?: string; limit: number }): Promise<Grant[]>;
  /** Sums over whole hours, `from` ≤ hour < `until` in epoch milliseconds, one row per combination of `groupBy`. */
  rollups(range: { from: number; until: number; groupBy: readonly RollupColumn[] }): Promise<RollupSum[]>;
  /** What the last settled calls of an operation in a workspace used, and the most that each could have used, newest first. */
  recentQuantities(operation: string, workspace: string, most: number): Promise<Observed[]>;
  /** Settles that came after a lapse, newest first. */
  late(most: number): Promise<{ callId: string; at: number; settlement: Settlement }[]>;
  /** Every operation, card and workspace of which a call broke a bound. */
  brokenBounds(): Promise<{ operation: string; cardVersion: string; workspace: string }[]>;
}

export function lists(reader: Connection, lister: Connection): Lists {
  return {
    async call(id) {
      const row = await reader.get('SELECT * FROM whole_calls WHERE id = ?', [id]);
      return row === undefined ? undefined : callOf(row);
    },
    async calls(filter) {
      const { where, values } = conditionsOf(callConditions(filter));
      const rows = await lister.all(`SELECT * FROM whole_calls ${where} ORDER BY seq DESC LIMIT ?`, [...values, filter.limit]);
      return rows.map(callOf);
    },
    async openCallOfJob(service, job) {
      const row = await reader.get(
        'SELECT * FROM whole_calls WHERE seq IN (SELECT seq FROM holds WHERE job = ?) AND service = ? ORDER BY seq LIMIT 1',
        [job, service],
      );
      return row === undefined ? undefined : callOf(row);
    },
    async entries(account, { before = Number.MAX_SAFE_INTEGER, limit }) {
      return (await lister.all(STATEMENT, [account, before, account, before, limit])).map(entryOf);
    },
    async grantsOf(account, { before = null, limit = -1 }: { before?: string | null; limit?: number } = {}) {
      return (await lister.all(GRANTS, [account, before, before, account, limit])).map(grantOf);
    },
    async rollups({ from, until, groupBy }) {
      const columns = groupBy.filter((column) => ROLLUP_COLUMNS.has(column));
      const sums = 'sum(calls) AS calls, sum(charge) AS charge, sum(free) AS free, sum(absorbed) AS absorbed';
      const grouped = columns.length === 0 ? '' : `GROUP BY ${columns.join(', ')} ORDER BY ${columns.join(', ')}`;
      const sql = `SELECT ${[...columns, sums].join(', ')} FROM rollups WHERE hour >= ? AND hour < ? ${grouped}`;
      const rows = await lister.all<RollupSum & { calls: number | null }>(sql, [from, until]);
      return rows.filter((row) => row.calls !== null);
    },
    async recentQuantities(operation, workspace, most) {
      const rows = await lister.all<{ quantities: string | null; bounds: string | null }>(RECENT_QUANTITIES, [
        workspace,
        operation,
        most,
      ]);
      return rows.flatMap(({ quantities, bounds }) => {
        if (quantities === null) return [];
        return { quantities: JSON.parse(quantities) as Quantities, bounds: JSON.parse(bounds ?? '{}') as Observed['bounds'] };
      });
    },
    async late(most) {
      const sql = 'SELECT call_id, at, charge, free, absorbed, ended FROM late_settles ORDER BY id DESC LIMIT ?';
      return (await lister.all<LateRow>(sql, [most])).map(({ call_id: callId, at, ended, ...amounts }) => {
        return { callId, at, settlement: { ...amounts, ended: JSON.parse(ended) as Settlement['ended'] } };
      });
    },
    async brokenBounds() {
      return await lister.all(BROKEN_BOUNDS);
    },
  };
}

type LateRow = Omit<Settlement, 'ended'> & { call_id: string; at: number; ended: string };

const RECENT_QUANTITIES = `SELECT e.ended -> '$.measurement.quantities' AS quantities, c.more -> '$.bounds' AS bounds FROM calls c JOIN ends e ON e.seq = c.seq
        WHERE c.workspace = ? AND c.operation = ? AND e.state = 'settled' ORDER BY c.seq DESC LIMIT ?`;

const BROKEN_BOUNDS = `SELECT DISTINCT c.operation, c.card_version AS cardVersion, c.workspace FROM ends e JOIN calls c ON c.seq = e.seq
        LEFT JOIN resumes r ON r.operation = c.operation
        WHERE instr(e.ended, '"bound_broken"') > 0 AND e.ended_at > coalesce(r.resumed_at, -1)`;

const GRANTS = `SELECT * FROM grants WHERE account = ?
  AND (? IS NULL OR (-effective_at, id) > (SELECT -effective_at, id FROM grants WHERE id = ? AND account = ?))
  ORDER BY effective_at DESC, id LIMIT ?`;

// Steps into the account's chain at the next entry that has an index, or at its end, and goes back from there.
const STATEMENT = `WITH RECURSIVE
  place (id) AS (
    SELECT coalesce(
      (SELECT id FROM entries WHERE account = ? AND number % 64 = 0 AND number >= ? ORDER BY number LIMIT 1),
      (SELECT last FROM accounts WHERE id = ?)
    )
  ),
  back (id, prev, number) AS (
    SELECT e.id, e.prev, e.number FROM place p JOIN entries e ON e.id = p.id
    UNION ALL SELECT e.id, e.prev, e.number FROM back b JOIN entries e ON e.id = b.prev
  )
  SELECT e.* FROM back b JOIN entries e ON e.id = b.id WHERE b.number < ? LIMIT ?`;

// Names go into the statement's text, so that only these may.
const ROLLUP_COLUMNS: ReadonlySet<string> = new Set<RollupColumn>(['hour', 'workspace', 'key', 'service', 'operation', 'reason']);
