// Feeds the open event streams. A commit is only the hint to look: what is told is read from the store past each stream's cursor, the same
// way while a client listens and when it comes back, so that nothing is told before it is durable, left out, or told twice.
import type { Changes } from '../ledger/ledger.ts';
import type { Cards } from '../cards.ts';
import { lineOf, type Key } from '../keys/key.ts';
import type { Log } from '../log.ts';
import { organizationOf } from '../people/ids.ts';
import type { Cursor } from './cursor.ts';
import { feedEvents, feedReceipts, type FeedParts } from './feed.ts';
import type { Viewer } from './may-see-event.ts';
import type { Stream } from './stream.ts';

export interface HubParts extends FeedParts {
  cards: Pick<Cards, 'current'>;
  log: Pick<Log, 'error'>;
  /** Milliseconds of this process's own clock. */
  monotonicMs: () => number;
  /** Between two looks at whether keys live and clients read. */
  checkEveryMs?: number;
}

export interface Hub {
  /** The present end of all that there is to tell. */
  end(): Promise<Cursor>;
  /** Whether one more stream of this key may be opened; never again once it was stopped. */
  hasRoom(key: Key): boolean;
  /** A stream whose head was sent. */
  add(stream: Stream): void;
  remove(stream: Stream): void;
  /** Called after each durable batch; costs next to nothing while nobody watches. */
  committed(changes: Pick<Changes, 'accounts'>): void;
  /** Ends all streams. */
  stop(): Promise<void>;
}

const STREAMS_MOST = 1_000;
// A person's browser windows, console and extension.
const STREAMS_PER_KEY_MOST = 16;
// Ten times a second is more than an eye follows.
const ROUND_EVERY_MS = 100;
// Where there is more than a round takes, the next one follows: else a busy gateway would leave its streams behind for good.
const CATCH_UP_MS = 5;
const CHECK_EVERY_MS = 1_000;
const CHECKS_PER_BEAT = 15;
// Each is a read through the ledger's queue, which calls wait in too. Those past it have their turn in the next round.
const BALANCES_PER_ROUND = 100;

export function createHub(parts: HubParts): Hub {
  const { store, cards, log, monotonicMs, checkEveryMs = CHECK_EVERY_MS } = parts;
  const streams = new Set<Stream>();
  const perLine = new Map<string, number>();
  /** Organizations of which an account was changed since the last round. */
  const moved = new Set<string>();
  /** Whether anything was committed since the last round began. */
  let hasNews = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let checks = 0;
  let lastRoundMs = -Infinity;

  async function end(): Promise<Cursor> {
    return { entry: await store.lastEntry(), event: await store.lastEvent() };
  }

  function wake(): void {
    if (stopped || timer !== undefined || running !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        running = run();
      },
      Math.max(0, lastRoundMs + (isCatchingUp() ? CATCH_UP_MS : ROUND_EVERY_MS) - monotonicMs()),
    ).unref();
  }

  function isCatchingUp(): boolean {
    return [...streams].some((stream) => stream.isBehind && stream.isReady());
  }

  async function run(): Promise<void> {
    lastRoundMs = monotonicMs();
    try {
      await round();
      running = undefined;
      if (isBehind()) wake();
    } catch (error) {
      running = undefined;
      // The next check, in a second, tries again.
      log.error({ error: String(error) }, 'event streams could not be fed; tried again in a moment');
    }
  }

  function isBehind(): boolean {
    return hasNews || isCatchingUp() || [...streams].some((stream) => stream.isReady() && stream.balanceDue);
  }

  async function round(): Promise<void> {
    for (const stream of streams) if (paidBy(stream.viewer).some((one) => moved.has(one))) stream.balanceDue = true;
    moved.clear();
    hasNews = false;
    const upTo = await end();
    const ready = [...streams].filter((stream) => stream.isReady());
    await feedReceipts(parts, ready, upTo.entry);
    await feedEvents(parts, ready, upTo.event);
    for (const stream of ready) {
      stream.isBehind = stream.cursor.entry < upTo.entry || stream.cursor.event < upTo.event;
      stream.sendState('card', cardInForce(cards));
    }
    await Promise.all(
      ready
        .filter(({ balanceDue }) => balanceDue)
        .slice(0, BALANCES_PER_ROUND)
        .map(feedBalance),
    );
  }

  async function feedBalance(stream: Stream): Promise<void> {
    // To the end of the line, so that everyone has their turn.
    if (streams.delete(stream)) streams.add(stream);
    try {
      await stream.sendBalance();
    } catch (error) {
      stream.balanceDue = true;
      throw error;
    }
  }

  /** Once a second: who may watch no more is ended, who reads no more is dropped, and a key that changed is watched for as it is now. */
  async function check(stream: Stream): Promise<void> {
    const key = await stream.recheck();
    if (key === undefined) stream.end();
    else if (stream.isStalled()) stream.drop();
    else {
      stream.viewer = { ...stream.viewer, key };
      if (checks % CHECKS_PER_BEAT === 0) stream.beat();
    }
  }

  const checking = setInterval(() => {
    checks += 1;
    for (const stream of streams) check(stream).catch(() => stream.end());
    // A card may be taken up, and a grant may have begun, without a commit.
    if (checks % CHECKS_PER_BEAT === 0) for (const stream of streams) stream.balanceDue = true;
    if (streams.size > 0) wake();
  }, checkEveryMs);
  checking.unref();

  function count(stream: Stream, by: 1 | -1): void {
    const line = lineOf(stream.viewer.key.id);
    const left = (perLine.get(line) ?? 0) + by;
    if (left === 0) perLine.delete(line);
    else perLine.set(line, left);
  }

  return {
    end,
    hasRoom: (key) => !stopped && streams.size < STREAMS_MOST && (perLine.get(lineOf(key.id)) ?? 0) < STREAMS_PER_KEY_MOST,
    add(stream) {
      streams.add(stream);
      stream.onDrained(wake);
      count(stream, 1);
      wake();
    },
    remove(stream) {
      if (streams.delete(stream)) count(stream, -1);
    },
    committed({ accounts }) {
      if (streams.size === 0) return;
      hasNews = true;
      // `pool:<organization>`, `user:<organization>/<user>`.
      for (const { id } of accounts) {
        const owner = id.slice(id.indexOf(':') + 1);
        moved.add(organizationOf(owner, owner));
      }
      wake();
    },
    async stop() {
      stopped = true;
      clearInterval(checking);
      clearTimeout(timer);
      for (const stream of streams) stream.end();
      await running;
    },
  };
}

/** The organizations whose accounts its balance may be of. */
function paidBy({ organization, key }: Viewer): string[] {
  return [organization ?? '', ...key.contexts.map((context) => organizationOf(context))];
}

function cardInForce(cards: HubParts['cards']): object {
  const { card, since } = cards.current();
  return { name: card.name, version: card.version, since: new Date(since).toISOString() };
}
