// Who takes money, as tollgate.yaml says it; the settings of docs/buying.md are read as they stand there.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../gateway/src/config.ts';
import { openPayments } from '../../gateway/src/payments/open-payments.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollgate-payments-'));
afterAll(() => rmSync(folder, { recursive: true }));
const SECRETS = { STRIPE_SECRET_KEY: 'sk_test_0123456789', STRIPE_WEBHOOK_SECRET: 'whsec_0123456789' };

function open(settings: string) {
  const file = join(folder, 'tollgate.yaml');
  writeFileSync(file, `secret: a secret of tests that hashes keys of tests\nupstreams: {}\n${settings}`);
  return openPayments(readConfig(file, SECRETS), Date.now);
}

test('by hand where nothing is set', () => {
  expect(open('')).toMatchObject({ adapter: 'manual', charging: 'by hand' });
});

test('Stripe, as the documents say', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/buying.md'), 'utf8');
  const [, settings = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(open(settings)).toMatchObject({ adapter: 'stripe', charging: 'stripe' });
});

test.each([
  ['payments: { adapter: stripe }', /tollgate\.yaml:3:\d+: payments: with adapter: stripe it needs stripe:/],
  ['payments: { adapter: paypal }', /payments\.adapter/],
  ['payments: { adapter: stripe, stripe: { secret_key: "${STRIPE_SECRET_KEY}" } }', /payments\.stripe\.webhook_secret/],
  [
    'payments: { adapter: stripe, stripe: { secret_key: "${STRIPE_SECRET_KEY}", webhook_secret: " " } }',
    /signing secret of the webhook/,
  ],
  [
    'payments: { adapter: stripe, stripe: { secret_key: "${STRIPE_SECRET_KEY}", webhook_secret: "${STRIPE_WEBHOOK_SECRET}" } }',
    /payments\.return_url is missing/,
  ],
  ['payments: { adapter: stripe, return_url: app.example.com }', /payments\.return_url/],
  ['payments: { adapter: stripe, stripe: { secret_key: "${NOT_SET}", webhook_secret: x } }', /the environment has no NOT_SET/],
])('%s is refused with its place, and no secret in it', (settings, message) => {
  expect(() => open(settings)).toThrow(message);
  expect(() => open(settings)).not.toThrow(/sk_test|whsec_0/);
});
