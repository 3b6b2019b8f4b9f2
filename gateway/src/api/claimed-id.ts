// What makes a repeat the same (rule 22): the id that the client chose for what it makes.
import { idempotencyKey } from '../call/once.ts';
import { refusal, type Refusal } from '../call/refuse.ts';
import { ORDER_GRANT } from '../payments/take-paid.ts';
import type { Asking } from './route.ts';

const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/**
 * The id from the body, or else from Idempotency-Key. Without either, a retry after a lost answer would make a second one, and of credits
 * nobody wants a second.
 */
export function claimedId({ req }: Asking<unknown, unknown>, given: string | undefined, shape = ID): string | Refusal {
  const key = idempotencyKey(req);
  if (typeof key === 'object') return key;
  const id = given ?? key;
  if (id === undefined) {
    return refusal(
      'input_invalid',
      'body.id is missing: choose one, or send Idempotency-Key, so that a repeat makes nothing twice.',
      {
        field: 'body.id',
      },
    );
  }
  if (shape.test(id)) return id;
  return refusal('input_invalid', `"${id}" can not be an id here; letters, digits, "-" and "_" would be right.`, {
    field: given === undefined ? 'header.idempotency-key' : 'body.id',
  });
}

/** The same for what becomes a grant. What an order brings has an id of its own, and nobody takes that beforehand: the order could never be paid. */
export function claimedGrant(asking: Asking<unknown, unknown>, given: string | undefined): string | Refusal {
  const id = claimedId(asking, given);
  if (typeof id === 'object' || !id.startsWith(ORDER_GRANT)) return id;
  const field = given === undefined ? 'header.idempotency-key' : 'body.id';
  return refusal(
    'input_invalid',
    `${field}: ids that begin with "${ORDER_GRANT}" are those of what orders bring; another one would be right.`,
    {
      field,
    },
  );
}
