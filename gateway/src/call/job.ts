// Jobs (rule 17): a call starts work whose cost a later call tells. Its hold stays open under the job's id, with the deadline in place of
// a lease; the call that reports the job finished settles it; what is never reported lapses at its bound.
import { chargeCall } from '@tollgate/shared/charge';
import { ZERO } from '@tollgate/shared/credits';
import type { CallFacts } from '@tollgate/shared/facts';
import { readQuantities } from '@tollgate/shared/rate-card/answer';
import type { Call } from '../ledger/rows.ts';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import type { Measured } from './measure.ts';
import { isSame } from './own.ts';
import { chargeOf } from './price.ts';

/**
 * Keeps the hold of a call that started a job.
 * @returns false where it started none (refused, failed, or without an id): it is then settled like any other
 */
export async function parkJob(
  gate: Gate,
  call: Held,
  { answerField, end, measurement, bytes, ms, digest }: Measured,
): Promise<boolean> {
  const job = call.operation?.job;
  if (job === undefined || end.status === undefined || end.status >= 300) return false;
  const id = answerField(job.id);
  if (typeof id !== 'string' && typeof id !== 'number') return false;
  const charge = chargeOf(call, { measurement, end: { status: end.status, how: 'unknown' } });
  const ended = { end, measurement, bytes, ms, digest, flags: charge.flags, reason: 'lapsed' };
  const { renewed } = await gate.ledger.run({
    type: 'renew',
    callIds: [call.id],
    owner: gate.owner,
    leaseMs: job.deadlineMs,
    job: String(id),
    onLapse: { charge: charge.total, free: charge.free, absorbed: ZERO, ended },
  });
  gate.leases.drop(call.id);
  return renewed.includes(call.id);
}

/** Settles the job that this call reports as finished, under the card and the hold of the call that started it. */
export async function settleJob(gate: Gate, call: Held, { answerField, end }: Measured): Promise<void> {
  const reports = call.operation?.reports;
  if (reports === undefined || end.how !== 'complete' || end.status === undefined || end.status >= 300) return;
  const id = reports.job(call.quote.inputs, answerField);
  if (id === undefined || !reports.done(call.quote.inputs, answerField)) return;
  const open = await gate.kept.openCallOfJob(call.service.id, id);
  // Only its own workspace can end a job, also where the card forgot to say `owns`.
  if (open === undefined || !isSame(gate, open.about.workspace, call.payer.workspace.id)) return;
  const { quantities, problems } = readQuantities(reports.quantities, call.quote.inputs, answerField);
  await endJob(gate, open, { quantities, problems }, call.id);
}

type Reported = Pick<CallFacts['measurement'], 'quantities' | 'problems'>;

async function endJob(gate: Gate, open: Call, reported: Reported, reportedBy: string): Promise<void> {
  const card = await gate.cardOf(open.about.cardVersion);
  const operation = card?.services.flatMap((service) => service.operations).find(({ id }) => id === open.about.operation);
  if (operation === undefined) throw new Error(`rate card ${open.about.cardVersion} with ${open.about.operation} is not kept`);
  const facts = jobFacts(open, reported);
  const { total, free, absorbed, flags } = chargeCall(operation, facts, open.hold);
  const { measurement, end } = facts;
  const outcome = await gate.settles.end({
    type: 'settle',
    callId: open.id,
    owner: gate.owner,
    settlement: {
      charge: total,
      free,
      absorbed,
      ended: { ...open.onLapse.ended, measurement, end, flags, reportedBy, reason: 'reported' },
    },
    answer: null,
  });
  if (flags.includes('bound_broken')) gate.suspensions.note(operation.id, open.about.cardVersion, open.about.workspace);
  if (outcome?.ok === false)
    gate.log.error({ callId: open.id, refusal: outcome.refusal }, 'a job was reported after its end; see reconciling');
}

/** What was known when the job started, and what its report adds. */
function jobFacts(open: Call, reported: Reported): CallFacts {
  const known = open.onLapse.ended as unknown as Pick<CallFacts, 'measurement' | 'end'>;
  const { inputs, bounds } = open.about.more as Pick<CallFacts, 'inputs' | 'bounds'>;
  const { measurement, end } = known;
  return {
    inputs,
    bounds,
    measurement: {
      quantities: { ...measurement.quantities, ...reported.quantities },
      received: measurement.received,
      problems: [...measurement.problems, ...reported.problems],
    },
    end,
  };
}
