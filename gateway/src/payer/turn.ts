// Turns the cycles of accounts that nobody uses: a call turns those of its own sources by itself, and this sweep all others, so that rollovers,
// books and what is told of a cycle follow its end within seconds. Who has come to a plan or a seat is given what they are due as well, so that
// their first cycle is like every other one. In small bites, so that calls wait behind a few commands at most.
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { EndedAllowance, PeriodStore } from '../ledger/beside.ts';
import { runInBites } from '../ledger/bites.ts';
import type { AllowanceDue } from '../ledger/commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StoredRecord } from '../ledger/rows.ts';
import type { Directory } from '../people/directory.ts';
import { dueToPool, dueToUser, poolAccount } from './allowances.ts';
import { momentOf } from './moment.ts';
import type { Organizations } from './organizations.ts';
import { openTouched } from './touched.ts';
import { underCard } from './under-card.ts';

export interface TurnParts {
  ledger: Ledger;
  store: Pick<PeriodStore, 'endedAllowances'>;
  directory: Directory;
  organizations: Organizations;
  card: () => RateCard;
  log: { warn: (facts: object, message: string) => void; error: (facts: object, message: string) => void };
}

export interface Turn {
  /** Turns what is due now, at once; waits for a sweep that is under way. */
  now(): Promise<void>;
  /** The same as a step of the ledger's sweep, which comes at intervals. */
  due(): Promise<void>;
  /** People, places or plans have changed: who was due nothing is looked at again, and whom it touches is given what they are due. */
  changed(records: readonly StoredRecord[]): void;
  /** Resolves once no sweep runs any more. */
  stop(): Promise<void>;
}

// What is read and laid out at a time: a millisecond, which calls wait for.
const READ_MOST = 48;
// Accounts that are due nothing, as their user sits nowhere now, stay among those whose period has ended: not looked at each second.
const AGAIN_MS = 60_000;

export function startTurn(parts: TurnParts): Turn {
  const { ledger, store, log } = parts;
  const touched = openTouched(parts);
  let seen: EndedAllowance | undefined;
  let isChanged = false;
  let againAt = 0;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function turnAll(asked: boolean): Promise<void> {
    const at = ledger.now();
    if (isChanged && (asked || at >= againAt)) [seen, isChanged, againAt] = [undefined, false, at + AGAIN_MS];
    await giveTouched(at);
    let page: Page | undefined = await pageAfter(seen, at);
    while (page !== undefined) {
      const { due, last } = page;
      // The next ones are read while these are given.
      const next: Promise<Page | undefined> = page.isLast ? Promise.resolve(undefined) : pageAfter(last, at);
      next.catch(() => undefined);
      await give(parts, due);
      if (stopped) return;
      seen = last ?? seen;
      page = await next;
    }
  }

  async function pageAfter(after: EndedAllowance | undefined, at: number): Promise<Page> {
    const ended = await store.endedAllowances(at, READ_MOST, after);
    const due = (await Promise.all(ended.map(({ id }) => dueTo(parts, id, at)))).flat();
    return { due, last: ended.at(-1), isLast: ended.length < READ_MOST };
  }

  async function giveTouched(at: number): Promise<void> {
    const accounts = await touched.take();
    for (let from = 0; from < accounts.length; from += READ_MOST) {
      if (stopped) return;
      const bite = accounts.slice(from, from + READ_MOST);
      try {
        await give(parts, (await Promise.all(bite.map((id) => dueTo(parts, id, at)))).flat());
      } catch (error) {
        touched.putBack(accounts.slice(from));
        throw error;
      }
    }
  }

  async function sweep(asked: boolean): Promise<void> {
    running = running.then(() =>
      turnAll(asked).catch((error: unknown) => {
        // What was not given is still due, and found again.
        seen = undefined;
        log.warn({ error: String(error) }, 'cycles could not be turned; they are with the next sweep');
      }),
    );
    await running;
  }

  return {
    now: () => sweep(true),
    due: () => sweep(false),
    changed(records) {
      isChanged = true;
      touched.note(records);
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** Accounts whose period has ended, and what they are due. */
interface Page {
  due: readonly AllowanceDue[];
  last: EndedAllowance | undefined;
  isLast: boolean;
}

/** A bug in one of them leaves that one to its next call, and the others are given. */
async function give({ ledger, log }: TurnParts, due: readonly AllowanceDue[]): Promise<void> {
  const given = await runInBites(
    ledger,
    due.map((allowance) => ({ type: 'allow', allowance }) as const),
  );
  for (const [index, outcome] of given.entries()) {
    if (outcome.status === 'rejected')
      log.error({ account: due[index]?.account, error: String(outcome.reason) }, 'an allowance could not be given');
  }
}

/** What this account is due in the cycle of this moment, as the next call of its payer would find it. */
async function dueTo(parts: TurnParts, account: string, at: number): Promise<readonly AllowanceDue[]> {
  const { directory, organizations, card } = parts;
  const [, kind, id = '', name] = /^(pool|user):([^/]+)(?:\/(.+))?$/.exec(account) ?? [];
  const organization = (await directory.get('organization', id))?.body;
  if (organization === undefined || organization.closedAt !== null) return [];
  const nobody = { organization, user: null, seat: null, seated: new Map<string, number>(), people: new Set<string>() };
  if (kind === 'pool') return account === poolAccount(id) ? dueToPool(id, momentOf(underCard(nobody, card()), at), at) : [];
  if (name === undefined) return [];
  const seat = (await directory.byLookup('seat', `${id}/${name}`))?.body ?? null;
  const due = dueToUser(id, name, seat, momentOf(underCard({ ...nobody, user: { id: name }, seat }, card()), at), at);
  // Without a seat only a plan that seats everybody gives anything, and only to who is there.
  if (seat !== null || due.length === 0 || (await organizations.seatsOf(id)).people.has(name)) return due;
  return [];
}
