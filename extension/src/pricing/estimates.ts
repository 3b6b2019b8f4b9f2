// What only the gateway can price is asked for together: calls that tags want to know within 60 ms go in one question, one question at a time
// for each pairing, tabs in turn. What was answered is kept for a while, so that tags that come back and balances that change ask nothing anew.
import { estimates as estimatesShape, ESTIMATES_MOST, type estimate as estimateShape } from '@tollgate/shared/estimates-contract';
import type { OperationInputs } from '@tollgate/shared/operation-call';
import type { z } from 'zod';
import { askGateway, type Asked } from '../worker/gateway.ts';
import { listeners } from '../worker/listeners.ts';
import { pickInTurn } from './pick-in-turn.ts';
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
const WAITING_MOST = 2_000;
// A gateway reads a megabyte; a character can be three bytes.
const LENGTH_MOST = 300_000;
const KEPT_MOST = 10_000;
const KEPT_LENGTH_MOST = 5_000_000;
const FAILED_MS = 3_000;
const FAILED_MOST_MS = 60_000;

const kept = new Map<string, Kept>();
/** Failures in a row, by place: who does not answer is asked less and less often. */
const failures = new Map<string, number>();
const sentAt = new Map<string, number>();
const waiting = new Map<string, Queue>();
let keptLength = 0;

interface Queue {
  payer: Payer;
  /** By tab. */
  calls: Map<number, Map<string, CallToPrice>>;
  isSending: boolean;
  /** In one question. */
  most: number;
}

/**
 * The price that the gateway gave, or undefined until it does; `onEstimates` says when to look again.
 * @param newerThan where a balance has changed since, who pays is asked for anew; what was known is given meanwhile
 * @param tab whose page wants to know
 */
export function estimated(payer: Payer, call: CallToPrice, newerThan = 0, tab = -1): Price | NoPrice | undefined {
  const place = placeOf(payer);
  const id = `${place} ${JSON.stringify([call.operation, call.inputs, call.quantities])}`;
  const known = kept.get(id);
  // A clock that was set back does not make it last.
  const isGood = known !== undefined && known.at >= newerThan && Math.abs(Date.now() - known.at) < keepMs(known);
  if (!isGood) ask(place, id, payer, call, tab);
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
    if (id.startsWith(`${pairing} `) && (operation === undefined || id.includes(` [${JSON.stringify(operation)},`))) drop(id);
  }
}

/** Its gateway answers again. */
export function forgetFailures(pairing: string): void {
  for (const [id, { price }] of kept) if (id.startsWith(`${pairing} `) && isFailure(price)) drop(id);
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

function ask(place: string, id: string, payer: Payer, call: CallToPrice, tab: number): void {
  const queue = waiting.get(place) ?? { payer, calls: new Map(), isSending: false, most: ESTIMATES_MOST };
  waiting.set(place, queue);
  const own = queue.calls.get(tab) ?? new Map<string, CallToPrice>();
  queue.calls.set(tab, own);
  if (own.size < WAITING_MOST) own.set(id, call);
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
  const { payer } = queue;
  const now = pickInTurn(queue.calls.values(), queue.most, LENGTH_MOST);
  const at = Date.now();
  sentAt.set(place, at);
  let asked: Asked<z.output<typeof estimatesShape>> | undefined;
  try {
    const body = { calls: [...now.values()] };
    asked = await askGateway(payer.pairing, 'POST', 'estimates', { answer: estimatesShape, body, context: payer.context });
  } finally {
    // One that makes no sense to the gateway takes no other with it: it is found by asking for fewer.
    const isForFewer = asked?.ok === false && ABOUT_ONE.has(asked.problem.code) && now.size > 1;
    queue.most = isForFewer ? Math.ceil(now.size / 2) : Math.min(ESTIMATES_MOST, queue.most * 2);
    if (!isForFewer) for (const id of now.keys()) forgetWaiting(queue, id);
    if (asked !== undefined && !isForFewer) {
      noteEnd(place, payer, asked.ok || ABOUT_ONE.has(asked.problem.code));
      takeAnswer([...now.keys()], asked, at);
    }
    if (queue.calls.size === 0) waiting.delete(place);
    else sendLater(place);
  }
  await answered.tell(payer);
}

const ABOUT_ONE: ReadonlySet<string> = new Set(['input_invalid', 'body_too_large']);

function takeAnswer(ids: readonly string[], asked: Asked<z.output<typeof estimatesShape>>, at: number): void {
  for (const [index, id] of ids.entries()) {
    const one = asked.ok ? asked.body.estimates[index] : undefined;
    if (one !== undefined) keep(id, { at, price: priceOf(one) });
    else if (!asked.ok) keep(id, { at, price: kept.get(id)?.price ?? { problem: asked.problem.message, unknown: false } });
  }
}

function forgetWaiting({ calls }: Queue, id: string): void {
  for (const [tab, own] of calls) if (own.delete(id) && own.size === 0) calls.delete(tab);
}

/** The oldest go where there are too many. */
function keep(id: string, one: Kept): void {
  drop(id);
  kept.set(id, one);
  keptLength += id.length;
  for (const old of kept.keys()) {
    if (kept.size <= KEPT_MOST && keptLength <= KEPT_LENGTH_MOST) return;
    drop(old);
  }
}

function drop(id: string): void {
  if (kept.delete(id)) keptLength -= id.length;
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
