// What the gateway counts, for Prometheus. Labels are bounded by the rate card (service, operation) and by our own codes: never by
// what a client sends.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  registry: Registry;
  calls: Counter<'service' | 'operation' | 'end'>;
  refusals: Counter<'code'>;
  credits: Counter<'service' | 'operation'>;
  absorbed: Counter<'service' | 'operation'>;
  flags: Counter<'flag' | 'operation'>;
  unpriced: Counter<'service'>;
  payments: Counter<'taken'>;
  seconds: Histogram<'service' | 'operation'>;
}

/** What is asked for when metrics are scraped. */
export interface Gauges {
  openCalls(): number;
  waitingSettles(): number;
}

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  gauge('tollgate_calls_open', 'Calls under way.', gauges.openCalls);
  gauge('tollgate_settles_waiting', 'Ends of calls that wait for the ledger.', gauges.waitingSettles);

  function gauge(name: string, help: string, read: () => number): void {
    const made: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: () => {
        made.set(read());
      },
    });
  }

  const operation = ['service', 'operation'] as const;
  return {
    registry,
    calls: new Counter({
      name: 'tollgate_calls_total',
      help: 'Calls that were held, by how they ended.',
      labelNames: [...operation, 'end'],
      registers,
    }),
    refusals: new Counter({ name: 'tollgate_refusals_total', help: 'Calls refused, by code.', labelNames: ['code'], registers }),
    credits: new Counter({ name: 'tollgate_credits_charged_total', help: 'Credits charged.', labelNames: operation, registers }),
    absorbed: new Counter({
      name: 'tollgate_credits_absorbed_total',
      help: 'Credits past a hold that the operator absorbed.',
      labelNames: operation,
      registers,
    }),
    flags: new Counter({
      name: 'tollgate_flags_total',
      help: 'Flags on receipts.',
      labelNames: ['flag', 'operation'],
      registers,
    }),
    unpriced: new Counter({
      name: 'tollgate_unpriced_calls_total',
      help: 'Calls to routes that have no price.',
      labelNames: ['service'],
      registers,
    }),
    payments: new Counter({
      name: 'tollgate_payment_messages_total',
      help: 'Messages of the payment account, by what became of them.',
      labelNames: ['taken'],
      registers,
    }),
    seconds: new Histogram({
      name: 'tollgate_call_seconds',
      help: 'From the first byte of the request to the end of the call.',
      labelNames: operation,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    }),
  };
}
