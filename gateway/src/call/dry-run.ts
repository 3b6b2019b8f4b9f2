// `Credits-Dry-Run: ?1`: what the call would cost and whether it would be admitted, by the very functions that would enforce it
// (decision 7). Nothing is held, sent or charged.
import type { IncomingMessage } from 'node:http';
import { estimateCall, type Estimate } from '@tollgate/shared/estimate';
import { toCredits } from '@tollgate/shared/credits';
import { barred } from './bar.ts';
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

/** The answer of a dry run and of one estimate, in credits. */
export async function wouldCost(gate: Gate, call: Quoted): Promise<Record<string, unknown>> {
  const outcome = (await barred(gate, call)) ?? (await rehearse(gate, call));
  const would = isRefusal(outcome)
    ? { would: 'refuse', refusal: refusalBody(outcome) }
    : { would: 'admit', available: toCredits(outcome) };
  return {
    operation: call.operationId,
    ...estimateOf(await estimate(gate, call)),
    quote: toCredits(call.quote.ceiling),
    ...would,
    rateCard: call.card.version,
  };
}

// Enough past calls for an interval, few enough to price again in a millisecond.
const OBSERVED_MOST = 200;

async function estimate(gate: Gate, call: Quoted): Promise<Estimate> {
  const { operation, quote } = call;
  if (operation === undefined) return { exact: true, low: quote.ceiling, expected: quote.ceiling, high: quote.ceiling, quote };
  const observed = quote.exact ? [] : await gate.kept.recentQuantities(operation.id, call.payer.workspace.id, OBSERVED_MOST);
  const outcome = estimateCall(operation, call.params, call.request, observed);
  if (!outcome.ok) throw new Error(`a call that was quoted has no estimate: ${outcome.refusal.message}`);
  return outcome.estimate;
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
