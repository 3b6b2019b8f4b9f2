// What makes a repeat the same (rule 22): the id that the client chose for what it makes.
import { idempotencyKey } from '../call/once.ts';
import { refusal, type Refusal } from '../call/refuse.ts';
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
