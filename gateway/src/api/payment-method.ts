// The saved payment method of an organization: what extra credits and auto-purchase are charged to.
import { refusal, type Refusal } from '../call/refuse.ts';
import { billId, isOwed } from '../payments/bill.ts';
import { extraCycles, extraFees } from '../payments/extra-cycles.ts';
import { endMethod, saveMethod } from '../payments/payment-method.ts';
import { PaymentRefused, PaymentsUnavailable } from '../payments/payments.ts';
import type { Organization, PaymentMethod } from '../people/documents.ts';
import { auditOf } from './change.ts';
import { whoAsks } from './orders.ts';
import { isoOrNull, isOperator, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';

export async function readPaymentMethod(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return ok({ charging: api.payments.payments.charging, paymentMethod: await shownMethod(api, organizationOf(api, asking)) });
}

/** A person saves it where the payment account is; by hand it is the operator's word, because nobody could be charged. */
export async function setUpPaymentMethod(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  const { payments } = api.payments;
  if (payments.adapter === 'manual') {
    if (!isOperator(asking)) {
      const message =
        'Payments are confirmed by hand here, so there is nothing to save a card in. The operator can note that you pay by invoice.';
      return refusal('scope_insufficient', message);
    }
    const method = {
      adapter: 'manual',
      reference: `manual:${organization}`,
      label: 'by hand: nothing is charged by itself',
    } as const;
    const at = api.gate.ledger.now();
    await saveMethod(
      api.payments,
      { type: 'method saved', event: `set-up:${organization}:${at}`, organization, method, at },
      whoAsks(asking),
    );
    return ok({ charging: payments.charging, url: null, paymentMethod: await shownMethod(api, organization) });
  }
  try {
    const { url } = await payments.setUp(organization);
    const audit = auditOf(asking, organization, 'payment_method.set_up', { kind: 'organization', id: organization });
    await api.directory.write({ puts: [], audits: [audit], events: [] });
    return ok({ charging: payments.charging, url, paymentMethod: await shownMethod(api, organization) });
  } catch (error) {
    if (error instanceof PaymentRefused) return refusal('conflict', error.message);
    if (!(error instanceof PaymentsUnavailable)) throw error;
    return refusal('payments_unavailable', 'The payment account does not answer. Nothing was saved.');
  }
}

/** What it is still needed for must be paid first. */
export async function endPaymentMethod(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  const ended = await endMethod(api.payments, organization, whoAsks(asking), (body) => stillNeeded(api, asking, body));
  return typeof ended === 'object' ? ended : ok({ charging: api.payments.payments.charging, ended });
}

async function stillNeeded(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  { id, extraLimit, extraWord }: Organization,
): Promise<Refusal | undefined> {
  // Nobody would answer for what is drawn then, whoever asks.
  if (extraLimit > 0 && extraWord === null)
    return refusal('conflict', 'The limit extra credits is above 0 and leans on this payment method. Set it to 0 first.');
  const unbilled = isOperator(asking) ? undefined : await firstUnbilled(api, id);
  if (unbilled === undefined) return undefined;
  const since = new Date(unbilled).toISOString();
  const message = `The extra credits of the cycle from ${since} are not billed yet, and are charged to this payment method.`;
  return refusal('conflict', message);
}

async function shownMethod(api: ApiParts, organization: string): Promise<object | null> {
  const method: PaymentMethod | null = (await api.directory.get('organization', organization))?.body.paymentMethod ?? null;
  return method === null ? null : { label: method.label, savedAt: isoOrNull(method.savedAt ?? null) };
}

/** The start of a cycle with extra credits that no order asks for yet. */
async function firstUnbilled(api: ApiParts, organization: string): Promise<number | undefined> {
  const { extra } = api.payments;
  for (const cycle of await extraCycles(extra, organization)) {
    const bills = await api.directory.list('order', { prefix: billId(organization, cycle.from), limit: 1 });
    if (bills.length > 0) continue;
    if (cycle.held > 0 || (await extraFees(extra, organization, cycle)).some(isOwed)) return cycle.from;
  }
  return undefined;
}
