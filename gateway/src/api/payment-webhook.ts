// Where the payment account tells what has happened. Nobody needs a key here: the signature over the body is the credential.
import { refusal } from '../call/refuse.ts';
import { BadSignature, PaymentsUnavailable } from '../payments/payments.ts';
import { takeEvent } from '../payments/take-event.ts';
import { ok, type Answered, type ApiParts, type Asking } from './route.ts';

/** 200 says that the message need not come again; anything else, that it should. */
export async function takeWebhook(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const { payments } = api.payments;
  const { req, body } = asking;
  if (asking.params['adapter'] !== payments.adapter || payments.adapter === 'manual') {
    return refusal('not_found', 'No payment account of this name is set up here.');
  }
  const count = (taken: string): void => api.gate.metrics.payments.inc({ taken });
  try {
    const told = await payments.read(Buffer.isBuffer(body) ? body : Buffer.alloc(0), req.headers);
    const taken = await takeEvent(api.payments, told, { by: payments.adapter, user: null, from: req.socket.remoteAddress ?? '' });
    count(taken);
    return ok({ taken });
  } catch (error) {
    if (error instanceof BadSignature) {
      count('bad signature');
      await api.payments.refusedSignatures.note(payments.adapter, req.socket.remoteAddress ?? '', error.message);
      return refusal('signature_invalid', `${error.message} Nothing was changed.`);
    }
    if (!(error instanceof PaymentsUnavailable)) throw error;
    return refusal(
      'payments_unavailable',
      'The payment account does not answer, so the message could not be looked up. Send it again.',
    );
  }
}
