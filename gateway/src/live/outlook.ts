// Looks at organizations in turn for what nobody's call tells: an allowance that will not last (once in a cycle), and a finished day that
// sticks out (once). The ids of these events say what they are of, so that looking again, or after a restart, tells nothing twice.
import { microcredits } from '@tollgate/shared/credits';
import { windowAt } from '@tollgate/shared/cycle';
import { localDate } from '@tollgate/shared/local-date';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { LRUCache } from 'lru-cache';
import type { PutCommand } from '../ledger/commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import { watchedOf } from '../payer/caps.ts';
import { momentOf } from '../payer/moment.ts';
import type { Organizations } from '../payer/organizations.ts';
import { underCard } from '../payer/under-card.ts';
import type { Directory } from '../people/directory.ts';
import type { Organization } from '../people/documents.ts';
import { forecastOf, unusualOf } from './forecast.ts';
import type { HourlyCharge, LiveStore } from './live-store.ts';

export interface OutlookParts {
  store: Pick<LiveStore, 'hourlyCharges'>;
  ledger: Pick<Ledger, 'standing' | 'now'>;
  directory: Pick<Directory, 'list' | 'write'>;
  organizations: Organizations;
  cards: { current(): { card: RateCard } };
  log: Pick<Log, 'error'>;
  /** Between two bites. */
  everyMs?: number;
}

export interface Outlook {
  /** Looks at all organizations now. */
  now(): Promise<void>;
  /** Resolves once nothing is looked at any more. */
  stop(): Promise<void>;
}

type Events = PutCommand['events'];

// A thousand organizations a minute, in bites that no call notices.
const AT_ONCE = 20;
const EVERY_MS = 1_000;
const TOLD_MOST = 20_000;
const DAYS_BEFORE = 28;
const HOUR_MS = 3_600_000;

export function startOutlook(parts: OutlookParts): Outlook {
  const { directory, log, everyMs = EVERY_MS } = parts;
  /** The newest day that was judged, by organization. */
  const judged = new Map<string, number>();
  /** The store keeps an event's id once; this keeps it from being asked each time. */
  const told = new LRUCache<string, true>({ max: TOLD_MOST });
  let after: string | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;

  /** The next bite; true while there are more. */
  async function look(): Promise<boolean> {
    const page = await directory.list('organization', { limit: AT_ONCE, ...(after === undefined ? {} : { after }) });
    const events: Events[number][] = [];
    const judgedNow = new Map<string, number>();
    for (const { body } of page) {
      if (stopped) return false;
      if (body.closedAt === null)
        events.push(...(await forecast(parts, body)), ...(await unusual(parts, body, judged, judgedNow)));
    }
    const news = events.filter((event) => !told.has(event.id));
    if (news.length > 0) await directory.write({ puts: [], audits: [], events: news });
    for (const event of news) told.set(event.id, true);
    for (const [organization, day] of judgedNow) judged.set(organization, day);
    after = page.length < AT_ONCE ? undefined : page.at(-1)?.body.id;
    return after !== undefined;
  }

  function bite(): Promise<boolean> {
    const looked = running.then(look).catch((error: unknown) => {
      if (!stopped) log.error({ error: String(error) }, 'forecasts could not be made; looked at again in a moment');
      return false;
    });
    running = looked;
    return looked;
  }

  const timer = setInterval(() => void bite(), everyMs);
  timer.unref();

  return {
    async now() {
      after = undefined;
      while (await bite()) continue;
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** By what is watched of the cycle: what open calls hold is not spent. */
async function forecast({ ledger, organizations, cards }: OutlookParts, organization: Organization): Promise<Events> {
  const { id } = organization;
  const at = ledger.now();
  const seen = underCard({ organization, user: null, seat: null, ...(await organizations.factsOf(id)) }, cards.current().card);
  const caps = watchedOf(id, momentOf(seen, at));
  const [cap] = caps;
  if (cap?.until === undefined || cap.until === null) return [];
  const { from, until, limit } = cap;
  const [standing] = (await ledger.standing({ sources: [], caps })).caps;
  const spent = microcredits((standing?.used ?? 0) - (standing?.held ?? 0));
  const made = forecastOf({ from, until, spent, limit }, at);
  if (made === undefined) return [];
  return [
    {
      id: `forecast:${id}@${from}`,
      type: 'alert.forecast',
      organization: id,
      workspace: null,
      data: { from, until, limit, spent, ...made },
    },
  ];
}

/**
 * Roll-ups are by the hour in UTC. Where a zone is half an hour off, an hour belongs to the local day that it begins in: what was held in
 * the half of it past midnight counts for the day before.
 */
async function unusual(
  { store, ledger }: OutlookParts,
  { id, timeZone }: Organization,
  judged: ReadonlyMap<string, number>,
  judgedNow: Map<string, number>,
): Promise<Events> {
  const at = ledger.now();
  const today = windowAt('day', timeZone, at);
  // Calls that were held before midnight have an hour to end.
  if (judged.get(id) === today.from || at < today.from + HOUR_MS) return [];
  const starts = [today.from];
  for (let day = 0; day <= DAYS_BEFORE; day += 1) starts.unshift(windowAt('day', timeZone, (starts[0] ?? 0) - 1).from);
  const charges = await store.hourlyCharges(id, { from: starts[0] ?? 0, until: today.from });
  const days = perDay(charges, starts);
  judgedNow.set(id, today.from);
  const spent = days.at(-1) ?? microcredits(0);
  const found = unusualOf(spent, days.slice(0, -1));
  if (found === undefined) return [];
  const day = localDate(timeZone, starts.at(-2) ?? 0);
  return [
    {
      id: `unusual:${id}@${day}`,
      type: 'alert.unusual',
      organization: id,
      workspace: null,
      data: { day, timeZone, spent, ...found },
    },
  ];
}

/** @param starts of the days, and the end of the last */
function perDay(charges: readonly HourlyCharge[], starts: readonly number[]): ReturnType<typeof microcredits>[] {
  const days = starts.slice(1).map(() => 0);
  for (const { hour, charge } of charges) {
    const day = starts.findLastIndex((from) => from <= hour);
    days[day] = (days[day] ?? 0) + charge;
  }
  return days.map((sum) => microcredits(sum));
}
