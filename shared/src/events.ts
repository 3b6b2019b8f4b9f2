// What is told to people by webhook and event stream. One list, for the gateway, its documents and whoever receives them.

export const EVENT_TYPES = {
  'alert.crossed': 'A cap or an allowance has reached 50, 80 or 100 per cent; once per crossing and window.',
  'alert.forecast': 'At the present pace the allowance of this cycle ends before the cycle; once per cycle.',
  'alert.unusual': 'A day sticks out from the days before it; once per day.',
  'grant.made': 'Credits were granted.',
  'grant.voided': 'A grant was ended early.',
  'cycle.turned': 'A new cycle has begun and its allowance was given.',
  'purchase.paid': 'A payment has arrived and its credits were granted.',
  'purchase.declined': 'A payment was declined.',
  'auto_purchase.paused': 'Auto-purchase stands still, and why.',
  'seat.changed': 'A seat has another type or another user.',
  'plan.changed': 'The organization has another plan, now or from its next cycle.',
  'cap.changed': 'A cap was made, changed, raised for a time or taken away.',
  'key.changed': 'A key was made, rotated or revoked.',
  'webhook.tested': 'A test that somebody fired.',
} as const satisfies Record<string, string>;

export type EventType = keyof typeof EVENT_TYPES;

/** Told on the event stream alone: they are read from the ledger, not from the list of events. */
export const STREAM_TYPES = {
  balance: 'What is available now.',
  receipt: 'A call has ended with its charge.',
  card: 'Another rate card is in force.',
} as const satisfies Record<string, string>;

/**
 * Names of amounts in what an event says. They are microcredits where the event is kept and credits where it is told. A moment has a
 * name that ends in `At`, or is called `at`, `from` or `until`: epoch milliseconds there, ISO 8601 here.
 */
export const EVENT_AMOUNTS: ReadonlySet<string> = new Set([
  'amount',
  'available',
  'credits',
  'expected',
  'extraLimit',
  'granted',
  'limit',
  'spent',
  'threshold',
  'usual',
]);
