import { expect, test } from 'vitest';
import type { Key } from '../keys/key.ts';
import { maySeeEvent } from './may-see-event.ts';

const base: Key = {
  id: 'web.2',
  hash: '',
  prefix: '',
  name: '',
  scope: 'view',
  organization: 'acme',
  workspace: 'acme/main',
  contexts: [],
  user: 'ann',
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

const crossed = (window: string, workspace: string | null = 'acme/main'): Parameters<typeof maySeeEvent>[1] => ({
  type: 'alert.crossed',
  organization: 'acme',
  workspace,
  data: { window },
});
const granted = (account: string, organization = 'acme'): Parameters<typeof maySeeEvent>[1] => ({
  type: 'grant.made',
  organization,
  workspace: null,
  data: { account },
});
const managed = (type: string): Parameters<typeof maySeeEvent>[1] => ({ type, organization: 'acme', workspace: null, data: {} });

const events = {
  'own key reaches its cap': crossed('key:web:day@1'),
  "another key's cap": crossed('key:other:day@1'),
  "another key's cap in another workspace": crossed('key:other:day@1', 'acme/lab'),
  'own allowance': crossed('watch:user:acme/ann@1'),
  'own allowance, told before': crossed('watch:acme/ann@1'),
  "another person's allowance": crossed('watch:user:acme/bob@1'),
  "another person's allowance, told before": crossed('watch:acme/bob@1'),
  'allowance of all': crossed('watch:acme@1', null),
  'grant to the pool': granted('pool:acme'),
  'grant to oneself': granted('user:acme/ann'),
  'grant to another person': granted('user:acme/bob'),
  'a forecast': managed('alert.forecast'),
  'a purchase': managed('purchase.paid'),
  'a key': managed('key.changed'),
  'a seat': managed('seat.changed'),
  'another organization': granted('pool:umbrella', 'umbrella'),
  'a person of the same name elsewhere': granted('user:umbrella/ann', 'umbrella'),
} as const;
const own = ['own key reaches its cap', 'own allowance', 'own allowance, told before', 'grant to oneself'];
const ofView = [
  'own key reaches its cap',
  "another key's cap",
  'own allowance',
  'own allowance, told before',
  'allowance of all',
  'grant to the pool',
  'grant to oneself',
  'a forecast',
];
const all = Object.keys(events);
const ofAcme = all.filter((name) => !/another organization|elsewhere/.test(name));

test.each([
  ['spend', { scope: 'spend' }, 'acme', own],
  ['spend, of a service', { scope: 'spend', user: null }, 'acme', own.slice(0, 1)],
  ['view', {}, 'acme', ofView],
  ['view that sees itself alone', { sees: 'self' }, 'acme', own],
  ['view of a service', { user: null }, 'acme', ofView.filter((name) => !own.slice(1).includes(name))],
  ['manage', { scope: 'manage' }, 'acme', ofAcme],
  ['operate, one organization', { scope: 'operate' }, 'acme', ofAcme],
  ['view, whatever it watches', {}, undefined, ofView],
  ['operate, all', { scope: 'operate' }, undefined, all],
] as const)('%s', (_, more, organization, seen) => {
  const viewer = { key: { ...base, ...more }, organization };
  const told = Object.entries(events).flatMap(([name, event]) => (maySeeEvent(viewer, event) ? [name] : []));
  expect(told).toEqual(seen);
});
