// When extra credits may be drawn: past 0 their limit needs somebody who pays for them (DESIGN section 5).
import type { Microcredits } from '@tollgate/shared/credits';
import type { Organization } from '../people/documents.ts';

/**
 * What stands against this limit extra credits, for people; undefined where nothing does.
 * @param isOperator an operator's word is enough, and is noted as `extraWord`
 */
export function extraLimitProblem(
  organization: Pick<Organization, 'paymentMethod' | 'extraWord'>,
  limit: Microcredits,
  isOperator: boolean,
): string | undefined {
  if (limit === 0 || isOperator || organization.paymentMethod !== null || organization.extraWord !== null) return undefined;
  return 'above 0 it needs a saved payment method (POST payment-methods/setup), or the word of an operator; 0 would be right until then';
}
