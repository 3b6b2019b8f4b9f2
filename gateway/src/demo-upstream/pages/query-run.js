// A query from Run to its end: it is started, asked for its state until it is finished, and its rows are read page by page where wanted.
import { call } from './gateway.js';

const ASKS_EVERY_MS = 250;
const PATIENCE_MS = 60_000;

/** @returns {Promise<{ execution: string, rows: number, columns: number, seconds: number } | { message: string }>} */
export async function runQuery(id, performance) {
  const started = await call(`/dune/api/v1/query/${id}/execute`, { method: 'POST', body: { performance } });
  if (!started.ok) return { message: started.message };
  const execution = started.json.execution_id;
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, ASKS_EVERY_MS));
    const { ok, json, message } = await call(`/dune/api/v1/execution/${execution}/status`);
    if (!ok) return { message };
    if (!json.is_execution_finished) continue;
    const about = json.result_metadata;
    if (about === undefined) return { message: json.error?.message ?? 'The query did not end well.' };
    const seconds = about.execution_time_millis / 1000;
    return { execution, rows: about.total_row_count, columns: about.column_names.length, seconds };
  }
  return { message: 'The query still runs after a minute; its rows can be read later.' };
}

/** @returns {Promise<{ columns: string[], rows: object[], text: string } | { message: string }>} */
export async function readRows(execution, limit) {
  const { ok, json, text, message } = await call(`/dune/api/v1/execution/${execution}/results?limit=${limit}`);
  if (!ok) return { message };
  return { columns: json.result.metadata.column_names, rows: json.result.rows, text };
}

/** @returns {Promise<{ text: string } | { message: string }>} */
export async function readCsv(execution, limit) {
  const { ok, text, message } = await call(`/dune/api/v1/execution/${execution}/results/csv?limit=${limit}`);
  return ok ? { text } : { message };
}
