// Settle: the charge is computed from what was measured and made durable before anyone is told of it (promise 2). An outcome that the
// card does not charge is released, and still counted (rule 13).
import { formatCredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import type { CallFacts } from '@tollgate/shared/facts';
import type { Operation } from '@tollgate/shared/rate-card/card';
import type { Answer } from './answer.ts';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import { parkJob, settleJob } from './job.ts';
import type { Measured } from './measure.ts';
import { noteMade } from './own.ts';
import { chargeOf } from './price.ts';
import { noteBroken } from './suspend.ts';
import type { StoredAnswer } from '../ledger/commands.ts';
import type { EndOutcome } from '../ledger/outcomes.ts';
import type { StopReason } from './stop.ts';

/** What may be told of an ended call. Without a cost where the ledger has not taken it yet, or the call's hold went to a job. */
export interface Ended {
  cost?: string;
  available?: Microcredits;
}

const UNTOLD: Ended = {};

/** Ends a call whose answer has come to its end. */
export async function endCall(
  gate: Gate,
  call: Held,
  measured: Measured,
  why: StopReason | undefined,
  whole: { answer: Answer; body: Buffer } | undefined,
): Promise<Ended> {
  if (call.operation !== undefined && readsAnswer(call.operation)) {
    await noteMade(gate, call, measured);
    await settleJob(gate, call, measured);
    if (await parkJob(gate, call, measured)) return UNTOLD;
  }
  const { measurement, end, bytes, ms, digest } = measured;
  // A repeat of a body that was not read can not be compared, so its answer is not kept for one (rule 22).
  const keeps = whole !== undefined && call.claim !== undefined && call.raw !== undefined;
  const stored = keeps ? storedAnswer(call, whole.body) : null;
  const more = { bytes, ms, digest, ...(why === undefined ? {} : { why }) };
  return (await settleCall(gate, call, { measurement, end }, more, stored)) ?? UNTOLD;
}

/**
 * Ends a call at the head of its answer, where the status alone decides its cost: the cost then goes out in a header and a later reset
 * changes nothing (rule 13).
 * @returns undefined where the cost depends on more
 */
export async function endByStatus(gate: Gate, call: Held, status: number): Promise<Ended | undefined> {
  const { operation, quote } = call;
  if (!quote.exact || (operation !== undefined && readsAnswer(operation))) return undefined;
  const measurement = { quantities: {}, received: {}, problems: [] };
  return settleCall(gate, call, { measurement, end: { status, how: 'complete' } }, { byStatus: true }, null);
}

/** True where the answer's content decides more than this call's cost: jobs, reports, things made. */
function readsAnswer({ job, reports, makes }: Operation): boolean {
  return job !== undefined || reports !== undefined || makes !== undefined;
}

/** Charges and settles, or releases what is not charged. Undefined where the ledger did not answer and the end waits. */
export async function settleCall(
  gate: Gate,
  call: Held,
  facts: Pick<CallFacts, 'measurement' | 'end'>,
  more: Readonly<Record<string, unknown>>,
  answer: StoredAnswer | null,
): Promise<Ended | undefined> {
  const { total, free, absorbed, flags } = chargeOf(call, facts);
  const ended = { ...facts, flags, ...more };
  const outcome = flags.includes('not_charged_status')
    ? await release(gate, call, 'status_not_charged', { ...ended, counted: true })
    : await gate.settles.end({
        type: 'settle',
        callId: call.id,
        owner: gate.owner,
        settlement: { charge: total, free, absorbed, ended },
        answer,
      });
  for (const flag of flags) gate.metrics.flags.inc({ flag, operation: call.operationId });
  if (flags.includes('bound_broken')) noteBroken(gate, call);
  return told(gate, call, outcome);
}

/** Ends a call that costs nothing because it provably never reached the upstream (rule 8). */
export async function releaseCall(
  gate: Gate,
  call: Held,
  reason: string,
  ended: Readonly<Record<string, unknown>>,
): Promise<void> {
  told(gate, call, await release(gate, call, reason, ended));
}

function release(
  gate: Gate,
  call: Held,
  reason: string,
  ended: Readonly<Record<string, unknown>>,
): Promise<EndOutcome | undefined> {
  return gate.settles.end({ type: 'release', callId: call.id, owner: gate.owner, reason, ended });
}

function told(gate: Gate, call: Held, outcome: EndOutcome | undefined): Ended | undefined {
  const labels = { service: call.service.id, operation: call.operationId };
  gate.metrics.seconds.observe(labels, (gate.monotonicMs() - call.startedMs) / 1_000);
  gate.metrics.calls.inc({ ...labels, end: endName(outcome) });
  if (outcome === undefined) return undefined;
  if (!outcome.ok) {
    gate.log.error({ callId: call.id, refusal: outcome.refusal }, 'the ledger refused the end of a call; see reconciling');
    return undefined;
  }
  const charge = outcome.call.charge ?? ZERO;
  gate.metrics.credits.inc(labels, charge / 1_000_000);
  gate.metrics.absorbed.inc(labels, outcome.call.absorbed / 1_000_000);
  return { cost: formatCredits(charge), available: outcome.call.availableAfter ?? call.available };
}

function endName(outcome: EndOutcome | undefined): string {
  if (outcome === undefined) return 'waiting';
  return outcome.ok ? outcome.call.state : outcome.refusal;
}

/** The client's own view of the answer: what a repeat with the same Idempotency-Key will get (rule 22). */
function storedAnswer(call: Held, body: Buffer): StoredAnswer {
  const headers = call.res.getHeaders();
  const kept: [string, string][] = [];
  for (const name in headers) {
    if (name === 'content-length' || name === 'date' || name.startsWith('access-control-')) continue;
    for (const value of [headers[name]].flat()) kept.push([name, String(value)]);
  }
  kept.push(['credits-call', call.id]);
  return { status: call.res.statusCode, headers: kept, body: body.toString('base64') };
}
