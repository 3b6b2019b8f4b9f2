import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { PaymentRefused, PaymentsUnavailable } from '../payments.ts';
import { asked } from './ask-stripe.ts';

const of = (statusCode: number): Promise<never> =>
  asked(() =>
    Promise.reject(
      new Stripe.errors.StripeInvalidRequestError({
        type: 'invalid_request_error',
        code: 'some_code',
        message: 'No such customer: cus_1; a similar object exists in test mode, but a live mode key sk_live_1 was used.',
        statusCode,
      }),
    ),
  );

test('what Stripe will never take is a refusal, in words without settings', async () => {
  const refused: unknown = await of(400).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(PaymentRefused);
  expect(String(refused)).toContain('some_code');
  expect(String(refused)).not.toMatch(/sk_live|cus_/);
});

test.each([409, 429])('%i says that it may be taken later: the payment is not given up', async (statusCode) => {
  await expect(of(statusCode)).rejects.toThrow(PaymentsUnavailable);
});
