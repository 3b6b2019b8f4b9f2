/** The saved queries of the demo. */
export const QUERIES = [
  {
    id: 4107,
    name: 'Trades by project',
    engine: 'medium',
    sql: `SELECT block_date, project, blockchain, trades, amount_usd
FROM dex.trades_daily
WHERE block_date >= DATE '2026-01-01'
ORDER BY block_date`,
  },
  {
    id: 4108,
    name: 'Largest days',
    engine: 'large',
    sql: `SELECT block_date, project, blockchain, trades, amount_usd
FROM dex.trades_daily
ORDER BY amount_usd DESC
LIMIT 400`,
  },
  {
    id: 4109,
    name: 'New chains',
    engine: 'medium',
    sql: `SELECT blockchain, MIN(block_date) AS block_date, project, trades, amount_usd
FROM dex.trades_daily
GROUP BY blockchain, project, trades, amount_usd`,
  },
];
