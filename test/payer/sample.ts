// A payer as a test wants it: documents as they are kept, seen under a real rate card.
import { microcredits, ZERO } from '@tollgate/shared/credits';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import type { Key } from '../../gateway/src/keys/key.ts';
import type { Cap, Organization, Seat, User, Workspace } from '../../gateway/src/people/documents.ts';
import type { Context } from '../../gateway/src/payer/context.ts';
import type { Payer } from '../../gateway/src/payer/payer.ts';
import { underCard } from '../../gateway/src/payer/under-card.ts';

export const credits = (amount: number): ReturnType<typeof microcredits> => microcredits(Math.round(amount * 1e6));

const CARD = `card: sample
services:
  s: { path: /s, upstream: s, operations: [{ id: a, match: GET /a, price: [{ rate: 1 }] }] }
plans:
  team:
    every: month
    cycle: anniversary
    pool: 1000
    seats:
      free: { lifetime: 500, draw: [individual] }
      pro: { allowance: 8000 }
      max: { allowance: 40000 }
    draw: [individual, pool, extra]
    extra: { limit: 0, fee: 0.002 USD }
    rollover: { most: 4000, for: 2 }
  keeps: { every: month, pool: 100, draw: [pool], rollover: { most: 50 } }
  solo: { every: day, allowance: 30, draw: [individual] }
  seats: { every: month, seats: { pro: { allowance: 8000 }, free: { lifetime: 500 } }, draw: [individual] }
`;

const loaded = loadRateCard(CARD, { file: 'sample.yaml', version: '1' });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
export const SAMPLE_CARD = loaded.card;

export interface Sample {
  key?: Partial<Key>;
  organization?: Partial<Organization>;
  workspace?: Partial<Workspace>;
  /** Id of the user, or null for a service's key. */
  user?: string | null;
  /** Type of the user's seat. */
  seat?: string | null;
  caps?: readonly Partial<Cap>[];
  seated?: Readonly<Record<string, number>>;
  people?: readonly string[];
}

/** Ann of acme, in the workspace main, without a plan unless told. */
export function samplePayer({
  user = 'ann',
  seat = null,
  caps = [],
  seated = {},
  people = ['ann'],
  ...more
}: Sample = {}): Payer {
  const organization: Organization = {
    id: 'acme',
    name: 'Acme',
    kind: 'company',
    timeZone: 'UTC',
    plan: null,
    cycle: null,
    next: null,
    extraLimit: ZERO,
    extraWord: null,
    autoPurchase: null,
    paymentMethod: null,
    closedAt: null,
    ...more.organization,
  };
  const context: Context = {
    organization,
    workspace: {
      id: 'acme/main',
      organization: 'acme',
      name: 'main',
      kind: 'team',
      user: null,
      labels: {},
      closedAt: null,
      ...more.workspace,
    },
    user: user === null ? null : sampleUser(user),
    seat: seat === null || user === null ? null : sampleSeat(seat, user),
    caps: caps.map(sampleCap),
    seated: new Map(Object.entries(seated)),
    people: new Set(people),
  };
  return underCard({ ...context, key: { ...sampleKey(user), ...more.key } }, SAMPLE_CARD);
}

function sampleUser(id: string): User {
  return { id, organization: 'acme', name: id, email: `${id}@example.com`, identity: `identity of ${id}`, erasedAt: null };
}

function sampleSeat(type: string, user: string): Seat {
  return { id: `acme/seat-${user}`, organization: 'acme', type, user, since: 0 };
}

function sampleCap(cap: Partial<Cap>): Cap {
  return {
    id: 'c',
    organization: 'acme',
    scope: { kind: 'organization', id: 'acme' },
    window: 'day',
    limit: credits(10),
    mode: 'hard',
    raise: null,
    ...cap,
  };
}

function sampleKey(user: string | null): Key {
  return {
    id: 'web',
    hash: '',
    prefix: '',
    name: 'web',
    scope: 'spend',
    organization: 'acme',
    workspace: 'acme/main',
    contexts: [],
    user,
    service: null,
    limits: { perMinute: null, concurrent: null },
    bypass: false,
    labels: {},
    caps: [],
    createdAt: 0,
    expiresAt: null,
    revokedAt: null,
    replaces: null,
  };
}
