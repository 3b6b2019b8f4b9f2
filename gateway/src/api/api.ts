// The gateway's own API, /tollgate/v1: thin over the ledger, one resource per file, every route from the one table in routes.ts.
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { allowOrigin, answerPreflight, isPreflight } from '../call/cors.ts';
import { isRefusal, refusal, refuse, type Refusal } from '../call/refuse.ts';
import { isUnavailable } from '../ledger/unavailable.ts';
import type { Key } from '../keys/key.ts';
import { readAsked } from './ask.ts';
import { keyNow } from './key-now.ts';
import { sendPage } from './pages.ts';
import { SENT, type Answered, type ApiParts, type Route } from './route.ts';
import { HEALTH_ROUTES, ROUTES } from './routes.ts';

export const API_PATH = '/tollgate/v1';

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

/** The Express application for everything that is the gateway's own; proxied paths never come here. */
export function createApi(parts: ApiParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.enable('case sensitive routing');
  app.use((req, res, next) => {
    res.setHeader('cache-control', 'no-store');
    if (isPreflight(req)) {
      answerPreflight(parts.gate, req, res);
      return;
    }
    allowOrigin(parts.gate, req, res);
    next();
  });
  for (const [prefix, routes] of [
    ['', HEALTH_ROUTES],
    [API_PATH, ROUTES],
  ] as const) {
    for (const route of routes) {
      const path = `${prefix}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
      app[METHODS[route.method]](path, (req, res) => answer(parts, route, req, res));
    }
  }
  app.use(sendPage);
  app.use((req, res) => {
    const methods = methodsOf(req.path);
    if (methods.length > 0) {
      const known = methods.join(', ');
      const refused = refusal('method_refused', `${req.method} can not be done with ${req.path}; it takes: ${known}.`);
      refuse(res, { ...refused, headers: { allow: known } });
      return;
    }
    const message = `There is nothing at ${req.method} ${req.path}. GET ${API_PATH}/openapi.json tells what there is.`;
    refuse(res, refusal('not_found', message));
  });
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => refuse(res, unrouted(parts, error, req)));
  return app;
}

/** What the table has for a path. */
function methodsOf(path: string): readonly string[] {
  const fits = ({ path: pattern }: Route, prefix: string): boolean =>
    new RegExp(`^${prefix}${pattern.replaceAll('.', '[.]').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
  const found = [...HEALTH_ROUTES.filter((route) => fits(route, '')), ...ROUTES.filter((route) => fits(route, API_PATH))];
  return [...new Set(found.map(({ method }) => method))];
}

/** What fails before a route is found. Express would answer with its stack. */
function unrouted({ gate }: ApiParts, error: unknown, req: Request): Refusal {
  if (error instanceof URIError)
    return refusal('request_malformed', 'The path has a % that does not begin a letter of UTF-8, such as %C3%A9.');
  const said = error instanceof Error ? error.stack : String(error);
  gate.log.error({ error: said, method: req.method }, 'a request to the API met a fault of the gateway');
  return refusal('internal', 'The gateway met a fault; its log says more.');
}

async function answer(parts: ApiParts, route: Route, req: Request, res: Response): Promise<void> {
  try {
    const answered = await handle(parts, route, req, res);
    if (answered === SENT) return;
    if (isRefusal(answered)) {
      parts.gate.metrics.refusals.inc({ code: answered.refused });
      // Said of calls through the gateway; here nothing would have been.
      refuse(res, { ...answered, message: answered.message.replace(/ Nothing was forwarded\.$/, '') });
      return;
    }
    const body = JSON.stringify(answered.json);
    res.statusCode = answered.status;
    res.setHeader('content-type', 'application/json; charset=utf-8');
    res.setHeader('content-length', Buffer.byteLength(body));
    if (answered.version !== undefined) res.setHeader('etag', `"${answered.version}"`);
    res.end(body);
  } catch (error) {
    if (isUnavailable(error)) {
      refuse(
        res,
        refusal(
          'ledger_unavailable',
          'The ledger does not answer. Whether anything was changed is not known; ask again shortly.',
        ),
      );
      return;
    }
    const said = error instanceof Error ? error.stack : String(error);
    parts.gate.log.error(
      { error: said, route: `${route.method} ${route.path}` },
      'a route of the API met a fault of the gateway',
    );
    refuse(res, refusal('internal', 'The gateway met a fault; its log says more.'));
  }
}

/** Who asks comes first, so that nobody learns from an error what only others may see. */
async function handle(parts: ApiParts, route: Route, req: Request, res: Response): Promise<Answered | typeof SENT> {
  const key = await identify(parts, route, req);
  if (key !== undefined && isRefusal(key)) return key;
  const asked = await readAsked(route, req, res);
  if (isRefusal(asked)) return asked;
  const organization = await readOrganization(parts, asked.organization, key);
  if (typeof organization === 'object') return organization;
  const params = req.params as Record<string, string>;
  const { query, body, ifMatch } = asked;
  return route.handle(parts, { key, params, query, body, organization, ifMatch, req, res });
}

/** What belongs to another organization does not exist. */
async function readOrganization(
  { directory, gate }: ApiParts,
  asked: string | undefined,
  key: Key | undefined,
): Promise<string | undefined | Refusal> {
  if (key !== undefined && key.scope !== 'operate') {
    return asked === undefined || asked === key.organization ? key.organization : unknownOrganization(asked);
  }
  if (asked === undefined || asked === gate.rules.organization) return asked;
  return (await directory.get('organization', asked)) === undefined ? unknownOrganization(asked) : asked;
}

function unknownOrganization(id: string): Refusal {
  return refusal('not_found', `There is no organization ${id} that this key may see.`, { field: 'query.organization' });
}

async function identify(
  { gate, config, directory }: ApiParts,
  { access, takesPlaceless }: Route,
  req: Request,
): Promise<Key | undefined | Refusal> {
  if (access === 'anyone' || (access === 'prices' && config.prices === 'public')) return undefined;
  const key = await gate.identify.identify(req, access === 'prices' ? ['spend', 'view', 'manage', 'operate'] : access);
  return isRefusal(key) || takesPlaceless === true ? key : keyNow(directory, key);
}
