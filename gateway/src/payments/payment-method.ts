// The saved payment method of an organization: kept as the adapter's own name of it and a label for people, never a number.
import type { Refusal } from '../call/refuse.ts';
import { putOf } from '../people/directory.ts';
import type { Organization, PaymentMethod } from '../people/documents.ts';
import { auditedMethod } from './audited.ts';
import { keepMessage, paymentOf } from './keep-message.ts';
import { untilWritten, type BuyingParts, type Who } from './parts.ts';
import type { PaymentEvent } from './payments.ts';

type Saved = Extract<PaymentEvent, { type: 'method saved' }>;

/** The newest one counts: an older message that comes late, or again, changes nothing. */
export async function saveMethod(parts: BuyingParts, told: Saved, who: Who): Promise<'saved' | 'repeated' | 'unknown'> {
  const { directory } = parts;
  let before: PaymentMethod | null = null;
  const saved = await untilWritten(async () => {
    const kept = await directory.get('organization', told.organization);
    if (kept === undefined) {
      const why = `there is no organization ${told.organization}`;
      return keepMessage(parts, told, { as: 'unknown', why, organization: null }, who);
    }
    const { body: organization } = kept;
    before = organization.paymentMethod;
    const isOlder = (before?.savedAt ?? 0) > told.at;
    const method = isOlder ? before : { ...told.method, savedAt: told.at };
    const payment = paymentOf(parts, told, '');
    const outcome = await directory.write({
      puts: [
        putOf('payment', payment.id, organization.id, payment, { expects: 0 }),
        putOf(
          'organization',
          organization.id,
          organization.id,
          { ...organization, paymentMethod: method },
          { expects: kept.version },
        ),
      ],
      audits: [auditOf(organization.id, before, method, who)],
      events: [],
    });
    if (!outcome.ok) return outcome.refusal === 'record_changed' && outcome.kind === 'payment' ? 'repeated' : 'changed';
    return isOlder ? 'repeated' : 'saved';
  });
  if (saved === 'saved') await endThere(parts, another(before, told.method));
  return saved;
}

/**
 * Forgets the payment method, and then ends it where it is kept: what is forgotten is charged no more, whatever the payment account says.
 * @param bars why it must stay, of the organization as it is when it is forgotten: what comes to lean on it meanwhile is looked at too
 * @returns whether it was ended there too
 */
export async function endMethod(
  parts: BuyingParts,
  organization: string,
  who: Who,
  bars: (organization: Organization) => Promise<Refusal | undefined>,
): Promise<boolean | Refusal> {
  const { directory } = parts;
  const ended = await untilWritten(async () => {
    const kept = await directory.get('organization', organization);
    if (kept === undefined) return null;
    const barred = await bars(kept.body);
    if (barred !== undefined) return barred;
    const method = kept.body.paymentMethod;
    if (method === null) return null;
    const outcome = await directory.write({
      puts: [putOf('organization', organization, organization, { ...kept.body, paymentMethod: null }, { expects: kept.version })],
      audits: [auditOf(organization, method, null, who)],
      events: [],
    });
    return outcome.ok ? method : 'changed';
  });
  return ended !== null && 'refused' in ended ? ended : endThere(parts, ended);
}

function another(before: PaymentMethod | null, now: PaymentMethod): PaymentMethod | null {
  return before?.reference === now.reference ? null : before;
}

/**
 * Ends at the payment account what was forgotten here. One that lives on there, because it did not answer, is charged by nobody here.
 * @returns whether it was ended
 */
export async function endThere({ payments, log }: BuyingParts, method: PaymentMethod | null): Promise<boolean> {
  if (method === null || method.adapter !== payments.adapter) return false;
  try {
    await payments.endMethod(method);
    return true;
  } catch (error) {
    log.warn({ error: String(error) }, 'a payment method was forgotten and could not be ended at the payment account');
    return false;
  }
}

function auditOf(organization: string, before: PaymentMethod | null, after: PaymentMethod | null, who: Who) {
  return {
    ...who,
    organization,
    action: 'payment_method.change',
    subject: { kind: 'organization', id: organization },
    before: auditedMethod(before),
    after: auditedMethod(after),
    reason: '',
  };
}
