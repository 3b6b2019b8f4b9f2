// The sending of webhooks: events are given out as deliveries, and deliveries that are due are attempted, a bounded number at a time and
// few to one host, so that a receiver that hangs keeps nobody else's from going out. What is due stands in the store: nothing is lost with the
// process.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, EventStore } from '../ledger/beside.ts';
import type { Log } from '../log.ts';
import { attempt, type AttemptParts } from './attempt.ts';
import { fanOut, type FanOutParts } from './fan-out.ts';

export interface WebhookParts extends AttemptParts, FanOutParts {
  store: AttemptParts['store'] & FanOutParts['store'] & Pick<EventStore, 'dueDeliveries'>;
  directory: AttemptParts['directory'] & FanOutParts['directory'];
  log: Pick<Log, 'error'>;
  /** Between two looks at what is due, where nothing wakes it sooner. */
  everyMs?: number;
}

export interface Webhooks {
  /** There may be something to send: an event was committed, or a delivery was made due. */
  wake(): void;
  /** Breaks off what is under way and resolves once nothing is written any more; those are attempted again after the next start. */
  stop(): Promise<void>;
}

const AT_ONCE = 32;
const AT_ONCE_PER_HOST = 4;
const DUE_AT_ONCE = 100;
const REST_MS = 30_000;

/** Starts with a look at what is due. */
export function startWebhooks(parts: WebhookParts): Webhooks {
  const { store, directory, now, log, everyMs = 1_000 } = parts;
  const stopped = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  const toHost = new Map<string, number>();
  let running: Promise<void> | undefined;
  let again = false;

  function wake(): void {
    again = true;
    running ??= run();
  }

  /** One at a time; whoever wakes it meanwhile gets another round. */
  async function run(): Promise<void> {
    try {
      while (again && !stopped.signal.aborted) {
        again = false;
        while (!stopped.signal.aborted && (await fanOut(parts))) continue;
        await startDue();
      }
    } catch (error) {
      // The store did not answer; what is due stays due.
      log.error({ error: String(error) }, 'webhooks could not be given out; they are looked at again in a moment');
    } finally {
      running = undefined;
    }
  }

  async function startDue(): Promise<void> {
    // Webhooks whose host has as many attempts as it gets: asked past, so that theirs do not fill what is read.
    const full = new Set<string>();
    for (;;) {
      const due = await store.dueDeliveries(now(), DUE_AT_ONCE + underWay.size, [...full]);
      const before = full.size;
      let started = 0;
      for (const delivery of due) {
        if (stopped.signal.aborted || underWay.size >= AT_ONCE) return;
        if (underWay.has(delivery.id) || full.has(delivery.webhook)) continue;
        const host = await hostOf(delivery);
        if ((toHost.get(host) ?? 0) >= AT_ONCE_PER_HOST) full.add(delivery.webhook);
        else {
          start(delivery, host);
          started += 1;
        }
      }
      if (started === 0 && full.size === before) return;
    }
  }

  async function hostOf({ webhook }: Delivery): Promise<string> {
    const kept = await directory.get('webhook', webhook);
    return (kept === undefined ? null : URL.parse(kept.body.url))?.host ?? '';
  }

  function start(delivery: Delivery, host: string): void {
    toHost.set(host, (toHost.get(host) ?? 0) + 1);
    const done = attempt(parts, delivery, stopped.signal)
      .catch(async (error: unknown) => {
        log.error({ delivery: delivery.id, error: String(error) }, 'what came of a delivery could not be written');
        // It may have arrived: without a rest the receiver would get it over and over while the store does not answer.
        await sleep(REST_MS, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
      })
      .finally(() => {
        underWay.delete(delivery.id);
        const left = (toHost.get(host) ?? 1) - 1;
        if (left === 0) toHost.delete(host);
        else toHost.set(host, left);
        wake();
      });
    underWay.set(delivery.id, done);
  }

  const timer = setInterval(wake, everyMs);
  timer.unref();
  wake();

  return {
    wake,
    async stop() {
      clearInterval(timer);
      stopped.abort();
      await running;
      await Promise.all(underWay.values());
    },
  };
}
