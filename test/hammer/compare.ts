// Lays four witnesses side by side: what clients wrote down, what the upstream logged, what the ledger's file holds, and what the oracle
// reckons. Every difference is one line; none is what a run must end with.
import { isTold, type ClientLine, type ToldLine } from './client-log.ts';
import type { Books, LedgerRow } from './ledger-rows.ts';
import { expectedCharge, expectedHold, type UpstreamEnd } from './oracle.ts';
import { MARK, plannedCall, type PlanOptions } from './plan.ts';

export interface Witnesses {
  plan: PlanOptions;
  client: readonly ClientLine[];
  upstream: readonly Readonly<Record<string, unknown>>[];
  books: Books;
  /** True where gateways were killed: calls may then have lapsed at their bound, and holds may have been made for what was never sent. */
  killed: boolean;
  /** True where the store was made to fail: calls may then have been refused as `ledger_unavailable`. */
  outages?: boolean;
}

export interface Compared {
  differences: string[];
  /** Calls that a client sent, that the upstream saw, and that the ledger has. */
  sent: number;
  seen: number;
  rows: number;
  /** Microcredits. */
  charged: number;
}

export function compare(witnesses: Witnesses): Compared {
  const { client, books } = witnesses;
  const seen = seenBy(witnesses.upstream);
  const rows = new Map<number, LedgerRow>();
  const differences = [...seen.differences];
  for (const row of books.rows) {
    if (row.n === null) differences.push(`call ${row.id} has no number`);
    else if (rows.has(row.n)) differences.push(`call number ${row.n} has two rows`);
    else rows.set(row.n, row);
  }
  for (const n of seen.ends.keys()) if (!rows.has(n)) differences.push(`the upstream saw call number ${n}, and there is no row`);
  for (const [n, row] of rows) differences.push(...checkRow(witnesses, n, row, seen.ends.get(n)));
  for (const line of client) {
    if (!isTold(line)) continue;
    differences.push(...checkTold(line, rows.get(line.n), seen.ends.has(line.n)));
    if (line.code === 'internal' || (line.code === 'ledger_unavailable' && witnesses.outages !== true)) {
      differences.push(`call number ${line.n} was answered ${line.status} ${line.code}`);
    }
  }
  const charged = books.rows.reduce((sum, { charge }) => sum + (charge ?? 0), 0);
  if (books.balance !== books.granted - charged) {
    differences.push(`the balance is ${books.balance}, and ${books.granted} granted less ${charged} charged is another`);
  }
  if (books.held !== 0) differences.push(`${books.held} microcredits are still held`);
  if (charged > books.granted) differences.push(`${charged} were charged of ${books.granted}`);
  return { differences, sent: client.filter((line) => !isTold(line)).length, seen: seen.ends.size, rows: rows.size, charged };
}

interface Seen {
  /** By number; undefined where the upstream was not done with it. */
  ends: Map<number, UpstreamEnd | undefined>;
  differences: string[];
}

function seenBy(lines: Witnesses['upstream']): Seen {
  const ends: Seen['ends'] = new Map();
  const differences: string[] = [];
  for (const line of lines) {
    const n = Number(line['callId']);
    if (line['phase'] === 'ended') ends.set(n, { status: line['status'] as number | null, usage: line['usage'] });
    else if (line['callId'] === null) differences.push(`the upstream saw a call without ${MARK.upstream}`);
    else if (ends.has(n)) differences.push(`call number ${n} was forwarded twice`);
    else ends.set(n, undefined);
  }
  return { ends, differences };
}

function checkRow({ plan, killed }: Witnesses, n: number, row: LedgerRow, end: UpstreamEnd | undefined): string[] {
  const call = plannedCall(n, plan);
  const hold = expectedHold(call);
  const found: string[] = [];
  const name = `call number ${n} (${row.id}, ${call.kind}, fault ${call.fault}, ${row.state}, why ${row.why})`;
  if (row.hold !== hold) found.push(`${name} was held at ${row.hold}, expected ${hold}`);
  if (row.state === 'open') found.push(`${name} is still open`);
  if (row.state === 'lapsed') {
    if (!killed) found.push(`${name} lapsed although its gateway lived`);
    if (row.charge !== hold) found.push(`${name} lapsed at ${row.charge}, expected its bound ${hold}`);
    return found;
  }
  if (end === undefined) {
    if (!killed || row.state === 'settled') found.push(`${name} is in the ledger, and the upstream did not see it to its end`);
    return found;
  }
  const charge = expectedCharge(call, end);
  if (row.state !== 'open' && row.charge !== charge)
    found.push(`${name} was charged ${row.charge}, expected ${charge}: ${JSON.stringify(end)}`);
  return found;
}

/** Promise 2: a cost that a client was told is the settled cost, whatever happened since. */
function checkTold(told: ToldLine, row: LedgerRow | undefined, seen: boolean): string[] {
  const name = `call number ${told.n}`;
  if (told.code === 'insufficient_credits' || told.code === 'ledger_unavailable') {
    return row !== undefined || seen
      ? [`${name} was refused as ${told.code} and ${seen ? 'forwarded' : 'held'} all the same`]
      : [];
  }
  const found: string[] = [];
  if (told.callId !== null && told.callId !== row?.id)
    found.push(`${name} was told to be ${told.callId}, and its row is ${row?.id}`);
  if (told.cost === null) return found;
  if (row === undefined) found.push(`${name} was told to cost ${told.cost}, and has no row`);
  else if ((row.charge ?? 0) !== microcreditsOf(told.cost)) {
    found.push(`${name} was told to cost ${told.cost}, and its row says ${row.state} at ${row.charge}`);
  }
  return found;
}

/** `8.2` as 8200000, by its digits. */
export function microcreditsOf(text: string): number {
  const [whole = '', decimals = ''] = text.split('.');
  return Number(`${whole}${decimals.padEnd(6, '0')}`);
}
