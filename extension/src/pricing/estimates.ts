// What only the gateway can price is asked for together: calls that tags want to know within 60 ms go in one question, one question at a time
// for each pairing. What was answered is kept for a while, so that tags that come back and balances that change ask nothing anew.
import { estimates as estimatesShape, ESTIMATES_MOST, type estimate as estimateShape } from '@tollgate/shared/estimates-contract';
import type { OperationInputs } from '@tollgate/shared/operation-call';
import type { z } from 'zod';
import { askGateway } from '../worker/gateway.ts';
import { listeners } from '../worker/listeners.ts';
import type { NoPrice, Price } from './priced.ts';
import { refusalBeforehand } from './refusal-beforehand.ts';
import { inMicrocredits } from './who-pays.ts';

export type Estimate = z.output<typeof estimateShape>;

export interface CallToPrice extends OperationInputs {
  operation: string;
}

/** Where it would be spent. */
export interface Payer {
  pairing: string;
  context: string;
}

interface Kept {
  /** When the question was sent, by this machine's clock. */
  at: number;
  price: Price | NoPrice;
}

const answered = listeners<[payer: Payer]>();
/** Called when prices of a pairing came: who waits for one looks again. */
export const onEstimates = answered.on;

const TOGETHER_MS = 60;
// A page that changes what it asks all the time asks its gateway five times a second and no more.
const APART_MS = 200;
const KEEP_MS = 60_000;
// Who asks for more than this at once is a page gone wild: the rest is asked for when it comes by again.
const WAITING_MOST = 5_000;
const KEPT_MOST = 10_000;
const FAILED_MS = 3_000;
const FAILED_MOST_MS = 60_000;

const kept = new Map<string, Kept>();
/** Failures in a row, by place: who does not answer is asked less and less often. */
const failures = new Map<string, number>();
const sentAt = new Map<string, number>();
const waiting = new Map<string, { payer: Payer; calls: Map<string, CallToPrice>; isSending: boolean }>();

/**
 * The price that the gateway gave, or undefined until it does; `onEstimates` says when to look again.
 * @param newerThan where a balance has changed since, who pays is asked for anew; what was known is given meanwhile
 */
export function estimated(payer: Payer, call: CallToPrice, newerThan = 0): Price | NoPrice | undefined {
  const place = placeOf(payer);
  const id = `${place} ${JSON.stringify([call.operation, call.inputs, call.quantities])}`;
  const known = kept.get(id);
  const isGood = known !== undefined && known.at >= newerThan && Date.now() - known.at < keepMs(known);
  if (!isGood) ask(place, id, payer, call);
  return known?.price;
}

/** The same at once, for one call that somebody waits for. */
export async function estimateNow(payer: Payer, call: CallToPrice): Promise<Price | NoPrice> {
  const { pairing, context } = payer;
  const asked = await askGateway(pairing, 'POST', 'estimates', { answer: estimatesShape, body: { calls: [call] }, context });
  if (!asked.ok) return { problem: asked.problem.message, unknown: false };
  const [one] = asked.body.estimates;
  return one === undefined ? { problem: '', unknown: true } : priceOf(one);
}

/** After a call of an operation, or another card, what was kept of it may be another price now. */
export function forgetEstimates(pairing: string, operation?: string): void {
  for (const id of kept.keys()) {
    if (id.startsWith(`${pairing} `) && (operation === undefined || id.includes(` [${JSON.stringify(operation)},`)))
      kept.delete(id);
  }
}

/** Its gateway answers again. */
export function forgetFailures(pairing: string): void {
  for (const [id, { price }] of kept) if (id.startsWith(`${pairing} `) && isFailure(price)) kept.delete(id);
  for (const place of failures.keys()) if (place.startsWith(`${pairing} `)) failures.delete(place);
}

export function priceOf(one: Estimate | { would: 'refuse'; refusal: { code: string; message: string } }): Price | NoPrice {
  if (!('quote' in one)) return { problem: refusalBeforehand(one.refusal.message), unknown: one.refusal.code === 'not_found' };
  const { exact, estimate, quote, lines, would, pays, refusal } = one;
  return {
    exact,
    low: inMicrocredits(estimate.low),
    expected: estimate.expected === null ? null : inMicrocredits(estimate.expected),
    high: inMicrocredits(estimate.high),
    quote: inMicrocredits(quote),
    lines: () => lines.map(({ arithmetic, credits }) => ({ arithmetic, credits })),
    word:
      would === 'refuse'
        ? { would, message: refusalBeforehand(refusal?.message ?? '') }
        : { would, pays: (pays ?? []).map(({ kind, credits }) => ({ kind, amount: inMicrocredits(credits) })) },
  };
}

function ask(place: string, id: string, payer: Payer, call: CallToPrice): void {
  const queue = waiting.get(place) ?? { payer, calls: new Map<string, CallToPrice>(), isSending: false };
  waiting.set(place, queue);
  if (queue.calls.size < WAITING_MOST) queue.calls.set(id, call);
  if (queue.isSending) return;
  queue.isSending = true;
  sendLater(place);
}

function sendLater(place: string): void {
  const since = Date.now() - (sentAt.get(place) ?? 0);
  const apart = since < 0 ? 0 : APART_MS - since;
  setTimeout(() => void sendAll(place), Math.max(TOGETHER_MS, apart));
}

async function sendAll(place: string): Promise<void> {
  const queue = waiting.get(place);
  if (queue === undefined) return;
  const now = [...queue.calls].slice(0, ESTIMATES_MOST);
  const at = Date.now();
  sentAt.set(place, at);
  if (kept.size > KEPT_MOST) kept.clear();
  try {
    const asked = await askGateway(queue.payer.pairing, 'POST', 'estimates', {
      answer: estimatesShape,
      body: { calls: now.map(([, call]) => call) },
      context: queue.payer.context,
    });
    noteEnd(place, queue.payer, asked.ok);
    for (const [index, [id]] of now.entries()) {
      queue.calls.delete(id);
      const one = asked.ok ? asked.body.estimates[index] : undefined;
      if (one !== undefined) kept.set(id, { at, price: priceOf(one) });
      else if (!asked.ok) kept.set(id, { at, price: kept.get(id)?.price ?? { problem: asked.problem.message, unknown: false } });
    }
  } finally {
    for (const [id] of now) queue.calls.delete(id);
    if (queue.calls.size === 0) waiting.delete(place);
    else sendLater(place);
  }
  await answered.tell(queue.payer);
}

function noteEnd(place: string, payer: Payer, isOk: boolean): void {
  if (isOk) {
    failures.delete(place);
    return;
  }
  const count = failures.get(place) ?? 0;
  failures.set(place, count + 1);
  setTimeout(() => void answered.tell(payer), Math.min(FAILED_MOST_MS, FAILED_MS * 2 ** count) + TOGETHER_MS);
}

/** Where a question failed it may be asked again soon. */
function keepMs({ price }: Kept): number {
  return isFailure(price) ? FAILED_MS : KEEP_MS;
}

function isFailure(price: Price | NoPrice): boolean {
  return 'problem' in price && !price.unknown;
}

function placeOf({ pairing, context }: Payer): string {
  return `${pairing} ${context}`;
}
