// Composes a gateway from its configuration: read this second, after call/call.ts. The only file that knows which store is used.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Express } from 'express';
import { createApi } from './api/api.ts';
import { maySee, showCall } from './api/calls.ts';
import { createPairingTries } from './api/pairing-tries.ts';
import { createForward, type Upstream } from './call/forward.ts';
import type { Gate, GateRules, Traffic } from './call/gate.ts';
import { createAlerts } from './call/alert.ts';
import { createIdentify } from './call/identify.ts';
import { keepLeases } from './call/leases.ts';
import { createLimits } from './call/limits.ts';
import { createSettles } from './call/settles.ts';
import { createSuspensions } from './call/suspend.ts';
import { openCards, type Cards } from './cards.ts';
import type { Config } from './config.ts';
import { openLedger } from './ledger/commit.ts';
import type { Changes } from './ledger/ledger.ts';
import { startSweep } from './ledger/sweep.ts';
import { closeServer, listen, type Listening } from './listen.ts';
import { startLive, type Live } from './live/live.ts';
import { createTargets, type Resolve } from './live/target.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createMetricsServer } from './metrics-server.ts';
import { openBuying } from './payments/buying.ts';
import { openPayments } from './payments/open-payments.ts';
import { openDirectory, type Directory } from './people/directory.ts';
import { plansInUse } from './people/plans-in-use.ts';
import { startTurn } from './payer/turn.ts';
import { createPayers } from './payer/payers.ts';
import { createGateServer } from './server.ts';
import { openSqliteStore, type SqliteStore } from './store/sqlite/sqlite-store.ts';

/** A gateway that is ready to listen. */
export interface App {
  gate: Gate;
  cards: Cards;
  store: SqliteStore;
  /** People and places. */
  directory: Directory;
  /** Webhooks and event streams. */
  live: Live;
  /** `/tollgate/v1` and the health checks. */
  api: Express;
  config: Config;
  log: Log;
  /** Ends and turns what is due now, at once: it otherwise happens within seconds. */
  sweep(): Promise<void>;
  /** Opens both listeners. Port 0 takes a free one. */
  listen(): Promise<Listening>;
  /** Stops admitting, lets the calls under way end within the shutdown time, settles what is known, and closes the store. */
  close(): Promise<void>;
}

export interface AppOptions {
  /** Starts although the store is behind its high-water mark; the loss becomes an entry (rule 21). */
  acceptLoss?: boolean;
  /** The time of day, epoch milliseconds. */
  now?: () => number;
  /** What stands behind the gate: upstreams, which must all be configured, or an application's own handler. */
  behind?: 'proxy' | 'handler';
  /** What the names of webhooks mean; the system's resolver where it is left out. */
  resolve?: Resolve;
}

const DRAIN_LOOK_MS = 20;
const STOP_MS = 2_000;
// For one attempt: a receiver that needs longer takes the message and works on it afterwards.
const WEBHOOK_MS = 15_000;

/**
 * Opens store, ledger and rate card.
 * @throws CardError, StoreLocked, StoreBehindMark: each says what is wrong and what would help
 */
export async function openApp(
  config: Config,
  { acceptLoss = false, now = Date.now, behind = 'proxy', resolve }: AppOptions = {},
): Promise<App> {
  const log = createLog(config.log);
  const payments = openPayments(config, now);
  const store = await openSqliteStore(config.store, { acceptLoss, now, organization: config.organization });
  const ledger = openLedger(store, { now, startAt: await store.lastAt(), committed: (changes) => forgetChanged(changes) });
  const directory = openDirectory(store, ledger);
  const traffic: Traffic = { open: 0, draining: false };
  const settles = createSettles(ledger, log);
  const broken = await store.brokenBounds();
  // The last that is waited for: what comes after it leans on each other, and begins to write by itself.
  const cards = await openCards({
    file: config.rate_card,
    upstreams: behind === 'proxy' ? new Set(Object.keys(config.upstreams)) : undefined,
    store,
    inUse: () => plansInUse(directory, ledger.now()),
    now: () => ledger.now(),
    log,
  }).catch(async (error: unknown) => {
    await ledger.close();
    await store.close();
    throw error;
  });
  const owner = randomBytes(8).toString('hex');
  const identify = createIdentify(directory, config.secret, now);
  const payers = createPayers(directory, () => cards.current().card, config.organization);
  /** What has changed is read anew by the very next call: a place that was taken away pays for nothing more. */
  function forgetChanged(changes: Changes): void {
    directory.committed(changes);
    payers.committed(changes);
    if (changes.records.length > 0) turn.changed(changes.records);
    if (changes.records.some(({ kind }) => kind === 'key')) identify.forget();
    live.committed(changes);
    buying.committed(changes);
  }
  const rules = rulesOf(config);
  const monotonicMs = (): number => performance.now();
  const live = startLive({
    store,
    ledger,
    directory,
    organizations: payers.organizations,
    targets: createTargets({ allowPrivate: config.webhooks.allow_private, resolve }),
    maySeeCall: maySee,
    showCall,
    cards,
    secret: config.secret,
    timeoutMs: WEBHOOK_MS,
    now,
    random: Math.random,
    monotonicMs,
    log,
  });
  const upstreams = upstreamsOf(config);
  const gate: Gate = {
    card: cards.current,
    cardOf: cards.of,
    ledger,
    kept: store,
    identify,
    payers,
    limits: createLimits(),
    alerts: createAlerts(ledger, log),
    leases: keepLeases(ledger, owner, rules.leaseMs, monotonicMs),
    settles,
    suspensions: createSuspensions(broken, config.organization),
    metrics: createMetrics({ openCalls: () => traffic.open, waitingSettles: settles.waiting }),
    log,
    rules,
    owner,
    newCallId: createCallIds(now),
    monotonicMs,
    traffic,
    upstreamOrigin: (name) => upstreams.get(name)?.url.href.replace(/\/$/, ''),
  };
  const turn = startTurn({
    ledger,
    store,
    directory,
    organizations: payers.organizations,
    card: () => cards.current().card,
    log,
  });
  const sweep = startSweep(ledger, store, {
    leaseMs: rules.leaseMs,
    log,
    settlesWaiting: settles.waiting,
    turn: () => turn.due(),
  });
  const buying = openBuying({ directory, ledger, payments, card: () => cards.current().card, extra: store, log });
  const api = createApi({ gate, cards, store, directory, live, payments: buying, config, tries: createPairingTries(), now });
  const server = createGateServer(gate, createForward(upstreams), api);
  const metrics = createMetricsServer(gate.metrics);

  async function untilQuiet(withinMs: number): Promise<void> {
    const lastAt = monotonicMs() + withinMs;
    while (traffic.open > 0 && monotonicMs() < lastAt) await sleep(DRAIN_LOOK_MS);
  }

  async function close(): Promise<void> {
    traffic.draining = true;
    await live.endStreams();
    // Until the calls under way have ended, new ones get their 503: a refused connection does not say that it passes.
    await untilQuiet(config.timeouts.shutdown);
    // What still runs is stopped and charged by what is known of it, before there is no ledger to tell it to.
    gate.leases.stopAll();
    await untilQuiet(STOP_MS);
    await Promise.all([closeServer(server, STOP_MS), closeServer(metrics, 0)]);
    await Promise.race([settles.drained(), sleep(config.timeouts.shutdown, undefined, { ref: false })]);
    cards.close();
    gate.leases.close();
    await Promise.all([sweep.stop(), turn.stop(), buying.close()]);
    await live.stop();
    await ledger.close();
    await store.close();
  }

  return {
    gate,
    cards,
    store,
    directory,
    live,
    config,
    log,
    api,
    sweep: async () => {
      await sweep.now();
      await turn.now();
      await buying.look();
      await live.outlook.now();
    },
    listen: () => listen(server, metrics, config),
    close,
  };
}

function rulesOf(config: Config): GateRules {
  const { limits, timeouts } = config;
  return {
    organization: config.organization,
    bodyBytesMost: limits.body,
    wholeAnswerBytesMost: limits.whole_answer,
    leaseMs: timeouts.lease,
    headTimeoutMs: timeouts.head,
    idleTimeoutMs: timeouts.idle,
    claimKeepMs: 24 * 3_600_000,
    callsMost: limits.calls,
    corsOrigins: config.cors.origins.map((origin) => new URL(origin).origin),
    topUpUrl: config.top_up_url,
    publicUrl: config.public_url?.replace(/\/$/, ''),
  };
}

function upstreamsOf(config: Config): ReadonlyMap<string, Upstream> {
  const made = Object.entries(config.upstreams).map(
    ([name, { url, headers }]) => [name, { name, url: new URL(url), headers }] as const,
  );
  return new Map(made);
}

/** Ids that sort by time, so that a store appends: nine characters of milliseconds, then sixteen random ones. */
function createCallIds(now: () => number): () => string {
  let pool = Buffer.alloc(0);
  let used = 0;
  return () => {
    if (used + 8 > pool.length) [pool, used] = [randomBytes(8 * 512), 0];
    used += 8;
    return `${now().toString(36).padStart(9, '0')}-${pool.toString('hex', used - 8, used)}`;
  };
}
