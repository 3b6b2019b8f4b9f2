// The life of one query execution in Dune's shape: pending, executing, completed or failed, by the clock alone.
import type { Exchange } from './exchange.ts';
import { faultNumber } from './faults.ts';
import { random } from './random.ts';

const PENDING_MS = 60;
const KEPT_MS = 90 * 24 * 3600 * 1000;
export const COLUMNS = ['block_date', 'project', 'blockchain', 'trades', 'amount_usd'];
const PROJECTS = ['uniswap', 'curve', 'balancer', 'sushiswap', 'pancakeswap', 'aerodrome'];
const CHAINS = ['ethereum', 'base', 'arbitrum', 'optimism', 'polygon'];

export interface Execution {
  id: string;
  queryId: number;
  /** Epoch milliseconds. */
  submittedAt: number;
  pendingMs: number;
  executesMs: number;
  rows: number;
  fails: boolean;
  cancelledAt: number | null;
}

export type Row = Readonly<Record<string, string | number>>;

/** How long it takes and how many rows it gives depend on the seed and the query; a large engine needs half the time. */
export function newExecution(exchange: Exchange, queryId: number, performance: string): Execution {
  const { seed, now } = exchange.around;
  const chance = random(seed, 'execution', queryId);
  const executesMs = chance.whole(200, 1800);
  return {
    id: `01${exchange.id('', 24)}`,
    queryId,
    submittedAt: now(),
    pendingMs: PENDING_MS,
    executesMs:
      faultNumber(exchange.faults, 'executes', 1000) ?? (performance === 'large' ? Math.ceil(executesMs / 2) : executesMs),
    rows: faultNumber(exchange.faults, 'rows', 10) ?? chance.whole(20, 400),
    fails: exchange.faults.has('fail'),
    cancelledAt: null,
  };
}

export function stateOf(execution: Execution, now: number): string {
  if (execution.cancelledAt !== null) return 'QUERY_STATE_CANCELLED';
  if (now < startsAt(execution)) return 'QUERY_STATE_PENDING';
  if (now < endsAt(execution)) return 'QUERY_STATE_EXECUTING';
  return execution.fails ? 'QUERY_STATE_FAILED' : 'QUERY_STATE_COMPLETED';
}

/** The part that the answers of status and results share. */
export function progress(execution: Execution, now: number): Record<string, unknown> {
  const state = stateOf(execution, now);
  const isFinished = state !== 'QUERY_STATE_PENDING' && state !== 'QUERY_STATE_EXECUTING';
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    execution_id: execution.id,
    query_id: execution.queryId,
    is_execution_finished: isFinished,
    state,
    submitted_at: iso(execution.submittedAt),
    expires_at: iso(execution.submittedAt + KEPT_MS),
    ...(state === 'QUERY_STATE_PENDING' ? { queue_position: 1 } : { execution_started_at: iso(startsAt(execution)) }),
    ...(execution.cancelledAt === null ? {} : { cancelled_at: iso(execution.cancelledAt) }),
    ...(isFinished ? { execution_ended_at: iso(execution.cancelledAt ?? endsAt(execution)) } : {}),
    ...(state === 'QUERY_STATE_FAILED'
      ? { error: { type: 'FAILED_TYPE_EXECUTION_FAILED', message: 'line 1:8: Column does not exist' } }
      : {}),
  };
}

/** Compute time that was spent by now, in milliseconds. */
export function spentMs(execution: Execution, now: number): number {
  const until = Math.min(execution.cancelledAt ?? Infinity, endsAt(execution), now);
  return Math.max(0, until - startsAt(execution));
}

/** @param rowsHere the rows of this page. */
export function resultMetadata(execution: Execution, rowsHere: number): Record<string, unknown> {
  return {
    column_names: COLUMNS,
    column_types: ['date', 'varchar', 'varchar', 'bigint', 'double'],
    row_count: rowsHere,
    result_set_bytes: rowsHere * 96,
    total_row_count: execution.rows,
    total_result_set_bytes: execution.rows * 96,
    datapoint_count: rowsHere * COLUMNS.length,
    pending_time_millis: execution.pendingMs,
    execution_time_millis: execution.executesMs,
  };
}

export function rowsOf(execution: Execution, seed: number, offset: number, count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const at = offset + index;
    const chance = random(seed, execution.queryId, at);
    return {
      block_date: new Date(Date.UTC(2026, 0, 1) + at * 86_400_000).toISOString().slice(0, 10),
      project: chance.pick(PROJECTS),
      blockchain: chance.pick(CHAINS),
      trades: chance.whole(10, 90_000),
      amount_usd: chance.whole(100_000, 900_000_000) / 100,
    };
  });
}

function startsAt({ submittedAt, pendingMs }: Execution): number {
  return submittedAt + pendingMs;
}

function endsAt(execution: Execution): number {
  return startsAt(execution) + execution.executesMs;
}
