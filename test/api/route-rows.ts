// The table of who may use which route, with a request about the things of one organization for each: amber's. A route that has no row here
// fails the suite. Written by hand, beside the router's own: two that must agree.
import type { Amber } from './two-organizations.ts';

export interface Asked {
  path: string;
  body?: unknown;
}

export interface Row {
  /** Scopes of the keys that it takes; `anyone`; or `prices`, which the settings of the test give to every key. */
  who: string;
  /** Whether the path names something of the organization, so that to others it does not exist. */
  names?: true;
  /** Changes that a stranger's key would be let make in its own organization, by the same request. */
  own?: true;
  /** Whether it ends the key that asks, so that no other test could ask with it again. */
  endsKey?: true;
  /** Whether a spend key has to be a user's. */
  ofUsers?: true;
  /** What the organization's own key is answered, where that is not a success. */
  answers?: number;
  /** Made anew each time that it is asked. */
  ask(amber: Amber): Asked | Promise<Asked>;
}

const at = (path: string, body?: unknown) => (): Asked => ({ path, ...(body === undefined ? {} : { body }) });
const CONSUMERS = 'spend view manage operate';
const MANAGERS = 'manage operate';
const OPERATORS = 'operate';

export const ROWS: Readonly<Record<string, Row>> = {
  'GET /balance': { who: CONSUMERS, ask: at('balance') },
  'POST /estimates': {
    who: 'spend view operate',
    ask: at('estimates', { call: { method: 'GET', path: '/plain/ok' } }),
  },
  'GET /calls': { who: CONSUMERS, ask: at('calls') },
  'GET /calls/{id}': { who: CONSUMERS, names: true, ask: ({ call }) => ({ path: `calls/${call}` }) },
  'GET /usage': { who: CONSUMERS, ask: at('usage?by=day') },
  'GET /tags': { who: CONSUMERS, ask: at('tags') },
  'GET /prices': { who: 'prices', ask: at('prices') },
  'GET /openapi.json': { who: 'anyone', ask: at('openapi.json') },
  'GET /events': { who: CONSUMERS, ask: at('events') },

  'POST /webhooks': {
    who: MANAGERS,
    own: true,
    ask: at('webhooks', { id: 'made-here', url: 'http://127.0.0.1:9/' }),
  },
  'GET /webhooks': { who: MANAGERS, ask: at('webhooks') },
  'GET /webhooks/{id}': { who: MANAGERS, names: true, ask: ({ webhook }) => ({ path: `webhooks/${webhook}` }) },
  'PATCH /webhooks/{id}': {
    who: MANAGERS,
    names: true,
    ask: ({ webhook }) => ({ path: `webhooks/${webhook}`, body: { types: ['cap.changed'] } }),
  },
  'POST /webhooks/{id}/rotate': {
    who: MANAGERS,
    names: true,
    ask: ({ webhook }) => ({ path: `webhooks/${webhook}/rotate`, body: {} }),
  },
  'POST /webhooks/{id}/test': {
    who: MANAGERS,
    names: true,
    ask: ({ webhook }) => ({ path: `webhooks/${webhook}/test`, body: {} }),
  },
  'GET /webhooks/{id}/deliveries': {
    who: MANAGERS,
    names: true,
    ask: ({ webhook }) => ({ path: `webhooks/${webhook}/deliveries` }),
  },
  'POST /webhooks/{id}/replay': {
    who: MANAGERS,
    names: true,
    ask: ({ webhook }) => ({ path: `webhooks/${webhook}/replay`, body: { since: '2026-01-01T00:00:00Z' } }),
  },
  // It is being tried still.
  'POST /deliveries/{id}/replay': {
    who: MANAGERS,
    names: true,
    answers: 409,
    ask: async ({ delivery }) => ({ path: `deliveries/${await delivery()}/replay`, body: {} }),
  },
  'DELETE /webhooks/{id}': {
    who: MANAGERS,
    names: true,
    ask: async ({ make }) => ({ path: `webhooks/${await make('webhook')}` }),
  },

  'POST /organizations': { who: OPERATORS, ask: ({ fresh }) => ({ path: 'organizations', body: { id: fresh('organization') } }) },
  'GET /organizations': { who: MANAGERS, ask: at('organizations') },
  'GET /organizations/{id}': { who: MANAGERS, names: true, ask: at('organizations/amber') },
  'PATCH /organizations/{id}': {
    who: MANAGERS,
    names: true,
    ask: ({ fresh }) => ({ path: 'organizations/amber', body: { name: fresh('Topaz') } }),
  },
  'DELETE /organizations/{id}': {
    who: OPERATORS,
    ask: async ({ make }) => ({ path: `organizations/${await make('organization')}` }),
  },

  'POST /workspaces': {
    who: MANAGERS,
    own: true,
    ask: ({ unused }) => ({ path: 'workspaces', body: { name: unused('workspace') } }),
  },
  'GET /workspaces': { who: MANAGERS, ask: at('workspaces') },
  'GET /workspaces/{workspace}': { who: MANAGERS, names: true, ask: at('workspaces/amber-lab') },
  'PATCH /workspaces/{workspace}': { who: MANAGERS, names: true, ask: at('workspaces/amber-lab', { labels: {} }) },
  'GET /workspaces/{workspace}/users': { who: MANAGERS, names: true, ask: at('workspaces/amber-lab/users') },
  'PUT /workspaces/{workspace}/users/{user}': {
    who: MANAGERS,
    names: true,
    ask: at('workspaces/amber-lab/users/amber-ann', { role: 'owner' }),
  },
  'DELETE /workspaces/{workspace}/users/{user}': {
    who: MANAGERS,
    names: true,
    ask: async ({ make }) => ({ path: `workspaces/main/users/${await make('user')}` }),
  },
  'DELETE /workspaces/{workspace}': {
    who: MANAGERS,
    names: true,
    ask: async ({ make }) => ({ path: `workspaces/${await make('workspace')}` }),
  },

  'POST /users': {
    who: MANAGERS,
    own: true,
    ask: ({ unused }) => ({ path: 'users', body: { id: unused('user'), name: 'Someone' } }),
  },
  'POST /users/import': {
    who: MANAGERS,
    own: true,
    ask: ({ unused }) => ({ path: 'users/import', body: `name,email\nSomeone,${unused('someone')}@example.com` }),
  },
  'GET /users': { who: MANAGERS, ask: at('users') },
  'GET /users/{user}': { who: MANAGERS, names: true, ask: at('users/amber-ann') },
  'PATCH /users/{user}': {
    who: MANAGERS,
    names: true,
    ask: ({ fresh }) => ({ path: 'users/amber-ann', body: { name: fresh('Topaz Ann') } }),
  },
  'DELETE /users/{user}': { who: MANAGERS, names: true, ask: async ({ make }) => ({ path: `users/${await make('user')}` }) },

  'POST /seats': {
    who: MANAGERS,
    own: true,
    ask: ({ unused }) => ({ path: 'seats', body: { id: unused('seat'), type: 'guest' } }),
  },
  'GET /seats': { who: MANAGERS, ask: at('seats') },
  'PATCH /seats/{seat}': { who: MANAGERS, names: true, ask: at('seats/amber-seat', { type: 'free' }) },
  'DELETE /seats/{seat}': { who: MANAGERS, names: true, ask: async ({ make }) => ({ path: `seats/${await make('seat')}` }) },

  'POST /caps': {
    who: MANAGERS,
    own: true,
    ask: ({ unused }) => ({
      path: 'caps',
      body: { id: unused('cap'), scope: { kind: 'user', id: '*' }, window: 'day', limit: 900 },
    }),
  },
  'GET /caps': { who: MANAGERS, ask: at('caps') },
  'GET /caps/{cap}': { who: MANAGERS, names: true, ask: at('caps/amber-cap') },
  'PATCH /caps/{cap}': { who: MANAGERS, names: true, ask: at('caps/amber-cap', { limit: 801 }) },
  'DELETE /caps/{cap}': { who: MANAGERS, names: true, ask: async ({ make }) => ({ path: `caps/${await make('cap')}` }) },

  'GET /plans': { who: MANAGERS, ask: at('plans') },
  'GET /audit': { who: MANAGERS, ask: at('audit?limit=1000') },

  'POST /keys': {
    who: MANAGERS,
    own: true,
    ask: ({ unused }) => ({ path: 'keys', body: { id: unused('key'), scope: 'spend' } }),
  },
  'GET /keys': { who: MANAGERS, ask: at('keys') },
  'POST /keys/{id}/rotate': {
    who: MANAGERS,
    names: true,
    ask: async ({ make }) => ({ path: `keys/${await make('key')}/rotate`, body: {} }),
  },
  'DELETE /keys/self': { who: 'spend view manage', endsKey: true, ask: at('keys/self') },
  'POST /pairings': { who: CONSUMERS, own: true, ofUsers: true, ask: at('pairings', {}) },
  'POST /pairings/claim': { who: 'anyone', answers: 404, ask: at('pairings/claim', { code: 'AAAAA-AAAAA', name: 'Someone' }) },
  'DELETE /keys/{id}': { who: MANAGERS, names: true, ask: async ({ make }) => ({ path: `keys/${await make('key')}` }) },

  'POST /orders': {
    who: MANAGERS,
    own: true,
    ask: ({ unused }) => ({ path: 'orders', body: { id: unused('order'), item: 'small' } }),
  },
  'GET /orders': { who: MANAGERS, ask: at('orders') },
  'GET /orders/{id}': { who: MANAGERS, names: true, ask: async ({ make }) => ({ path: `orders/${await make('order')}` }) },
  // A package is ordered anew; only bills are opened again.
  'POST /orders/{id}/checkout': {
    who: MANAGERS,
    names: true,
    answers: 409,
    ask: async ({ make }) => ({ path: `orders/${await make('order')}/checkout` }),
  },
  'POST /orders/{id}/confirm': {
    who: OPERATORS,
    ask: async ({ make }) => ({ path: `orders/${await make('order')}/confirm`, body: {} }),
  },
  'POST /orders/{id}/decline': {
    who: OPERATORS,
    ask: async ({ make }) => ({ path: `orders/${await make('order')}/decline`, body: {} }),
  },
  // By hand there is nothing to save a card in, whoever asks but the operator.
  'POST /payment-methods/setup': { who: MANAGERS, own: true, answers: 403, ask: at('payment-methods/setup', {}) },
  'GET /payment-method': { who: MANAGERS, ask: at('payment-method') },
  'DELETE /payment-method': { who: MANAGERS, own: true, ask: at('payment-method') },
  'POST /payments/{adapter}/webhook': { who: 'anyone', answers: 404, ask: at('payments/manual/webhook', {}) },
  'GET /auto-purchase': { who: MANAGERS, ask: at('auto-purchase') },
  'PATCH /auto-purchase': {
    who: MANAGERS,
    own: true,
    ask: at('auto-purchase', { package: 'small', threshold: 1, paused: true }),
  },
  'DELETE /auto-purchase': { who: MANAGERS, own: true, ask: at('auto-purchase') },
  'GET /extra': { who: MANAGERS, ask: at('extra') },

  'POST /grants': {
    who: OPERATORS,
    ask: ({ fresh }) => ({ path: 'grants', body: { id: fresh('grant'), amount: 1, reason: 'topaz' } }),
  },
  'GET /grants': { who: OPERATORS, ask: at('grants?account=pool:amber') },
  'DELETE /grants/{id}': { who: OPERATORS, ask: async ({ make }) => ({ path: `grants/${await make('grant')}` }) },
  'POST /corrections': {
    who: OPERATORS,
    ask: ({ fresh }) => ({ path: 'corrections', body: { id: fresh('correction'), amount: 1, reason: 'topaz' } }),
  },
  'GET /entries': { who: OPERATORS, ask: at('entries?account=pool:amber') },
  'GET /verify': { who: OPERATORS, ask: at('verify') },
  'GET /late': { who: OPERATORS, ask: at('late') },
  'GET /card': { who: OPERATORS, ask: at('card') },
  'POST /card/reload': { who: OPERATORS, ask: at('card/reload') },
  'GET /suspensions': { who: OPERATORS, ask: at('suspensions') },
  'DELETE /suspensions/{operation}': { who: OPERATORS, answers: 404, ask: at('suspensions/plain.ok') },
  'POST /explain': { who: OPERATORS, ask: at('explain', { method: 'GET', path: '/plain/ok' }) },
  'GET /explain/{callId}': { who: OPERATORS, ask: ({ call }) => ({ path: `explain/${call}` }) },
};
