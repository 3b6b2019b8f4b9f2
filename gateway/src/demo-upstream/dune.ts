// A query API in Dune's shape: execute, status, results as JSON and as CSV, page by page.
import { json, type Answer } from './answer.ts';
import type { Api } from './api.ts';
import type { Exchange } from './exchange.ts';
import { COLUMNS, newExecution, progress, resultMetadata, rowsOf, spentMs, stateOf, type Execution } from './execution.ts';
import { faultNumber } from './faults.ts';
import { keepNewest } from './keep-newest.ts';
import { tellings } from './usage.ts';

/** Executions live in memory; the oldest go first. */
const EXECUTIONS_MAX = 50_000;
const PAGE_MAX_ROWS = 32_000;
const ENGINES = new Set(['medium', 'large']);
/** Past every documented maximum of 30 minutes. */
const BROKEN_MS = 3_600_000;

export function dune(): Api {
  const executions = new Map<string, Execution>();
  return {
    owns: (path) => path.startsWith('/api/v1/'),
    refuse,
    answer: async (exchange) => {
      const key = exchange.header('x-dune-api-key') ?? '';
      // A gateway's own key has no business here.
      if (key === '' || key.startsWith('tg_')) return refuse(401, 'invalid API Key');
      const [, , , kind, id = '', verb, form] = exchange.path.split('/');
      const route = [exchange.method, kind, verb, form].filter((part) => part !== undefined).join(' ');
      if (route === 'POST query execute') return execute(exchange, executions, id);
      const execution = kind === 'query' ? latest(executions, Number(id)) : executions.get(id);
      if (execution === undefined) return refuse(404, kind === 'query' ? 'Query not found' : 'Execution not found');
      switch (route) {
        case 'GET execution status':
          return status(exchange, execution);
        case 'GET execution results':
        case 'GET query results':
          return results(exchange, execution);
        case 'GET execution results csv':
        case 'GET query results csv':
          return csv(exchange, execution);
        case 'POST execution cancel':
          execution.cancelledAt ??= exchange.around.now();
          return json({ success: true });
        default:
          return refuse(404, 'Not found');
      }
    },
  };
}

function refuse(statusCode: number, message: string): Answer {
  return json({ error: message }, statusCode);
}

async function execute(exchange: Exchange, executions: Map<string, Execution>, queryId: string): Promise<Answer> {
  const text = (await exchange.body()).toString();
  const ask = text === '' ? {} : await exchange.object();
  if (ask === undefined) return refuse(400, 'invalid request body');
  if (!/^\d{1,12}$/.test(queryId)) return refuse(400, 'invalid query id');
  const engine = ask['performance'] ?? 'medium';
  if (typeof engine !== 'string' || !ENGINES.has(engine))
    return refuse(400, `invalid performance tier: ${JSON.stringify(engine)}`);
  const execution = newExecution(exchange, Number(queryId), engine);
  executions.set(execution.id, execution);
  keepNewest(executions, EXECUTIONS_MAX);
  return json({ execution_id: execution.id, state: stateOf(execution, execution.submittedAt) });
}

function latest(executions: ReadonlyMap<string, Execution>, queryId: number): Execution | undefined {
  return [...executions.values()].findLast((execution) => execution.queryId === queryId);
}

function status(exchange: Exchange, execution: Execution): Answer {
  const now = exchange.around.now();
  const isCompleted = stateOf(execution, now) === 'QUERY_STATE_COMPLETED';
  const computeMs = exchange.faults.has('break-bound') ? BROKEN_MS : spentMs(execution, now);
  const [told = {}, again = told] = tellings({ execution_time_millis: computeMs }, exchange.faults, ['execution_time_millis']);
  const metadata = isCompleted ? { result_metadata: { ...resultMetadata(execution, execution.rows), ...told } } : {};
  return { ...json({ ...progress(execution, now), ...metadata, ...again }), tells: again };
}

function results(exchange: Exchange, execution: Execution): Answer {
  const now = exchange.around.now();
  if (stateOf(execution, now) !== 'QUERY_STATE_COMPLETED') return json(progress(execution, now));
  const page = pageOf(exchange, execution);
  const rows = rowsOf(execution, exchange.around.seed, page.offset, page.count);
  const metadata = resultMetadata(execution, rows.length);
  const [told = {}] = tellings({ row_count: rows.length }, exchange.faults, ['row_count']);
  if (told['row_count'] === undefined) delete metadata['row_count'];
  const next = page.next === undefined ? {} : { next_uri: page.next.uri, next_offset: page.next.offset };
  return { ...json({ ...progress(execution, now), ...next, result: { rows, metadata: { ...metadata, ...told } } }), tells: told };
}

function csv(exchange: Exchange, execution: Execution): Answer {
  const now = exchange.around.now();
  if (stateOf(execution, now) !== 'QUERY_STATE_COMPLETED') return refuse(400, 'the execution has no results yet');
  const page = pageOf(exchange, execution);
  const rows = rowsOf(execution, exchange.around.seed, page.offset, page.count);
  const columns = COLUMNS;
  const lines = [columns.join(','), ...rows.map((row) => columns.map((column) => row[column]).join(','))];
  return {
    status: 200,
    headers: {
      'content-type': 'text/csv',
      ...(page.next === undefined ? {} : { 'x-dune-next-uri': page.next.uri, 'x-dune-next-offset': String(page.next.offset) }),
    },
    body: `${lines.join('\n')}\n`,
    tells: { row_count: rows.length },
  };
}

/** The fault `break-bound` gives more rows than the limit allows. */
function pageOf(
  exchange: Exchange,
  execution: Execution,
): { offset: number; count: number; next: { uri: string; offset: number } | undefined } {
  const { query, path, faults, around } = exchange;
  const limit = Math.min(PAGE_MAX_ROWS, wholeNumber(query.get('limit'), PAGE_MAX_ROWS));
  const offset = wholeNumber(query.get('offset'), 0);
  const left = Math.max(0, execution.rows - offset);
  const past = faultNumber(faults, 'break-bound', 64);
  const count = past === undefined ? Math.min(limit, left) : limit + past;
  const end = offset + Math.min(limit, left);
  const next = end < execution.rows ? { uri: `${around.origin}${path}?limit=${limit}&offset=${end}`, offset: end } : undefined;
  return { offset, count, next };
}

function wholeNumber(text: string | null, absent: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : absent;
}
