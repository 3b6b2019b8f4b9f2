// What the hammer of caps reads of the ledger's file: all accounts together, the moment of each hold, and what was drawn as extra credits.
import type { Books, LedgerRow } from './ledger-rows.ts';
import { withDatabase } from './ledger-rows.ts';
import { MARK } from './plan.ts';

export interface CapsRow extends LedgerRow {
  key: string;
  /** Epoch milliseconds by the ledger's clock. */
  heldAt: number;
}

export interface CapsBooks extends Books {
  /** In the order of their holds. */
  rows: readonly CapsRow[];
  /** Charged to extra credits, in microcredits, by call. */
  extra: ReadonlyMap<string, number>;
  /** What was given as allowances, in microcredits, by account and the end of the day. */
  allowances: readonly { account: string; expiresAt: number; amount: number }[];
}

/** Reads everything in one transaction. `granted` is less what has expired or was voided. */
export async function readCapsBooks(file: string): Promise<CapsBooks> {
  return await withDatabase(file, async (all) => {
    await all('BEGIN');
    const rows = await all<CapsRow>(
      `SELECT id, CAST(more ->> '$.labels.${MARK.label}' AS INTEGER) AS n, state, operation, hold, charge, absorbed, key,
        held_at AS heldAt, lease_until AS leaseUntil, ended ->> '$.why' AS why FROM whole_calls ORDER BY seq`,
    );
    const [sums] = await all<{ balance: number; held: number }>(
      'SELECT coalesce(sum(balance), 0) AS balance, coalesce(sum(held), 0) AS held FROM accounts',
    );
    const [granted] = await all<{ granted: number }>(
      "SELECT coalesce(sum(delta), 0) AS granted FROM entries WHERE kind IN ('grant', 'expire', 'void')",
    );
    const extra = await all<{ call: string; charge: number }>(
      "SELECT call_id AS call, sum(-delta) AS charge FROM entries WHERE account = 'extra:main' AND kind = 'charge' GROUP BY call_id",
    );
    const allowances = await all<CapsBooks['allowances'][0]>(
      "SELECT account, expires_at AS expiresAt, sum(amount) AS amount FROM grants WHERE kind = 'allowance' GROUP BY account, expires_at",
    );
    await all('COMMIT');
    return {
      rows,
      balance: sums?.balance ?? 0,
      held: sums?.held ?? 0,
      granted: granted?.granted ?? 0,
      extra: new Map(extra.map(({ call, charge }) => [call, charge])),
      allowances,
    };
  });
}
