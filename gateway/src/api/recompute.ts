// The charge of an ended call, computed again from what is stored and the card of its version alone (decision 5).
import type { CallFacts } from '@tollgate/shared/facts';
import { explainCharge, type Explanation } from '@tollgate/shared/explain';
import type { Call } from '../ledger/rows.ts';
import type { ApiParts } from './route.ts';

/** @returns undefined where nothing is to be computed: it was never sent, had no price, or its card is not kept. */
export async function recompute({ gate }: ApiParts, call: Call): Promise<Explanation | undefined> {
  const card = await gate.cardOf(call.about.cardVersion);
  const operation = card?.services
    .find(({ id }) => id === call.about.service)
    ?.operations.find(({ id }) => id === call.about.operation);
  const { measurement, end } = (call.ended ?? {}) as Partial<CallFacts>;
  if (card === undefined || operation === undefined || measurement === undefined || end === undefined) return undefined;
  return explainCharge(card, operation, { ...factsOf(call), measurement, end: { ...end, status: end.status } }, call.hold);
}

/** What was known of the call before it was forwarded. */
export function factsOf({ about }: Call): Pick<CallFacts, 'inputs' | 'bounds'> {
  const { inputs, bounds } = about.more as Partial<CallFacts>;
  return { inputs: inputs ?? {}, bounds: bounds ?? {} };
}
