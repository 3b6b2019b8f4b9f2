// A team in the demo, with one of everything that credits can be: seats of three types, a pool, a package that was bought, a grant that ended, an
// auto-purchase that stands still, and a cap near its edge. Made through the API, each thing once: a second start finds it as it was left.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, EXIT } from '../cli/exit-code.ts';
import type { GatewayClient } from '../cli/gateway-client.ts';

const TEAM = 'acme';
const PEOPLE = [
  { id: 'ann', name: 'Ann', seat: 'max', role: 'owner' },
  { id: 'bob', name: 'Bob', seat: 'max', role: 'member' },
  { id: 'cleo', name: 'Cleo', seat: 'pro', role: 'member' },
  { id: 'dan', name: 'Dan', seat: 'pro', role: 'member' },
  { id: 'eve', name: 'Eve', seat: 'pro', role: 'member' },
  { id: 'finn', name: 'Finn', seat: 'pro', role: 'member' },
  { id: 'gina', name: 'Gina', seat: 'free', role: 'member' },
  { id: 'hugo', name: 'Hugo', seat: 'free', role: 'viewer' },
] as const;
/** Whose cap is near its edge: so much of it is spent by calls of this many credits. */
const CAPPED = { user: 'gina', limit: 20, percent: 90 };
const CALL = '/records/v1/businesses/demo';
// More than the pool has, so that it buys at once; the operator says that no money came, and it stands still.
const AUTO_PURCHASE = { package: 'large', threshold: 100_000 };
const PROMO_MS = 500;
const PATIENCE_MS = 3_000;

export interface Team {
  organization: string;
  /** File of the key of the person whose cap is near its edge. */
  keyFile: string;
  /** Who that is, in words. */
  person: string;
}

/**
 * What somebody has changed since stays so: a refusal here only says that it is another one by now.
 * @param keyFile makes a key where its file is not there, and gives the file
 * @returns undefined where the rate card has no plan for a team, as one from before plans
 */
export async function stockTeam(
  { ask }: GatewayClient,
  url: string,
  keyFile: (id: string, key: object, organization: string) => Promise<string>,
): Promise<Team | undefined> {
  const see: See = async (method, path, body) => {
    const inTeam = path === 'organizations' ? path : `${path}${path.includes('?') ? '&' : '?'}organization=${TEAM}`;
    try {
      return await ask(method, inTeam, body);
    } catch (error) {
      if (error instanceof CommandError && error.exitCode === EXIT.found) return undefined;
      throw error;
    }
  };
  await see('POST', 'organizations', { id: TEAM, name: 'Acme', plan: 'team' });
  if ((await see('GET', 'workspaces/main')) === undefined) return undefined;
  for (const { id, name, seat, role } of PEOPLE) {
    await see('POST', 'users', { id, name, email: `${id}@acme.example`, workspace: 'main', role });
    await see('POST', 'seats', { id: `seat-${id}`, type: seat, user: id });
  }
  await Promise.all([endedGrant(see), pausedPurchase(see)]);
  const { user, limit } = CAPPED;
  await see('POST', 'caps', { id: `${user}-cycle`, scope: { kind: 'user', id: user }, window: 'cycle', limit });
  const file = await keyFile(user, { user }, TEAM);
  await spendToTheEdge(url, readFileSync(file, 'utf8').trim());
  return { organization: TEAM, keyFile: file, person: 'Gina of Acme, whose cap is near' };
}

/** Asks about the team; undefined where the gateway refuses. */
type See = <T = object>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => Promise<T | undefined>;

/** A promotion that ended before anybody spent it. */
async function endedGrant(see: See): Promise<void> {
  const id = `${TEAM}-welcome`;
  const found = await see<{ grants: { id: string }[] }>('GET', 'grants?limit=1000');
  if (found === undefined || found.grants.some((grant) => grant.id === id)) return;
  const expiresAt = new Date(Date.now() + PROMO_MS).toISOString();
  await see('POST', 'grants', { id, amount: 250, kind: 'promo', expiresAt, reason: 'a welcome that has ended' });
}

/** A package that was paid for; and then auto-purchase, whose payment is declined. */
async function pausedPurchase(see: See): Promise<void> {
  const bought = await see<{ order: { id: string; state: string } }>('POST', 'orders', { id: 'demo', item: 'small' });
  const settings = await see<{ autoPurchase: object | null }>('GET', 'auto-purchase');
  if (bought === undefined || settings === undefined || settings.autoPurchase !== null) return;
  await see('PATCH', 'auto-purchase', AUTO_PURCHASE);
  const { id, state } = bought.order;
  if (state === 'open') await see('POST', `orders/${encodeURIComponent(id)}/confirm`, { reason: 'paid by invoice' });
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(20)) {
    const found = await see<{ orders: { id: string; what: string; state: string }[] }>('GET', 'orders');
    const auto = found?.orders.find((order) => order.what === 'auto' && order.state === 'open');
    if (auto === undefined) continue;
    await see('POST', `orders/${encodeURIComponent(auto.id)}/decline`, { reason: 'the card was declined' });
    return;
  }
}

/** Real calls, until little is left of the cap. */
async function spendToTheEdge(url: string, key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  for (let calls = 0; calls < CAPPED.limit; calls += 1) {
    const balance = await fetch(`${url}/tollgate/v1/balance`, { headers });
    const { caps = [] } = (await balance.json()) as { caps?: { percent: number }[] };
    if (!balance.ok || caps.length === 0 || caps.some(({ percent }) => percent >= CAPPED.percent)) return;
    const answer = await fetch(`${url}${CALL}-${calls}`, { headers });
    await answer.body?.cancel();
  }
}
