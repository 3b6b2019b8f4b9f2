// THE TABLE: every route of the gateway's own API with whose keys it takes. A route that is not here, or among the operators' beside it,
// does not exist, and none is here without an access.
import { balance, balanceQuery } from '@tollgate/shared/balance-contract';
import * as contract from '@tollgate/shared/contract';
import { estimate, estimates, estimatesQuery, estimatesRequest } from '@tollgate/shared/estimates-contract';
import { tags } from '@tollgate/shared/tags-contract';
import { usage, usageQuery } from '@tollgate/shared/usage-contract';
import { readBalance } from './balance.ts';
import { BUYING_ROUTES } from './buying-routes.ts';
import { listCalls } from './calls.ts';
import { makeEstimates } from './estimates.ts';
import { readLive, readReady } from './health.ts';
import { KEY_ROUTES } from './key-routes.ts';
import { LIVE_ROUTES } from './live-routes.ts';
import { MANAGE_ROUTES } from './manage-routes.ts';
import { OPERATE_ROUTES } from './operate-routes.ts';
import { openApi } from './openapi.ts';
import { PEOPLE_ROUTES } from './people-routes.ts';
import { readPrices } from './prices.ts';
import { readReceipt } from './receipt.ts';
import { readTags } from './tags.ts';
import { readUsage } from './usage.ts';
import { ok, route, type Access, type Route } from './route.ts';

const CONSUMERS = ['spend', 'view', 'operate'] as const satisfies Access;
const READERS = ['spend', 'view', 'manage', 'operate'] as const satisfies Access;

/** Below /tollgate/v1. */
export const ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/balance',
    access: ['spend', 'view', 'manage', 'operate'],
    about:
      'What can be spent now in a context: sources in draw order, cycle, extra credits, caps, packages; of a whole organization for who manages it.',
    query: balanceQuery,
    answer: balance,
    handle: readBalance,
  }),
  route({
    method: 'POST',
    path: '/estimates',
    access: CONSUMERS,
    about: 'What a call would cost, or many calls, or one on a schedule; nothing is sent.',
    query: estimatesQuery,
    body: estimatesRequest,
    answer: estimate.or(estimates),
    handle: makeEstimates,
  }),
  route({
    method: 'GET',
    path: '/calls',
    access: READERS,
    about:
      "Calls, newest first: the key's own, with a view key its user's or its workspace's, with a manage key its organization's, else all.",
    query: contract.callsQuery,
    answer: contract.calls,
    handle: listCalls,
  }),
  route({
    method: 'GET',
    path: '/calls/{id}',
    access: READERS,
    about: 'The receipt of a call; with wait, as soon as the call has ended.',
    query: contract.receiptQuery,
    answer: contract.receipt,
    handle: readReceipt,
  }),
  route({
    method: 'GET',
    path: '/usage',
    access: READERS,
    about: 'What was charged, by day or by reason, of the calls that the key may see.',
    query: usageQuery,
    answer: usage,
    handle: readUsage,
  }),
  route({
    method: 'GET',
    path: '/tags',
    access: READERS,
    inOrganization: false,
    about: 'Price tags for pages, and what they are priced by; 304 where If-None-Match has the ETag of the card in force.',
    answer: tags,
    handle: readTags,
  }),
  route({
    method: 'GET',
    path: '/prices',
    access: 'prices',
    about: 'The price list in force.',
    answer: contract.prices,
    handle: readPrices,
  }),
  route({
    method: 'GET',
    path: '/openapi.json',
    access: 'anyone',
    about: 'This API as an OpenAPI file.',
    answer: contract.openApiFile,
    handle: () => ok(openApi(ROUTES)),
  }),
  ...LIVE_ROUTES,
  ...PEOPLE_ROUTES,
  ...MANAGE_ROUTES,
  ...KEY_ROUTES,
  ...BUYING_ROUTES,
  ...OPERATE_ROUTES,
];

/** At the root, for whoever watches over the process. */
export const HEALTH_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/livez',
    access: 'anyone',
    about: 'Whether the process lives.',
    answer: contract.health,
    handle: readLive,
  }),
  route({
    method: 'GET',
    path: '/readyz',
    access: 'anyone',
    about: 'Whether calls can be taken; 503 with the reasons where not.',
    answer: contract.health,
    handle: readReady,
  }),
];
