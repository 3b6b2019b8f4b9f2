// The port of payments: what the gateway asks of whoever really takes money, and what it is told. An adapter knows orders and payment
// methods; it knows no credits, and nothing here ever sees a card number.
import type { IncomingHttpHeaders } from 'node:http';
import type { Money } from '@tollgate/shared/rate-card/plan';
import type { Order, PaymentMethod } from '../people/documents.ts';

export interface Payments {
  readonly adapter: PaymentMethod['adapter'];
  /** Said with every answer about buying, so that nobody takes a confirmation for money. */
  readonly charging: 'by hand' | 'stripe';
  /**
   * Opens a payment that a person makes. Asked again for the same order it answers with the same payment.
   * @throws {PaymentRefused}
   * @throws {PaymentsUnavailable} whether it was opened is not known; asking again is safe
   */
  checkout(order: Order): Promise<Checkout>;
  /**
   * Charges a saved payment method while nobody is there. Asked again for the same order and method it does not charge again.
   * @throws {PaymentsUnavailable} whether it was charged is not known; asking again is safe
   */
  charge(order: Order, method: PaymentMethod): Promise<ChargeEnd>;
  /**
   * Opens a form in which a person saves a payment method; an event tells when they did.
   * @throws {PaymentRefused}
   * @throws {PaymentsUnavailable}
   */
  setUp(organization: string): Promise<Checkout>;
  /** Ends a saved payment method where it is kept. Ending one that is gone already is no error. */
  endMethod(method: PaymentMethod): Promise<void>;
  /**
   * What a webhook tells.
   * @param body as it came, byte for byte, because it is what was signed
   * @throws {BadSignature} where it is not from the payment account
   * @throws {PaymentsUnavailable} where something must be looked up and can not be now: let it come again
   */
  read(body: Uint8Array, headers: IncomingHttpHeaders): Promise<PaymentEvent>;
}

export interface Checkout {
  /** The adapter's own id of the payment; null where it has none. */
  reference: string | null;
  /** Where a person pays; null where nobody has to go anywhere. */
  url: string | null;
}

/** How a charge ended; `open` where the answer comes later, as an event. */
export type ChargeEnd =
  | { state: 'paid'; reference: string }
  | { state: 'declined'; reference: string | null; reason: string }
  | { state: 'open'; reference: string | null };

/** What has happened to a payment. `event` and `payment` are the adapter's own ids. */
export type PaymentEvent =
  | OrderEvent
  /** A person has saved a payment method. `at`: when, so that a late message does not bring back an older one. */
  | { type: 'method saved'; event: string; organization: string; method: PaymentMethod; at: number }
  /** Nothing of this gateway's: another gateway or shop on the same account, or a kind of message that is not acted on. */
  | { type: 'foreign'; event: string; about: string };

export type OrderEvent = { event: string; payment: string; order: string } & (
  | { type: 'paid'; /** What was paid; null where the adapter takes somebody's word. */ money: Money | null }
  | { type: 'declined'; reason: string }
  /** The payment can not be made any more, and was not. */
  | { type: 'ended'; reason: string }
);

/** The webhook is not from the payment account, or it was changed on its way. */
export class BadSignature extends Error {
  override name = 'BadSignature';
}

/** The payment account will not do what it was asked, however often: the message says why, for people. */
export class PaymentRefused extends Error {
  override name = 'PaymentRefused';
  /** The adapter's own id of the payment that was refused, where it has made one. */
  readonly reference: string | null;

  constructor(message: string, reference: string | null, options?: ErrorOptions) {
    super(message, options);
    this.reference = reference;
  }
}

/** The payment account can not be reached, or did not say what it did. */
export class PaymentsUnavailable extends Error {
  override name = 'PaymentsUnavailable';
}
