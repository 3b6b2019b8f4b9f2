// Which adapter takes money, as the configuration says.
import { createHmac } from 'node:crypto';
import { ConfigError, type Config } from '../config.ts';
import { openManualPayments } from './manual.ts';
import type { Payments } from './payments.ts';
import { openStripePayments } from './stripe/stripe.ts';

/**
 * @param now the time of day, epoch milliseconds
 * @throws {ConfigError} where Stripe would not know where to send people back to
 */
export function openPayments(config: Config, now: () => number): Payments {
  const { adapter, stripe, return_url: given } = config.payments;
  if (adapter === 'manual' || stripe === undefined) return openManualPayments();
  const returnUrl = given ?? config.top_up_url ?? config.public_url;
  if (returnUrl === undefined) {
    throw new ConfigError(`${config.file}: payments.return_url is missing: the address that people come back to from paying.`);
  }
  return openStripePayments({
    secretKey: stripe.secret_key,
    webhookSecret: stripe.webhook_secret,
    apiBase: stripe.api_base,
    returnUrl,
    // Gateways that share an account, a test one and the real one say, must not take each other's orders for theirs.
    mark: createHmac('sha256', config.secret).update('payments').digest('hex').slice(0, 16),
    now,
  });
}
