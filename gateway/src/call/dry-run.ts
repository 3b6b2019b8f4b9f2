// `Credits-Dry-Run: ?1`: what the call would cost and whether it would be admitted, by the very functions that would enforce it
// (decision 7). Nothing is held, sent or charged.
import type { IncomingMessage } from 'node:http';
import { microcredits, toCredits, type Microcredits } from '@tollgate/shared/credits';
import { estimateCall, type Estimate, type Observed } from '@tollgate/shared/estimate';
import { isKnownByInputs } from '@tollgate/shared/operation-call';
import type { Part } from '../ledger/rows.ts';
import { barred, barredAsSketched } from './bar.ts';
import type { Gate } from './gate.ts';
import { rehearse } from './hold.ts';
import { writeContext } from './receipt.ts';
import type { Priced, Quoted } from './price.ts';
import { isRefusal, refusal, refusalBody, type Refusal } from './refuse.ts';

/** A value that is neither yes nor no is refused: who meant a dry run must not be charged for a call. */
export function wantsDryRun({ headers }: IncomingMessage): boolean | Refusal {
  const given = headers['credits-dry-run'];
  if (given === undefined || given === '?0') return false;
  if (given === '?1') return true;
  return refusal('request_malformed', `Credits-Dry-Run is "${String(given)}"; it takes ?1 or ?0. Nothing was forwarded.`);
}

/** Writes the estimate as JSON with status 200, also where the call would be refused. */
export async function dryRun(gate: Gate, call: Priced): Promise<undefined> {
  const body = JSON.stringify(await wouldCost(gate, call));
  call.res.setHeader('content-type', 'application/json');
  call.res.setHeader('content-length', Buffer.byteLength(body));
  call.res.setHeader('credits-rate-card', call.card.version);
  writeContext(call);
  call.res.end(body);
}

/** What past calls of an operation used in a workspace. Whoever estimates many reads them once. */
export type ReadObserved = (operation: string, workspace: string) => Promise<readonly Observed[]>;

interface Estimating {
  observedOf?: ReadObserved;
  /** Of a call that is described by its operation: how much of some quantities it will use, where that is known. */
  known?: Readonly<Record<string, number>>;
}

/** The answer of a dry run and of one estimate, in credits. */
export async function wouldCost(gate: Gate, call: Quoted, how: Estimating = {}): Promise<Record<string, unknown>> {
  const isSketched = how.known !== undefined;
  const outcome = (await (isSketched ? barredAsSketched : barred)(gate, call)) ?? (await rehearse(gate, call));
  const would = isRefusal(outcome)
    ? { would: 'refuse', refusal: refusalBody(outcome) }
    : { would: 'admit', available: toCredits(outcome.available), pays: paysOf(outcome.parts) };
  return {
    operation: call.operationId,
    ...estimateOf(await estimate(gate, call, how)),
    quote: toCredits(call.quote.ceiling),
    lines: call.quote.lines,
    ...would,
    rateCard: call.card.version,
  };
}

/** Enough past calls for an interval, few enough to price again in a millisecond. */
const OBSERVED_MOST = 200;

export function readObserved({ kept }: Gate): ReadObserved {
  return (operation, workspace) => kept.recentQuantities(operation, workspace, OBSERVED_MOST);
}

async function estimate(gate: Gate, call: Quoted, { observedOf = readObserved(gate), known }: Estimating): Promise<Estimate> {
  const { operation, quote } = call;
  if (operation === undefined) return { exact: true, low: quote.ceiling, expected: quote.ceiling, high: quote.ceiling, quote };
  const observed = quote.exact ? [] : await observedOf(operation.id, call.payer.workspace.id);
  const outcome = estimateCall(operation, call.params, call.request, observed, known);
  if (!outcome.ok) throw new Error(`a call that was quoted has no estimate: ${outcome.refusal.message}`);
  const isWhole = known === undefined || isKnownByInputs(operation);
  return isWhole ? outcome.estimate : { ...outcome.estimate, exact: false };
}

/** What a hold takes of which source, in draw order: the parts of one account lie beside each other. */
function paysOf(parts: readonly Part[]): { kind: 'individual' | 'pool' | 'extra'; credits: number }[] {
  const sums = new Map<'individual' | 'pool' | 'extra', Microcredits>();
  for (const { account, amount } of parts) {
    const kind = account.startsWith('user:') ? 'individual' : account.startsWith('extra:') ? 'extra' : 'pool';
    sums.set(kind, microcredits((sums.get(kind) ?? 0) + amount));
  }
  return [...sums].map(([kind, amount]) => ({ kind, credits: toCredits(amount) }));
}

function estimateOf({ exact, low, expected, high }: Estimate): Record<string, unknown> {
  return {
    exact,
    estimate: {
      low: toCredits(low),
      // Never 0 for unknown: without a past call there is no expectation.
      expected: expected === undefined ? null : toCredits(expected),
      high: toCredits(high),
    },
  };
}
