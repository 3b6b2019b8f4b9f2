// Hold: the quote is set aside, durably, before anything is forwarded (promise 1). What does not fit is refused with everything that
// a person or a program needs to make it fit.
import { parseCredits, formatCredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import type { HoldCommand } from '../ledger/commands.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { CapStanding, HoldOutcome } from '../ledger/outcomes.ts';
import type { Part } from '../ledger/rows.ts';
import { layOut } from '../payer/lay-out.ts';
import type { CallPlace, Laid } from '../payer/terms.ts';
import { underPlan } from './ask-anew.ts';
import type { Gate } from './gate.ts';
import type { RepeatedClaim } from './once.ts';
import { fitting, lapseOf, price, type Priced, type Quoted } from './price.ts';
import { isRefusal, refusal, type Refusal } from './refuse.ts';
import { insufficient, tellReached } from './short.ts';

export interface Held extends Priced {
  hold: Microcredits;
  heldAt: number;
  /** Available in the sources after the hold. */
  available: Microcredits;
  caps: readonly CapStanding[];
  /** What it was held under. */
  laid: Laid;
}

export interface Rehearsed {
  /** Available in the sources after the hold. */
  available: Microcredits;
  /** In draw order. */
  parts: readonly Part[];
}

// A window that turns between its layout and the hold is laid out anew. Twice in one call would be a clock that runs away.
const LAYOUTS_MOST = 4;

/**
 * Runs the hold, under the terms of the moment at which it is decided (rule 2).
 * @returns the held call, a refusal for the client, or what the ledger knows of the idempotency key's first call.
 */
export async function hold(gate: Gate, call: Priced): Promise<Held | Refusal | RepeatedClaim> {
  if (gate.settles.full()) return unavailable('Too many finished calls wait for the ledger.');
  let current = call;
  for (let layouts = 0; layouts < LAYOUTS_MOST; layouts += 1) {
    const at = gate.ledger.now();
    const priced = priceUnderPlan(current, at);
    if (isRefusal(priced)) return priced;
    current = priced;
    const laid = layOut(current.payer, placeOf(current), at);
    const outcome = await runHold(gate, holdCommand(gate, current, laid));
    if (outcome === undefined) return unavailable('The ledger does not answer.');
    if (outcome.ok) return heldOf(current, laid, outcome);
    if (outcome.refusal === 'insufficient_credits') {
      tellReached(gate, current, laid, outcome);
      return insufficient(gate, current, laid, outcome);
    }
    if (outcome.refusal === 'call_repeated') throw new Error(`call id ${outcome.callId} was made twice`);
    if (outcome.refusal !== 'terms_passed') return { ...outcome, claim: current.claim ?? '' };
  }
  return unavailable('The time of the ledger and that of this gateway differ.');
}

function runHold(gate: Gate, command: HoldCommand): Promise<HoldOutcome | undefined> {
  return gate.ledger.run(command).catch((error: unknown) => {
    if (!(error instanceof LedgerUnavailable)) throw error;
    return undefined;
  });
}

/** A plan or card that has changed since the quote may mean another price, and one above the client's Credits-Max. */
function priceUnderPlan(call: Priced, at: number): Priced | Refusal {
  const asked = underPlan(call, at);
  const priced = asked === call ? call : price(asked);
  return isRefusal(priced) ? priced : (checkMaximum(priced) ?? priced);
}

function heldOf(call: Priced, laid: Laid, { call: row, available, caps }: Extract<HoldOutcome, { ok: true }>): Held {
  return { ...call, hold: row.hold, heldAt: row.heldAt, available, caps, laid };
}

/** What the hold would say, without holding anything: what it would take of which grants and leave, or the refusal. */
export async function rehearse(gate: Gate, call: Quoted): Promise<Rehearsed | Refusal> {
  for (let layouts = 0; layouts < LAYOUTS_MOST; layouts += 1) {
    const laid = layOut(call.payer, placeOf(call), gate.ledger.now());
    const outcome = await gate.ledger.rehearse({ ...holdCommand(gate, call, laid), claim: null });
    if (outcome.ok) return { available: outcome.available, parts: outcome.call.parts };
    if (outcome.refusal === 'insufficient_credits') return insufficient(gate, call, laid, outcome);
    if (outcome.refusal !== 'terms_passed') throw new Error(`a rehearsed hold was refused as ${outcome.refusal}`);
  }
  return unavailable('The time of the ledger and that of this gateway differ.');
}

function placeOf({ id, service, operationId, parent }: Quoted): CallPlace & { id: string } {
  return { id, service: service.id, operation: operationId, chain: parent?.chain ?? null };
}

function holdCommand(gate: Gate, call: Quoted, { sources, caps, terms }: Laid): HoldCommand {
  const { claimKeepMs, leaseMs } = gate.rules;
  return {
    type: 'hold',
    callId: call.id,
    amount: call.quote.ceiling,
    sources,
    caps,
    terms,
    owner: gate.owner,
    leaseMs,
    claim: call.claim === undefined ? null : { id: call.claim, fingerprint: call.fingerprint, keepMs: claimKeepMs },
    about: {
      workspace: call.payer.workspace.id,
      key: call.key.id,
      service: call.service.id,
      operation: call.operationId,
      reason: call.operation?.reason ?? 'Unpriced',
      cardVersion: call.card.version,
      more: moreOf(call),
    },
    onLapse: lapseOf(call),
  };
}

/** What is stored with the call. What most calls have not is left out, as each of its bytes is written for each call. */
function moreOf({ payer, parent, ...call }: Quoted): Readonly<Record<string, unknown>> {
  const { key, user, seat } = payer;
  const { plan } = call.request;
  return {
    user: user?.id ?? key.user,
    ...(plan === null ? {} : { plan }),
    ...(seat === null ? {} : { seat: seat.type }),
    ...(key.bypass ? { bypass: true } : {}),
    method: call.request.method,
    path: call.target.path,
    inputs: call.quote.inputs,
    bounds: call.quote.bounds,
    labels: call.labels,
    fingerprint: call.fingerprint,
    parent: parent?.id ?? null,
    ...(parent === null ? {} : { chain: parent.chain }),
    trace: call.trace,
  };
}

function unavailable(why: string): Refusal {
  return refusal('ledger_unavailable', `${why} Nothing was forwarded and nothing is charged; try again shortly.`);
}

/** `Credits-Max: 40`: refused before the hold where the call could cost more (K5). */
export function checkMaximum(call: Quoted): Refusal | undefined {
  const given = call.maximum;
  if (given === undefined) return undefined;
  const most = parseCredits(given.trim());
  if (most === undefined || most < ZERO) {
    return refusal('request_malformed', `Credits-Max is "${given}"; it takes credits such as 40 or 0.25. Nothing was forwarded.`);
  }
  const { ceiling } = call.quote;
  if (ceiling <= most) return undefined;
  const fits = fitting(call, most);
  const message = `This call can cost up to ${formatCredits(ceiling)} credits and Credits-Max is ${formatCredits(most)}. It was not sent.`;
  return refusal('call_maximum', message, {
    callId: call.id,
    operation: call.operationId,
    scope: { kind: 'call', id: call.id, cap: 'Credits-Max' },
    needed: ceiling,
    available: most,
    ...(Object.keys(fits).length === 0 ? {} : { fits }),
  });
}
