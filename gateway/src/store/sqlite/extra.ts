// What was drawn as extra credits: windows of cycles, and the sums of the grants that each draw has made.
import type { ExtraDrawn, ExtraStore } from '../../ledger/beside.ts';
import type { CapWindow, Fee } from '../../ledger/rows.ts';
import type { Connection } from './connection.ts';

export function readExtra(reader: Connection): ExtraStore {
  return {
    async extraWindows(organization) {
      // `@` is followed by `A`, and `:` by `;`: the range is that of the prefix.
      const [from, until] =
        organization === undefined ? ['extra:', 'extra;'] : [`extra:${organization}@`, `extra:${organization}A`];
      return await reader.all<CapWindow>('SELECT id, spent, held FROM cap_windows WHERE id >= ? AND id < ? ORDER BY id', [
        from,
        until,
      ]);
    },
    async extraDrawn(account, from, until) {
      const rows = await reader.all<Omit<ExtraDrawn, 'fee'> & { fee: string }>(DRAWN, [account, from, until]);
      return rows.map(({ fee, spent, held }) => ({ fee: JSON.parse(fee) as Fee, spent, held }));
    },
  };
}

// The range of accounts is said once more so that the index of extra grants alone is used.
const DRAWN = `SELECT terms -> '$.fee' AS fee, sum(spent) AS spent, sum(held) AS held FROM grants
  WHERE account = ? AND account >= 'extra:' AND account < 'extra;' AND effective_at >= ? AND effective_at < ?
  GROUP BY fee ORDER BY fee`;
