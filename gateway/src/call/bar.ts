// What bars a call before its hold, whatever it may cost: the same for a call that is made, a dry run and an estimate (decision 7).
import type { Gate } from './gate.ts';
import { checkMaximum } from './hold.ts';
import { checkOwner } from './own.ts';
import type { Quoted } from './price.ts';
import type { Refusal } from './refuse.ts';
import { checkShared } from './share.ts';
import { checkSuspended } from './suspend.ts';

/** In this order: a suspended operation, Credits-Max, a route that may show what others made, a thing that another workspace made. */
export async function barred(gate: Gate, call: Quoted): Promise<Refusal | undefined> {
  return checkSuspended(gate, call) ?? checkMaximum(call) ?? (await checkShared(gate, call)) ?? (await checkOwner(gate, call));
}

/**
 * The same of a call that is described by its operation, for which price tags are asked: it may name no thing of a workspace yet, as that
 * of a button is often only made by an earlier one.
 */
export async function barredAsSketched(gate: Gate, call: Quoted): Promise<Refusal | undefined> {
  const field = call.operation?.owns;
  if (field !== undefined && (call.quote.inputs[field] ?? null) === null) return checkSuspended(gate, call) ?? checkMaximum(call);
  return barred(gate, call);
}
