// What a payment account of Stripe's keeps: sessions, payments and payment methods, with the events that tell of them.
import { formAt, textAt, type Form } from './stripe-form.ts';

type Json = Record<string, unknown>;

export class StandInError extends Error {
  readonly status: number;
  readonly body: Json;

  constructor(status: number, body: Json) {
    super(String(body['message']));
    this.status = status;
    this.body = body;
  }
}

export interface Account {
  openSession(form: Form): Json;
  setupIntent(id: string, form: Form): Json;
  charge(form: Form): Json;
  detach(id: string): Json;
  /** What happened to a session or payment, as events. */
  act(name: string, wanted: Form): Json[];
  /** Payments that succeeded: the only money there is. */
  charged(): { order: string; amount: number; currency: string }[];
}

/** By the last digits of their numbers, as Stripe's own test cards. */
const DECLINED = '0002';
const NEEDS_OWNER = '3155';
const SLOW = '0077';

export function createAccount(): Account {
  const sessions = new Map<string, Json & { metadata: Form; form: Form }>();
  const setups = new Map<string, Json>();
  const methods = new Map<string, Json & { card: { brand: string; last4: string }; customer: string | null }>();
  const intents = new Map<string, Json & { metadata: Form; amount: number; currency: string; status: string }>();
  const taken: { order: string; amount: number; currency: string }[] = [];
  let number = 0;
  const newId = (prefix: string): string => `${prefix}_${(number += 1)}`;
  const event = (type: string, object: object): Json => ({
    id: newId('evt'),
    object: 'event',
    api_version: '2026-10-28.endive',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    pending_webhooks: 1,
    request: null,
    type,
    data: { object },
  });
  const take = (metadata: Form, amount: number, currency: string): void => {
    taken.push({ order: textAt(metadata, 'order') ?? '', amount, currency });
  };

  function sessionOf(wanted: Form) {
    const session = sessions.get(textAt(wanted, 'session') ?? '');
    if (session === undefined) throw new Error(`no session ${JSON.stringify(wanted)}`);
    return session;
  }

  function completeSetUp(session: Json, card: string): Json[] {
    const customer = newId('cus');
    const method = { id: newId('pm'), object: 'payment_method', type: 'card', card: { brand: 'visa', last4: card }, customer };
    const setup = { id: newId('seti'), object: 'setup_intent', status: 'succeeded', customer, payment_method: method.id };
    methods.set(method.id, method);
    setups.set(setup.id, setup);
    Object.assign(session, { status: 'complete', customer, setup_intent: setup.id });
    return [event('checkout.session.completed', session)];
  }

  function payInSession(session: Json & { metadata: Form; form: Form }, card: string): Json[] {
    const amount = Number(session['amount_total']);
    const currency = String(session['currency']);
    const metadata = formAt(formAt(session.form, 'payment_intent_data'), 'metadata');
    const intent = {
      id: newId('pi'),
      object: 'payment_intent',
      amount,
      currency,
      metadata,
      status: 'succeeded',
      amount_received: amount,
    };
    if (card === DECLINED) {
      const failed = {
        ...intent,
        status: 'requires_payment_method',
        amount_received: 0,
        last_payment_error: { message: 'Your card was declined.' },
      };
      return [event('payment_intent.payment_failed', failed)];
    }
    if (card === SLOW) {
      Object.assign(session, { status: 'complete', payment_status: 'unpaid', payment_intent: intent.id });
      return [event('checkout.session.completed', { ...session })];
    }
    take(session.metadata, amount, currency);
    Object.assign(session, { status: 'complete', payment_status: 'paid', payment_intent: intent.id });
    return [event('payment_intent.succeeded', intent), event('checkout.session.completed', { ...session })];
  }

  return {
    openSession(form) {
      const mode = textAt(form, 'mode');
      for (const name of ['success_url', ...(mode === 'payment' ? ['line_items'] : [])]) {
        if (form[name] === undefined)
          throw new StandInError(400, {
            type: 'invalid_request_error',
            code: 'parameter_missing',
            param: name,
            message: `Missing ${name}`,
          });
      }
      const amount = Number(textAt(form, 'line_items', '0', 'price_data', 'unit_amount') ?? 0);
      const currency = textAt(form, 'line_items', '0', 'price_data', 'currency') ?? null;
      const id = newId('cs_test');
      const made = {
        id,
        object: 'checkout.session',
        mode,
        status: 'open',
        payment_status: mode === 'setup' ? 'no_payment_required' : 'unpaid',
        amount_total: mode === 'setup' ? null : amount,
        currency,
        customer: null,
        setup_intent: null,
        payment_intent: null,
        metadata: formAt(form, 'metadata'),
        url: `https://checkout.stand-in.example/c/pay/${id}`,
      };
      sessions.set(id, { ...made, form });
      return made;
    },
    setupIntent(id, form) {
      const setup = setups.get(id);
      if (setup === undefined)
        throw new StandInError(404, {
          type: 'invalid_request_error',
          code: 'resource_missing',
          message: `No such setupintent: '${id}'`,
        });
      const expands = JSON.stringify(form['expand'] ?? '').includes('payment_method');
      return expands ? { ...setup, payment_method: methods.get(String(setup['payment_method'])) } : setup;
    },
    charge(form) {
      const method = methods.get(textAt(form, 'payment_method') ?? '');
      const amount = Number(textAt(form, 'amount'));
      const currency = textAt(form, 'currency') ?? '';
      if (method === undefined || method.customer !== textAt(form, 'customer')) {
        throw new StandInError(400, {
          type: 'invalid_request_error',
          code: 'resource_missing',
          param: 'payment_method',
          message: 'No such PaymentMethod',
        });
      }
      if (amount < 50) {
        throw new StandInError(400, {
          type: 'invalid_request_error',
          code: 'amount_too_small',
          message: 'Amount must be at least $0.50 usd',
        });
      }
      if (textAt(form, 'off_session') !== 'true' || textAt(form, 'confirm') !== 'true')
        throw new Error('not confirmed off session');
      const { last4 } = method.card;
      const intent = {
        id: newId('pi'),
        object: 'payment_intent',
        amount,
        currency,
        metadata: formAt(form, 'metadata'),
        status: 'succeeded',
        amount_received: amount,
      };
      if (last4 === DECLINED || last4 === NEEDS_OWNER) {
        const code = last4 === DECLINED ? 'card_declined' : 'authentication_required';
        const message =
          last4 === DECLINED ? 'Your card was declined.' : 'Your card was declined. This transaction requires authentication.';
        const failed = { ...intent, status: 'requires_payment_method', amount_received: 0, last_payment_error: { message } };
        intents.set(intent.id, failed);
        throw new StandInError(402, {
          type: 'card_error',
          code,
          decline_code: 'generic_decline',
          message,
          payment_intent: failed,
        });
      }
      const made = last4 === SLOW ? { ...intent, status: 'processing', amount_received: 0 } : intent;
      intents.set(intent.id, made);
      if (made.status === 'succeeded') take(made.metadata, amount, currency);
      return made;
    },
    detach(id) {
      const method = methods.get(id);
      if (method === undefined || method.customer === null) {
        throw new StandInError(400, {
          type: 'invalid_request_error',
          message: 'The payment method you provided is not attached to a customer so detachment is impossible.',
        });
      }
      method.customer = null;
      return method;
    },
    act(name, wanted) {
      const card = textAt(wanted, 'card') ?? '4242';
      if (name === 'complete') {
        const session = sessionOf(wanted);
        return session['mode'] === 'setup' ? completeSetUp(session, card) : payInSession(session, card);
      }
      if (name === 'expire') return [event('checkout.session.expired', { ...sessionOf(wanted), status: 'expired' })];
      if (name === 'arrive' || name === 'bounce') {
        const session = sessionOf(wanted);
        if (name === 'bounce') return [event('checkout.session.async_payment_failed', session)];
        Object.assign(session, { payment_status: 'paid' });
        take(session.metadata, Number(session['amount_total']), String(session['currency']));
        return [event('checkout.session.async_payment_succeeded', { ...session })];
      }
      // The events of a charge that was answered already, or is decided now.
      const intent = [...intents.values()].findLast(({ metadata }) => metadata['order'] === wanted['order']);
      if (intent === undefined) throw new Error(`nothing was charged for ${JSON.stringify(wanted)}`);
      if (intent.status === 'processing' && name === 'succeed') {
        Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
        take(intent.metadata, intent.amount, intent.currency);
      }
      if (intent.status === 'processing' && name === 'fail') {
        Object.assign(intent, { status: 'requires_payment_method', last_payment_error: { message: 'The bank said no.' } });
      }
      return [event(intent.status === 'succeeded' ? 'payment_intent.succeeded' : 'payment_intent.payment_failed', { ...intent })];
    },
    charged: () => taken,
  };
}
