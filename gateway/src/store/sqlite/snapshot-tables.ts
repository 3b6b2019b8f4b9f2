// What verify re-adds inside the database: sums over the calls and the entries, each laid out in the order in which it is read.

// Windows that count what is on one account: named in the ledger's extra-window.ts.
const OF_ONE_ACCOUNT = "(w.value LIKE 'extra:%' OR w.value LIKE 'watch:pool:%' OR w.value LIKE 'watch:user:%')";

/** Run in this order at the start of a snapshot; in the temporary schema, so that nothing of the store is written. */
export const LAY_OUT = [
  // A text that is no JSON must be found, not thrown over, wherever it is: an unreadable row counts as empty here.
  `CREATE TEMP TABLE charges AS
    SELECT call_id, sum(CASE kind WHEN 'charge' THEN -delta ELSE 0 END) AS charged, sum(CASE kind WHEN 'absorb' THEN delta ELSE 0 END) AS absorbed,
      min(call_digest) AS first_digest, max(call_digest) AS last_digest
    FROM entries WHERE kind IN ('charge', 'absorb') GROUP BY call_id`,
  'CREATE TEMP TABLE entry_order AS SELECT id FROM entries ORDER BY account, number',
  'CREATE UNIQUE INDEX temp.charges_call ON charges (call_id)',
  `CREATE TEMP TABLE holdings AS
    SELECT p.value ->> 0 AS account, p.value ->> 1 AS "grant", sum(p.value ->> 2) AS held
    FROM holds h JOIN calls c ON c.seq = h.seq, json_each(CASE WHEN json_valid(c.parts) THEN c.parts ELSE '[]' END) p
    WHERE p.type = 'array' GROUP BY 1, 2 ORDER BY 1, 2`,
  // Of the windows of extra credits and of what is watched by account only the parts on that account count.
  `CREATE TEMP TABLE window_sums AS
    SELECT coalesce(r.id, s.id) AS id, r.id AS row_id, r.spent, r.held, s.id AS sum_id, s.spent AS sum_spent, s.held AS sum_held
    FROM cap_windows r FULL JOIN (
      SELECT w.value AS id,
        sum(CASE WHEN ${OF_ONE_ACCOUNT} THEN ${partsOf('e.parts')} ELSE coalesce(e.charge, 0) END) AS spent,
        sum(CASE WHEN e.seq IS NOT NULL THEN 0 WHEN ${OF_ONE_ACCOUNT} THEN ${partsOf('c.parts')} ELSE c.hold END) AS held
      FROM calls c LEFT JOIN ends e ON e.seq = c.seq, json_each(CASE WHEN json_valid(c.windows) THEN c.windows ELSE '[]' END) w
      GROUP BY 1
    ) s ON s.id = r.id`,
  // A period that has passed has grants and no row.
  `CREATE TEMP TABLE allowance_sums AS
    SELECT a.*, coalesce(s.granted, 0) AS sum
    FROM allowances a LEFT JOIN (
      SELECT period, sum(amount) AS granted FROM (
        SELECT terms ->> '$.period' AS period, amount FROM grants WHERE json_valid(terms)
        UNION ALL SELECT terms ->> '$.seatPeriod', amount FROM grants WHERE json_valid(terms)
      ) GROUP BY period
    ) s ON s.period = a.id || '@' || a.starts_at`,
  `CREATE TEMP TABLE rollup_sums AS
    SELECT coalesce(r.hour, s.hour) || ' ' || coalesce(r.workspace, s.workspace) || ' ' || coalesce(r.key, s.key) || ' ' ||
        coalesce(r.service, s.service) || ' ' || coalesce(r.operation, s.operation) || ' ' || coalesce(r.reason, s.reason) AS id,
      r.calls, r.charge, r.free, r.absorbed, s.calls AS sum_calls, s.charge AS sum_charge, s.free AS sum_free, s.absorbed AS sum_absorbed
    FROM rollups r FULL JOIN (
      SELECT c.held_at - c.held_at % 3600000 AS hour, c.workspace, c.key, c.service, c.operation, c.reason, count(*) AS calls,
        sum(coalesce(e.charge, 0)) AS charge, sum(e.free) AS free, sum(e.absorbed) AS absorbed
      FROM calls c JOIN ends e ON e.seq = c.seq
      WHERE e.state <> 'released' OR CASE WHEN json_valid(e.ended) THEN json_type(e.ended, '$.counted') = 'true' ELSE 0 END
      GROUP BY 1, 2, 3, 4, 5, 6
    ) s ON s.hour = r.hour AND s.workspace = r.workspace AND s.key = r.key AND s.service = r.service AND s.operation = r.operation
      AND s.reason = r.reason`,
];

/** What a call's parts have on the account of the window \`w\`, which is named up to its moment. */
function partsOf(column: string): string {
  return `(SELECT coalesce(sum(p.value ->> 2), 0) FROM json_each(CASE WHEN json_valid(${column}) THEN ${column} ELSE '[]' END) p
          WHERE p.type = 'array' AND p.value ->> 0 = replace(substr(w.value, 1, instr(w.value, '@') - 1), 'watch:', ''))`;
}
