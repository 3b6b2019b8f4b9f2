// Whose allowance may have come about by a change of people, places or plans: their accounts, for the sweep that gives what is due.
import { LRUCache } from 'lru-cache';
import type { StoredRecord } from '../ledger/rows.ts';
import type { Directory } from '../people/directory.ts';
import { eachOf } from '../people/each-of.ts';
import type { Organization, Place, Seat, Workspace } from '../people/documents.ts';
import { poolAccount, userAccount } from './allowances.ts';
import type { Organizations } from './organizations.ts';

export interface Touched {
  note(records: readonly StoredRecord[]): void;
  /** Takes what was noted since the last time; of an organization whose plan has changed, all that are in it. */
  take(): Promise<readonly string[]>;
  /** What was taken and could not be given: it is taken again the next time. */
  putBack(accounts: readonly string[]): void;
}

const PLANS_KEPT_MOST = 10_000;

export function openTouched({ directory, organizations }: { directory: Directory; organizations: Organizations }): Touched {
  const accounts = new Set<string>();
  const planned = new Set<string>();
  // An organization changes often in ways that give nobody anything, by purchases for example.
  const plans = new LRUCache<string, string>({ max: PLANS_KEPT_MOST });

  function noteOrganization({ id, plan, cycle, timeZone }: Organization): void {
    const now = JSON.stringify([plan, cycle, timeZone]);
    if (plan !== null && plans.get(id) !== now) planned.add(id);
    plans.set(id, now);
  }

  async function allOf(organization: string): Promise<string[]> {
    const users = new Set((await organizations.seatsOf(organization)).people);
    await eachOf(directory, 'seat', { organization }, ({ id, user }) => {
      if (user !== null) users.add(user);
      return id;
    });
    return [poolAccount(organization), ...[...users].map((user) => userAccount(organization, user))];
  }

  function putBack(taken: readonly string[]): void {
    for (const account of taken) accounts.add(account);
  }

  return {
    note(records) {
      for (const { kind, body } of records) {
        if (body === null) continue;
        if (kind === 'organization') noteOrganization(body as unknown as Organization);
        // A workspace of one's own is a place as well.
        if (kind !== 'seat' && kind !== 'place' && kind !== 'workspace') continue;
        const { organization, user } = body as unknown as Seat | Place | Workspace;
        if (user !== null) accounts.add(userAccount(organization, user));
      }
    },
    async take() {
      if (accounts.size === 0 && planned.size === 0) return [];
      const [noted, organizationsNoted] = [[...accounts], [...planned]];
      accounts.clear();
      planned.clear();
      const taken = new Set(noted);
      try {
        // One after the other: what calls read comes in between.
        for (const organization of organizationsNoted) for (const account of await allOf(organization)) taken.add(account);
      } catch (error) {
        for (const organization of organizationsNoted) planned.add(organization);
        putBack(noted);
        throw error;
      }
      return [...taken];
    },
    putBack,
  };
}
