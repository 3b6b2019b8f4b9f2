// Prices that the request alone decides are worked out here, by the code and the rate card of the gateway: no round trip, the same number.
import type { Microcredits } from '@tollgate/shared/credits';
import type { Scalar } from '@tollgate/shared/facts';
import { factsOf, isKnownByInputs, type OperationInputs } from '@tollgate/shared/operation-call';
import { quoteCall } from '@tollgate/shared/quote';
import type { Operation } from '@tollgate/shared/rate-card/card';
import type { PriceLine } from './priced.ts';

export type PricedHere =
  | { is: 'exact'; amount: Microcredits; lines: () => readonly PriceLine[] }
  /** The gateway knows more: past calls, fixed labels. */
  | { is: 'gateway' }
  | { is: 'none'; problem: string };

/** @param plan of the payer, as the balance names it */
export function priceHere(operation: Operation, asked: OperationInputs, plan: string | null): PricedHere {
  if (operation.pricing.fields.some(({ field, strict }) => strict && field.from === 'label')) return { is: 'gateway' };
  const facts = factsOf(operation, asked, { labels: {}, plan });
  if ('code' in facts) return { is: 'none', problem: facts.message };
  const outcome = quoteCall(operation, facts.params, facts.request);
  if (!outcome.ok) return { is: 'none', problem: outcome.refusal.message };
  const { quote } = outcome;
  if (!quote.exact || !isKnownByInputs(operation)) return { is: 'gateway' };
  return { is: 'exact', amount: quote.ceiling, lines: () => quote.lines };
}

/** `quantity.rows` says how much will be used; everything else is a field of the call. */
export function splitInputs(given: Readonly<Record<string, Scalar | null>>): OperationInputs {
  const inputs: Record<string, Scalar | null> = {};
  const quantities: Record<string, number> = {};
  for (const [name, value] of Object.entries(given)) {
    const [, quantity] = /^quantity\.(.+)$/.exec(name) ?? [];
    if (quantity === undefined) inputs[name] = value;
    else if (value !== null && value !== '' && Number.isFinite(Number(value)) && Number(value) >= 0)
      quantities[quantity] = Number(value);
  }
  return { inputs, quantities };
}
