// A call that got no answer. Released only if the request provably did not reach the upstream (rule 8); otherwise its end is unknown and
// it is charged by what the card says of that (rule 10).
import type { Measurement } from '@tollgate/shared/facts';
import type { ErrorCode } from '@tollgate/shared/errors';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import { refuse } from './refuse.ts';
import { releaseCall, settleCall } from './settle.ts';
import type { StopReason } from './stop.ts';

export interface Failure {
  /** False where no byte of the request can have reached the upstream. */
  sent: boolean;
  why: 'connection' | StopReason;
}

const UNMEASURED: Measurement = { quantities: {}, received: {}, problems: [] };

export async function endUnanswered(gate: Gate, call: Held, { sent, why }: Failure): Promise<void> {
  const code = codeOf(sent, why);
  const headers = { 'credits-context': call.payer.workspace.id };
  gate.metrics.refusals.inc({ code });
  if (!sent) {
    await releaseCall(gate, call, `not_sent:${why}`, {});
    refuse(call.res, {
      refused: code,
      message: 'The upstream can not be reached. Nothing was sent and nothing is charged.',
      more: { callId: call.id },
      headers,
    });
    return;
  }
  const outcome = await settleCall(
    gate,
    call,
    { measurement: UNMEASURED, end: { status: undefined, how: 'unknown' } },
    { why },
    null,
  );
  const told =
    outcome === undefined
      ? 'What it cost will be in calls/{id}.'
      : `It is charged ${outcome.cost} credits and listed for reconciling.`;
  const message = `${why === 'timeout' ? 'The upstream did not answer in time' : 'The upstream broke off before it answered'}; whether it did the work is unknown. ${told}`;
  refuse(call.res, { refused: code, message, more: { callId: call.id, operation: call.operationId }, headers });
}

function codeOf(sent: boolean, why: Failure['why']): ErrorCode {
  if (!sent && why !== 'timeout') return 'upstream_unreachable';
  return why === 'timeout' ? 'upstream_timeout' : 'upstream_broke';
}
