// The part of the table about what is told as it happens: the event stream, webhooks and their deliveries.
import * as contract from '@tollgate/shared/live-contract';
import { listDeliveries, replayDead, replayDelivery } from './deliveries.ts';
import { openEvents } from './live.ts';
import { route, type Access, type Route } from './route.ts';
import { changeWebhook, deleteWebhook, listWebhooks, makeWebhook, readWebhook, rotateSecret, testWebhook } from './webhooks.ts';

const ALL = ['spend', 'view', 'manage', 'operate'] as const satisfies Access;
const MANAGERS = ['manage', 'operate'] as const satisfies Access;

export const LIVE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/events',
    access: ALL,
    about: 'Balance, receipts and events as they happen, as server-sent events; goes on behind Last-Event-ID.',
    query: contract.eventsQuery,
    answer: contract.told,
    streams: true,
    handle: openEvents,
  }),
  ...webhookRoutes(),
  ...deliveryRoutes(),
];

function webhookRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/webhooks',
      access: MANAGERS,
      about: 'Makes a webhook. The answer tells the secret that its messages are signed with, once.',
      body: contract.webhookRequest,
      answer: contract.madeWebhook,
      makes: true,
      handle: makeWebhook,
    }),
    route({
      method: 'GET',
      path: '/webhooks',
      access: MANAGERS,
      about: 'Webhooks, without their secrets.',
      answer: contract.webhooks,
      handle: listWebhooks,
    }),
    route({
      method: 'GET',
      path: '/webhooks/{id}',
      access: MANAGERS,
      about: 'A webhook.',
      answer: contract.oneWebhook,
      versioned: true,
      handle: readWebhook,
    }),
    route({
      method: 'PATCH',
      path: '/webhooks/{id}',
      access: MANAGERS,
      about: 'Changes where a webhook sends and what, or switches it off and on.',
      body: contract.webhookChange,
      answer: contract.oneWebhook,
      versioned: true,
      handle: changeWebhook,
    }),
    route({
      method: 'DELETE',
      path: '/webhooks/{id}',
      access: MANAGERS,
      about: 'Deletes a webhook; what is on its way to it is not sent.',
      answer: contract.oneWebhook,
      versioned: true,
      handle: deleteWebhook,
    }),
    route({
      method: 'POST',
      path: '/webhooks/{id}/rotate',
      access: MANAGERS,
      about: 'Makes a new secret; the one before signs along for the overlap.',
      body: contract.rotateWebhook,
      answer: contract.madeWebhook,
      versioned: true,
      handle: rotateSecret,
    }),
    route({
      method: 'POST',
      path: '/webhooks/{id}/test',
      access: MANAGERS,
      about: 'Sends a test to this webhook alone.',
      answer: contract.tested,
      makes: true,
      handle: testWebhook,
    }),
  ];
}

function deliveryRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/webhooks/{id}/deliveries',
      access: MANAGERS,
      about: 'What was sent to a webhook and what came of it, newest first.',
      query: contract.deliveriesQuery,
      answer: contract.deliveries,
      handle: listDeliveries,
    }),
    route({
      method: 'POST',
      path: '/webhooks/{id}/replay',
      access: MANAGERS,
      about: 'Tries everything again that was given up since a time.',
      body: contract.replayRequest,
      answer: contract.replayed,
      handle: replayDead,
    }),
    route({
      method: 'POST',
      path: '/deliveries/{id}/replay',
      access: MANAGERS,
      about: 'Sends one delivery again.',
      answer: contract.oneDelivery,
      makes: true,
      handle: replayDelivery,
    }),
  ];
}
