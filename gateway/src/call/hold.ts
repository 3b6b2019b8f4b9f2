// Hold: the quote is set aside, durably, before anything is forwarded (promise 1). What does not fit is refused with everything that
// a person or a program needs to make it fit.
import { parseCredits, formatCredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { windowAt } from '@tollgate/shared/cycle';
import type { CapCheck, HoldCommand } from '../ledger/commands.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { CapStanding, HoldOutcome } from '../ledger/outcomes.ts';
import { lineOf, type Key } from '../keys/key.ts';
import type { Gate } from './gate.ts';
import type { RepeatedClaim } from './once.ts';
import { fitting, lapseOf, type Priced, type Quoted } from './price.ts';
import { refusal, type Refusal } from './refuse.ts';

export interface Held extends Priced {
  hold: Microcredits;
  heldAt: number;
  /** Available in the sources after the hold. */
  available: Microcredits;
  caps: readonly CapStanding[];
}

/**
 * Runs the hold.
 * @returns the held call, a refusal for the client, or what the ledger knows of the idempotency key's first call.
 */
export async function hold(gate: Gate, call: Priced): Promise<Held | Refusal | RepeatedClaim> {
  if (gate.settles.full()) return unavailable('Too many finished calls wait for the ledger.');
  const outcome = await gate.ledger.run(holdCommand(gate, call)).catch((error: unknown) => {
    if (!(error instanceof LedgerUnavailable)) throw error;
    return undefined;
  });
  if (outcome === undefined) return unavailable('The ledger does not answer.');
  if (outcome.ok) {
    return { ...call, hold: outcome.call.hold, heldAt: outcome.call.heldAt, available: outcome.available, caps: outcome.caps };
  }
  if (outcome.refusal === 'insufficient_credits') return insufficient(gate, call, named(outcome, call.key));
  if (outcome.refusal === 'call_repeated') throw new Error(`call id ${outcome.callId} was made twice`);
  return { ...outcome, claim: call.claim ?? '' };
}

/** What the hold would say, without holding anything: the available credits after it, or the refusal. */
export async function rehearse(gate: Gate, call: Quoted): Promise<Microcredits | Refusal> {
  const outcome = await gate.ledger.rehearse({ ...holdCommand(gate, call), claim: null });
  if (outcome.ok) return outcome.available;
  if (outcome.refusal !== 'insufficient_credits') throw new Error(`a rehearsed hold was refused as ${outcome.refusal}`);
  return insufficient(gate, call, named(outcome, call.key));
}

function holdCommand(gate: Gate, call: Quoted): HoldCommand {
  const { organization, claimKeepMs, leaseMs } = gate.rules;
  return {
    type: 'hold',
    callId: call.id,
    amount: call.quote.ceiling,
    sources: [`pool:${organization}`],
    caps: capsOf(call.key, gate.rules.timeZone, gate.ledger.now()),
    owner: gate.owner,
    leaseMs,
    claim: call.claim === undefined ? null : { id: call.claim, fingerprint: call.fingerprint, keepMs: claimKeepMs },
    about: {
      workspace: call.key.workspace,
      key: call.key.id,
      service: call.service.id,
      operation: call.operationId,
      reason: call.operation?.reason ?? 'Unpriced',
      cardVersion: call.card.version,
      more: {
        user: call.key.user,
        method: call.request.method,
        path: call.target.path,
        inputs: call.quote.inputs,
        bounds: call.quote.bounds,
        labels: call.labels,
        fingerprint: call.fingerprint,
        parent: call.parent,
        trace: call.trace,
      },
    },
    onLapse: lapseOf(call),
  };
}

/** The caps of a key as windows of this moment, in the payer's zone (rule 20). */
export function capsOf(key: Key, timeZone: string, at: number): readonly CapCheck[] {
  return key.caps.map(({ window, limit }) => ({
    // A rotated key goes on in the windows of the one before it: rotating lifts no cap.
    id: capId(key, window),
    scope: { kind: 'key', id: key.id },
    window,
    ...windowAt(window, timeZone, at),
    limit,
  }));
}

function unavailable(why: string): Refusal {
  return refusal('ledger_unavailable', `${why} Nothing was forwarded and nothing is charged; try again shortly.`);
}

type Short = Extract<HoldOutcome, { refusal: 'insufficient_credits' }>;

function capId(key: Key, window: string): string {
  return `key:${lineOf(key.id)}:${window}`;
}

/** A cap is told by its window, as the balance tells it; its id is between the gate and the ledger. */
function named(short: Short, key: Key): Short {
  const cap = key.caps.find(({ window }) => capId(key, window) === short.scope.cap);
  return cap === undefined ? short : { ...short, scope: { ...short.scope, cap: cap.window } };
}

function insufficient(gate: Gate, call: Quoted, short: Short): Refusal {
  const fits = fitting(call, short.available);
  const resetsAt = short.resetsAt === null ? undefined : new Date(short.resetsAt).toISOString();
  const { topUpUrl } = gate.rules;
  return refusal('insufficient_credits', shortMessage(call, short, fits, resetsAt), {
    callId: call.id,
    operation: call.operationId,
    scope: short.scope,
    needed: short.needed,
    available: short.available,
    ...(resetsAt === undefined ? {} : { resetsAt }),
    ...(Object.keys(fits).length === 0 ? {} : { fits }),
    ...(topUpUrl === undefined ? {} : { topUpUrl }),
  });
}

function shortMessage(call: Quoted, short: Short, fits: Readonly<Record<string, number>>, resetsAt: string | undefined): string {
  const most = call.quote.exact ? 'costs' : 'can cost up to';
  const where = short.scope.cap === null ? 'available' : `left in the ${short.scope.cap} cap of this key`;
  const until = resetsAt === undefined ? '' : ` until ${resetsAt}`;
  const wouldFit = Object.entries(fits).map(([field, value]) => `${field} up to ${value} would fit.`);
  return [
    `This call ${most} ${formatCredits(short.needed)} credits; ${formatCredits(short.available)} are ${where}${until}.`,
    'It was not sent.',
    ...wouldFit,
  ].join(' ');
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
