// GET tags: what a browser needs to put prices beside what spends, and to price the exact ones by itself with the same code: rules of pages, what
// can be priced, and the rate card without what is the operator's.
import { fieldsOf, measuredLater } from '@tollgate/shared/operation-call';
import type { Operation, RateCard, Service } from '@tollgate/shared/rate-card/card';
import { absentValue, pricedValues } from '@tollgate/shared/rate-card/priced-values';
import type { RateCardSource } from '@tollgate/shared/rate-card/schema';
import type { TagSource } from '@tollgate/shared/rate-card/tag';
import { ok, SENT, type Answered, type ApiParts, type Asking } from './route.ts';

/** 304 where the client has the tags of this card. */
export function readTags({ gate }: ApiParts, { req, res }: Asking<unknown, unknown>): Answered | typeof SENT {
  const { card } = gate.card();
  const etag = `"${card.version}.${FORM}"`;
  res.setHeader('etag', etag);
  if (req.headers['if-none-match'] === etag) {
    res.statusCode = 304;
    res.end();
    return SENT;
  }
  const known = shown.get(card) ?? showTags(card);
  shown.set(card, known);
  return ok(known);
}

/** Counted up when the answer for a card changes, so that what a browser keeps of an older gateway is asked for anew. */
const FORM = 1;

const shown = new WeakMap<RateCard, object>();

function showTags(card: RateCard): object {
  return {
    rateCard: { name: card.name, version: card.version },
    tags: card.tags.map(showRule),
    operations: card.services.flatMap((service) => service.operations.map((operation) => showTaggable(service, operation))),
    card: JSON.stringify(pricesOf(card.source)),
  };
}

function showRule({ on, via, tag }: TagSource, index: number): object {
  const { selector, operation, inputs, sum, schedule } = tag;
  const parts = operation === undefined ? [sum ?? []].flat() : [{ operation, inputs, for_each: undefined }];
  return {
    id: `tags[${index}]`,
    on,
    via,
    selector,
    parts: parts.map((part) => ({ operation: part.operation, inputs: part.inputs ?? {}, forEach: part.for_each ?? null })),
    schedule: schedule ?? null,
  };
}

function showTaggable(service: Service, operation: Operation): object {
  return {
    id: operation.id,
    service: service.id,
    reason: operation.reason,
    method: operation.method,
    path: `${service.path}${operation.pattern.text}`,
    fields: fieldsOf(operation).map((name) => ({
      name,
      values: pricedValues(operation, name) ?? null,
      absent: absentValue(operation, name),
    })),
    quantities: measuredLater(operation),
  };
}

/** What prices are computed from. Of plans their names alone, because a price may go by them. */
function pricesOf({ card, unpriced, step, tiers, services, plans = {} }: RateCardSource): RateCardSource {
  return {
    card,
    ...(unpriced === undefined ? {} : { unpriced }),
    ...(step === undefined ? {} : { step }),
    ...(tiers === undefined ? {} : { tiers }),
    services: Object.fromEntries(
      Object.entries(services).map(([id, { path, operations }]) => [id, { path, upstream: 'gateway', operations }]),
    ),
    plans: Object.fromEntries(Object.keys(plans).map((name) => [name, SOME_PLAN])),
  };
}

const SOME_PLAN: NonNullable<RateCardSource['plans']>[string] = { lifetime: 1, draw: ['individual'] };
