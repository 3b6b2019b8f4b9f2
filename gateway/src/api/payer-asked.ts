// Who pays in the context that a request to the API asks for. Here it stands in the query.
import { isRefusal, type Refusal } from '../call/refuse.ts';
import type { Key } from '../keys/key.ts';
import type { Payer } from '../payer/payer.ts';
import type { ApiParts } from './route.ts';

export async function payerAsked(
  { gate }: Pick<ApiParts, 'gate'>,
  key: Key,
  context: string | undefined,
): Promise<Payer | Refusal> {
  const payer = await gate.payers.of(key, context);
  if (!isRefusal(payer)) return payer;
  const isNamed = context !== undefined && payer.more?.['field'] === 'header.credits-context';
  return isNamed ? { ...payer, more: { ...payer.more, field: 'query.context' } } : payer;
}
