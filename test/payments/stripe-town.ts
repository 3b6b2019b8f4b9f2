// A gateway under a clock, whose payments go to a stand-in of Stripe's API, over HTTP, through Stripe's own package.
import type { ApiAnswer } from '../kit/gateway.ts';
import { startTown, type Town } from '../kit/town.ts';
import { PLANS } from './plans.ts';
import { sendSigned, startStripe, WEBHOOK_SECRET, type Event, type StripeKit } from './stripe-kit.ts';

export interface StripeTown extends Town, Omit<StripeKit, 'end'> {
  /** Sends events as Stripe does, signed; answers with what each was answered. */
  deliver(events: readonly Event[], more?: { secret?: string; at?: number }): Promise<ApiAnswer[]>;
  /** A person saves a card with these last digits. */
  saveCard(last4: string, key?: string): Promise<void>;
  close(): Promise<void>;
}

export async function startStripeTown(at: number | string = '2026-01-31T12:00:00Z'): Promise<StripeTown> {
  const stripe = await startStripe();
  const payments = `payments:
  adapter: stripe
  return_url: https://app.example.com/credits
  stripe: { secret_key: ${stripe.key}, webhook_secret: ${WEBHOOK_SECRET}, api_base: "${stripe.base}" }
`;
  const town = await startTown(PLANS, at, payments).catch(async (error: unknown) => {
    await stripe.end();
    throw error;
  });
  const deliver: StripeTown['deliver'] = async (events, { secret, at: sentAt = town.kit.clock.now } = {}) => {
    const answers: ApiAnswer[] = [];
    for (const event of events) answers.push(await sendSigned(town.kit.url, event, sentAt, secret));
    return answers;
  };
  return {
    ...stripe,
    ...town,
    deliver,
    saveCard: async (card, manage) => {
      const { body } = await town.kit.api('POST', 'payment-methods/setup', undefined, manage);
      const session = String(body.url).split('/').at(-1);
      await deliver(await stripe.happens('complete', { session, card }));
    },
    close: async () => {
      await town.kit.close();
      await stripe.end();
    },
  };
}
