// What a webhook is signed with (Standard Webhooks). The secret is derived from the gateway's own and never stored: a stolen store can
// not sign. It is told once, when it is made or rotated.
import { createHmac } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import type { Webhook } from '../people/documents.ts';

/** `whsec_…`, as receivers give it to their library. `number`: 1 for the first, one more with each rotation. */
export function webhookSecret(gatewaySecret: string, webhook: string, number: number): string {
  return `whsec_${createHmac('sha256', gatewaySecret).update(`webhook:${webhook}:${number}`).digest('base64')}`;
}

/**
 * The three headers of one attempt. During the overlap of a rotation both secrets sign, so that a receiver may change over at any moment.
 * @param at epoch milliseconds by the clock of the day: receivers refuse what is more than minutes off
 */
export function signedHeaders(
  gatewaySecret: string,
  { id, secret, rotatedUntil }: Webhook,
  message: { id: string; body: string; at: number },
): Record<string, string> {
  const overlaps = secret > 1 && rotatedUntil !== null && message.at < rotatedUntil;
  const signatures = (overlaps ? [secret, secret - 1] : [secret]).map((number) =>
    new Signer(webhookSecret(gatewaySecret, id, number)).sign(message.id, new Date(message.at), message.body),
  );
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(message.at / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}
