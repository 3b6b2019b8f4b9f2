// The sending of webhooks: events are given out as deliveries, and deliveries that are due are attempted, a bounded number at a time, few
// of one organization and fewer to one host, so that a receiver that hangs keeps nobody else's from going out. What is due stands in the store: nothing is lost with the
// process.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, EventStore } from '../ledger/beside.ts';
import type { Log } from '../log.ts';
import { attempt, type AttemptParts } from './attempt.ts';
import { fanOut, type FanOutParts } from './fan-out.ts';

export interface WebhookParts extends AttemptParts, FanOutParts {
  store: AttemptParts['store'] & FanOutParts['store'] & Pick<EventStore, 'dueDeliveries'>;
  directory: AttemptParts['directory'] & FanOutParts['directory'];
  log: Pick<Log, 'error' | 'warn'>;
  /** Between two looks at what is due, where nothing wakes it sooner. */
  everyMs?: number;
}

export interface Webhooks {
  /** There may be something to send: an event was committed, or a delivery was made due. */
  wake(): void;
  /** Breaks off what is under way and resolves once nothing is written any more; those are attempted again after the next start. */
  stop(): Promise<void>;
}

const AT_ONCE = 64;
// Nobody's receivers, however many hosts they have, take the places of everybody else's.
const AT_ONCE_PER_ORGANIZATION = 8;
const AT_ONCE_PER_HOST = 4;
const DUE_AT_ONCE = 100;
const REST_MS = 30_000;

/** Starts with a look at what is due. */
export function startWebhooks(parts: WebhookParts): Webhooks {
  const { store, directory, now, log, everyMs = 1_000 } = parts;
  const stopped = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  const lanes = createLanes();
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
    // Webhooks that have as many attempts as they get: asked past, so that theirs do not fill what is read.
    const full = new Set<string>();
    for (;;) {
      const due = await store.dueDeliveries(now(), DUE_AT_ONCE + underWay.size, [...full]);
      const before = full.size;
      let started = 0;
      for (const delivery of due) {
        if (stopped.signal.aborted || underWay.size >= AT_ONCE) return;
        if (underWay.has(delivery.id) || full.has(delivery.webhook)) continue;
        const lane = await laneOf(delivery);
        if (!lanes.hasRoom(lane)) full.add(delivery.webhook);
        else {
          start(delivery, lane);
          started += 1;
        }
      }
      if (started === 0 && full.size === before) return;
    }
  }

  async function laneOf({ webhook }: Delivery): Promise<Lane> {
    const kept = await directory.get('webhook', webhook);
    return {
      organization: kept?.body.organization ?? '',
      host: (kept === undefined ? null : URL.parse(kept.body.url))?.host ?? '',
    };
  }

  function start(delivery: Delivery, lane: Lane): void {
    lanes.enter(lane);
    const done = attempt(parts, delivery, stopped.signal)
      .then(noteDead)
      .catch(async (error: unknown) => {
        log.error({ delivery: delivery.id, error: String(error) }, 'what came of a delivery could not be written');
        // It may have arrived: without a rest the receiver would get it over and over while the store does not answer.
        await sleep(REST_MS, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
      })
      .finally(() => {
        underWay.delete(delivery.id);
        lanes.leave(lane);
        wake();
      });
    underWay.set(delivery.id, done);
  }

  /** Without its address, which may carry a secret of the receiver's. */
  function noteDead({ id, state, attempts, lastError }: Delivery): void {
    if (state === 'dead') log.warn({ delivery: id, attempts, error: lastError }, 'a delivery was given up');
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

/** What an attempt shares its places with. */
interface Lane {
  organization: string;
  host: string;
}

function createLanes(): { hasRoom(lane: Lane): boolean; enter(lane: Lane): void; leave(lane: Lane): void } {
  const taken = new Map<string, number>();
  const of = ({ organization, host }: Lane): [string, string] => [`organization ${organization}`, `host ${host}`];
  const move = (lane: Lane, by: 1 | -1): void => {
    for (const place of of(lane)) {
      const left = (taken.get(place) ?? 0) + by;
      if (left === 0) taken.delete(place);
      else taken.set(place, left);
    }
  };
  return {
    hasRoom: (lane) => {
      const [organization, host] = of(lane);
      return (taken.get(organization) ?? 0) < AT_ONCE_PER_ORGANIZATION && (taken.get(host) ?? 0) < AT_ONCE_PER_HOST;
    },
    enter: (lane) => move(lane, 1),
    leave: (lane) => move(lane, -1),
  };
}
