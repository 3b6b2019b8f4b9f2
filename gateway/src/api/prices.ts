// GET prices: the price list, for people and programs, as the card in force has it. Never where calls go: that is the operator's.
import type { Operation, RateCard, Service } from '@tollgate/shared/rate-card/card';
import { mostWords, rateWords } from './price-words.ts';
import { iso, ok, type Answered, type ApiParts } from './route.ts';

export function readPrices({ gate }: ApiParts): Answered {
  const { card, since } = gate.card();
  return ok({
    rateCard: { name: card.name, version: card.version, since: iso(since) },
    unpriced: card.unpriced,
    services: card.services.map((service) => ({
      id: service.id,
      path: service.path,
      operations: service.operations.map((operation) => showOperation(card, service, operation)),
    })),
  });
}

function showOperation(card: RateCard, service: Service, { id, reason, method, pattern, source }: Operation): object {
  const { price, bounds = {}, free = [], charge_on: chargedOn = '2xx' } = source;
  return {
    id,
    reason,
    method,
    path: `${service.path}${pattern.text}`,
    free: price.length === 0,
    rates: price.flatMap((rate) => rateWords(rate, card.source.tiers ?? {})),
    freeWhen: free.map(({ when, part, because }) => [part, because ?? when].filter((word) => word !== undefined).join(': ')),
    bounds: Object.entries(bounds).map(([quantity, bound]) => ({ quantity, most: mostWords(bound.most), keptBy: bound.kept_by })),
    chargedOn: [chargedOn].flat().join(', '),
  };
}
