// What is known of an organization as a whole: its caps, and who sits in it. Kept apart from payers, because all of an organization share it.
import { LRUCache } from 'lru-cache';
import type { StoredRecord } from '../ledger/rows.ts';
import type { Directory } from '../people/directory.ts';
import { eachOf } from '../people/each-of.ts';
import type { Cap } from '../people/documents.ts';

export interface OrganizationFacts extends Seats {
  /** Every cap that could apply; caps.ts picks those of a call. */
  caps: readonly Cap[];
}

/** Who sits where. Empty where nobody asks: most plans need only their pool. */
export interface Seats {
  /** How many users sit in a seat of each type. */
  seated: ReadonlyMap<string, number>;
  /** The users who have a place, or a workspace of their own. */
  people: ReadonlySet<string>;
}

export interface Organizations {
  factsOf(organization: string): Promise<OrganizationFacts>;
  capsOf(organization: string): Promise<readonly Cap[]>;
  /** Reads every seat and place of it, once a minute. */
  seatsOf(organization: string): Promise<Seats>;
  /** Whether the gateway serves strangers: more than one organization, closed ones among them. */
  areMany(): Promise<boolean>;
  committed(records: readonly StoredRecord[]): void;
}

const KEPT_MOST = 5_000;
const CAPS_KEPT_MS = 1_000;
// Who sits where only decides what alerts are told of: another process's changes may take a minute to be seen in it.
const SEATS_KEPT_MS = 60_000;

export function openOrganizations(directory: Directory): Organizations {
  const capsOf = remember(CAPS_KEPT_MS, async (organization) =>
    (await directory.list('cap', { organization })).map(({ body }) => body),
  );
  const seatsOf = remember(SEATS_KEPT_MS, (organization) => countSeats(directory, organization));
  const many = remember(CAPS_KEPT_MS, async () => (await directory.list('organization', { limit: 2 })).length > 1);

  return {
    async factsOf(organization) {
      const [caps, seats] = await Promise.all([capsOf.get(organization), seatsOf.get(organization)]);
      return { caps, ...seats };
    },
    capsOf: capsOf.get,
    seatsOf: seatsOf.get,
    areMany: () => many.get(''),
    committed(records) {
      for (const { kind, organization } of records) {
        if (kind === 'cap') capsOf.forget(organization);
        if (kind === 'seat' || kind === 'place' || kind === 'workspace') seatsOf.forget(organization);
        if (kind === 'organization') many.forget('');
      }
    },
  };
}

interface Remembered<T> {
  get(id: string): Promise<T>;
  forget(id: string): void;
}

/** What could not be read is asked for again, and never taken for nothing: no caps would be no limit. */
function remember<T>(keptMs: number, read: (id: string) => Promise<T>): Remembered<T> {
  const known = new LRUCache<string, Promise<T>>({ max: KEPT_MOST, ttl: keptMs });
  return {
    get(id) {
      const kept = known.get(id);
      if (kept !== undefined) return kept;
      const found = read(id);
      known.set(id, found);
      found.catch(() => known.delete(id));
      return found;
    },
    forget: (id) => known.delete(id),
  };
}

async function countSeats(directory: Directory, organization: string): Promise<Seats> {
  const seated = new Map<string, number>();
  await eachOf(directory, 'seat', { organization }, ({ id, type, user }) => {
    if (user !== null) seated.set(type, (seated.get(type) ?? 0) + 1);
    return id;
  });
  const people = new Set<string>();
  await eachOf(directory, 'place', { organization }, ({ workspace, user }) => {
    people.add(user);
    return `${workspace}/${user}`;
  });
  await eachOf(directory, 'workspace', { organization }, ({ id, kind, user }) => {
    if (kind === 'personal' && user !== null) people.add(user);
    return id;
  });
  return { seated, people };
}
