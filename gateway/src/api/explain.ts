// Explanations: what a call can cost and why, and what an ended one did cost, computed again (promise 4).
import type { z } from 'zod';
import type { explainRequest } from '@tollgate/shared/operate-contract';
import { toCredits } from '@tollgate/shared/credits';
import { explainQuote, type Explanation } from '@tollgate/shared/explain';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { readDescribed, type DescribedCall } from '../call/describe.ts';
import { isRefusal, refusal } from '../call/refuse.ts';
import { recompute } from './recompute.ts';
import { ok, type Answered, type ApiParts, type Asking } from './route.ts';

export function explainCall({ gate }: ApiParts, { body }: Asking<unknown, z.output<typeof explainRequest>>): Answered {
  return explainDescribed(gate.card().card, body, body.labels ?? {}, body.plan ?? null);
}

/** The same for the command line, which has only the card. */
export function explainDescribed(
  card: RateCard,
  described: DescribedCall,
  labels: Readonly<Record<string, string>>,
  plan: string | null = null,
): Answered {
  const read = readDescribed(card, described, { labels, plan });
  if (isRefusal(read)) return read;
  const { match, request } = read;
  if (match.kind === 'unpriced')
    return refusal('unpriced_operation', 'This route has no price; the card lets it through, flagged.');
  const explained = explainQuote(card, match, request);
  if (explained.ok) return ok(showExplanation(explained.explanation));
  const { code, field, message, known } = explained.refusal;
  return refusal(code, message, { field, operation: match.operation.id, ...(known === undefined ? {} : { known }) });
}

/** Whether the same comes out again from what is stored. */
export async function explainEnded(api: ApiParts, { params }: Asking<unknown, unknown>): Promise<Answered> {
  const id = params['callId'] ?? '';
  const call = await api.store.call(id);
  if (call === undefined) return refusal('not_found', `There is no call ${id}.`);
  if (call.state === 'open') return refusal('conflict', `The call ${id} has not ended, so it has no charge yet.`);
  const explanation = await recompute(api, call);
  if (explanation === undefined) {
    return refusal('not_found', `There is nothing to compute for the call ${id}: it never left, or its route had no price.`);
  }
  const { charge, free, absorbed } = call;
  return ok({
    callId: id,
    explanation: showExplanation(explanation),
    stored: { charge: charge === null ? null : toCredits(charge), free: toCredits(free), absorbed: toCredits(absorbed) },
    equal: explanation.total === (charge ?? 0) && explanation.free === free && explanation.absorbed === absorbed,
  });
}

function showExplanation({ ceiling, total, free, absorbed, ...rest }: Explanation): object {
  const amounts = { quote: toCredits(ceiling), total: toCredits(total), free: toCredits(free), absorbed: toCredits(absorbed) };
  return { ...rest, ...amounts };
}
