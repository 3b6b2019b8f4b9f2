// Who spends in the hammer of caps, and what they may: an organization with seats, a pool, extra credits, caps per user and per key, all of it
// small enough to be used up within seconds. Its numbers are given in credits here and nowhere else; the oracle reads them.
import { HAMMER_CARD } from './race.ts';
import type { GatewayKit } from '../kit/gateway.ts';

export const CREDIT = 1_000_000;

export interface Scene {
  /** Each seat's allowance a day, by type. */
  seats: Readonly<Record<'pro' | 'max', number>>;
  pool: number;
  extra: number;
  /** Each user's cap, a day. */
  perUser: number;
  /** The cap of the key `k1`, a day. */
  perKey: number;
}

/** @param scale how many times as much there is of everything */
export function sceneOf(scale: number): Scene {
  return {
    seats: { pro: 30 * scale, max: 60 * scale },
    pool: 120 * scale,
    extra: 20 * scale,
    perUser: 40 * scale,
    perKey: 12 * scale,
  };
}

/** Seats by user at first; `u7` sits nowhere, and `batch` is the key of a service. */
export const SEATS = { u1: 'pro', u2: 'pro', u3: 'pro', u4: 'pro', u5: 'max', u6: 'max' } as const;
export const USERS = [...Object.keys(SEATS), 'u7'];

export function cardOf({ seats, pool, extra }: Scene): string {
  return `${HAMMER_CARD}
plans:
  team:
    every: day
    pool: ${pool}
    seats:
      pro: { allowance: ${seats.pro} }
      max: { allowance: ${seats.max} }
    draw: [individual, pool, extra]
    extra: { limit: ${extra}, fee: 0.002 USD }
`;
}

/** Makes the people, their keys and caps. Returns the text of each one's key. */
export async function settleIn(kit: GatewayKit, scene: Scene): Promise<Map<string, string>> {
  await done(kit, 'PATCH', 'organizations/main', { plan: 'team', extraLimit: scene.extra });
  const keys = new Map<string, string>();
  for (const user of USERS) {
    await done(kit, 'POST', 'users', { id: user, name: user, email: `${user}@example.com`, workspace: 'main' });
    const caps = user === 'u1' ? { caps: [{ window: 'day', limit: scene.perKey }] } : {};
    keys.set(user, (await kit.makeKey({ id: `k-${user}`, scope: 'spend', user, ...caps })).text);
  }
  for (const [user, type] of Object.entries(SEATS)) await done(kit, 'POST', 'seats', { id: `s-${user}`, type, user });
  keys.set('batch', (await kit.makeKey({ id: 'k-batch', scope: 'spend', service: 'batch' })).text);
  await done(kit, 'POST', 'caps', { id: 'each', scope: { kind: 'user', id: '*' }, window: 'day', limit: scene.perUser });
  return keys;
}

/** Asks the gateway's own API and expects that it is done. */
export async function done(kit: GatewayKit, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await kit.api(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
