// Two organizations that know nothing of each other: amber, with one of everything, and beryl, whose keys try to get at it. Ids of amber's say
// so; everything else of it that a person could read says `topaz`, which nobody of beryl may ever see.
import sqlite3 from 'sqlite3';
import { startGateway, type ApiAnswer, type GatewayKit } from '../kit/gateway.ts';
import { CARD } from './plans.ts';

export type Made = 'organization' | 'workspace' | 'user' | 'seat' | 'cap' | 'key' | 'order' | 'grant' | 'webhook';

/** What there is of amber, for requests about it. */
export interface Amber {
  call: string;
  webhook: string;
  /** Of the webhook; it failed, as nobody listens there. */
  delivery(): Promise<string>;
  /** A name that was never used. */
  fresh(kind: string): string;
  /** The same, and says nothing of amber: beryl may use it for its own. */
  unused(kind: string): string;
  /** One more of amber's, to be changed or ended; its id in paths. */
  make(kind: Made): Promise<string>;
}

export interface TwoOrganizations {
  kit: GatewayKit;
  amber: Amber;
  /** Keys of amber and beryl by what they are: `spend`, `view`, `manage`. */
  keys: Readonly<Record<'amber' | 'beryl', Readonly<Record<string, string>>>>;
  /** Everything that is kept of amber, as text. */
  kept(): Promise<string>;
}

export async function startTwoOrganizations(settings = ''): Promise<TwoOrganizations> {
  const kit = await startGateway({ card: CARD, credits: 0, settings: `webhooks: { allow_private: true }\n${settings}` });
  let number = 0;
  const unused = (kind: string): string => `${kind.toLowerCase().replaceAll(' ', '-')}-${(number += 1)}`;
  const fresh = (kind: string): string => `amber-${unused(kind)}`;
  const done = async (method: string, path: string, body?: unknown): Promise<ApiAnswer['body']> => {
    const answer = await kit.api(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const keys: Record<'amber' | 'beryl', Record<string, string>> = { amber: {}, beryl: {} };
  for (const organization of ['amber', 'beryl'] as const) {
    const own = `?organization=${organization}`;
    const word = organization === 'amber' ? 'Topaz' : 'Beryl';
    await done('POST', 'organizations', {
      id: organization,
      name: `${word} Inc`,
      plan: 'team',
      seatsMost: { guest: 99, free: 99 },
    });
    await done('POST', `grants${own}`, { id: `${organization}-first`, amount: 100, reason: word });
    await done('POST', `workspaces${own}`, { name: `${organization}-lab`, labels: { note: word } });
    await done('POST', `users${own}`, {
      id: `${organization}-ann`,
      name: `${word} Ann`,
      email: `${word}@example.com`,
      workspace: 'main',
    });
    await done('POST', `seats${own}`, { id: `${organization}-seat`, type: 'guest', user: `${organization}-ann` });
    await done('POST', `caps${own}`, {
      id: `${organization}-cap`,
      scope: { kind: 'workspace', id: 'main' },
      window: 'cycle',
      limit: 800,
    });
    for (const scope of ['spend', 'view', 'manage']) {
      const made = await done('POST', `keys${own}`, { id: `${organization}-${scope}`, name: `${word} key`, scope });
      keys[organization][scope] = made.text as string;
    }
    const self = await done('POST', `keys${own}`, { id: `${organization}-self`, scope: 'view', user: `${organization}-ann` });
    keys[organization]['self'] = self.text as string;
  }
  const called = await kit.call('/plain/ok', { headers: { authorization: `Bearer ${keys.amber['spend']}` } });
  await called.text();
  const webhook = (await done('POST', 'webhooks?organization=amber', { id: 'first', url: 'http://127.0.0.1:9/topaz' })).webhook
    .id;
  await done('POST', `webhooks/${webhook}/test?organization=amber`, {});

  async function make(kind: Made): Promise<string> {
    const id = fresh(kind);
    const [path, body] = REQUESTS[kind](id);
    const made = await done('POST', kind === 'organization' ? path : `${path}?organization=amber`, body);
    return kind === 'webhook' ? made.webhook.id : kind === 'order' ? made.order.id : id;
  }

  async function delivery(): Promise<string> {
    for (;;) {
      const { deliveries } = await done('GET', `webhooks/${webhook}/deliveries?organization=amber`);
      if (deliveries.length > 0) return deliveries[0].id as string;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  return {
    kit,
    keys,
    amber: { call: called.headers.get('credits-call') ?? '', webhook, delivery, fresh, unused, make },
    kept: () => everythingOf(kit.storeFile, 'amber'),
  };
}

const REQUESTS: Readonly<Record<Made, (id: string) => [path: string, body: object]>> = {
  organization: (id) => ['organizations', { id }],
  workspace: (id) => ['workspaces', { name: id }],
  user: (id) => ['users', { id, name: 'Topaz', workspace: 'main' }],
  seat: (id) => ['seats', { id, type: 'guest' }],
  cap: (id) => ['caps', { id, scope: { kind: 'user', id: '*' }, window: 'day', limit: 900 }],
  key: (id) => ['keys', { id, scope: 'spend', name: 'Topaz' }],
  order: (id) => ['orders', { id, item: 'small' }],
  grant: (id) => ['grants', { id, amount: 1, reason: 'topaz' }],
  webhook: (id) => ['webhooks', { id, url: 'http://127.0.0.1:9/topaz' }],
};

/** Its records, audit and entries: what a change would show in. Deliveries go on by themselves and are nobody's word. */
async function everythingOf(storeFile: string, organization: string): Promise<string> {
  const database = new sqlite3.Database(storeFile, sqlite3.OPEN_READONLY);
  const all = (sql: string, values: readonly string[]): Promise<object[]> =>
    new Promise((resolve, reject) => {
      database.all<object>(sql, values, (error, rows) => (error === null ? resolve(rows) : reject(error)));
    });
  const texts = [
    await all('SELECT * FROM records WHERE organization = ? ORDER BY kind, id', [organization]),
    await all('SELECT * FROM audits WHERE organization = ? ORDER BY number', [organization]),
    // But for allowances, which the gateway gives by itself a moment after somebody has come to a plan or a seat.
    await all("SELECT * FROM entries WHERE account LIKE '%:' || ? || '%' AND note <> 'allowance' ORDER BY id", [organization]),
    await all("SELECT * FROM grants WHERE account LIKE '%:' || ? || '%' AND kind <> 'allowance' ORDER BY id", [organization]),
  ];
  await new Promise((resolve) => database.close(resolve));
  return JSON.stringify(texts);
}
