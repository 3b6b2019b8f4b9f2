// The paid call as an Express middleware, for an application that serves its own API (decision 11):
//
//   const tollgate = await openTollgate({ config: 'tollgate.yaml', environment });
//   app.use(tollgate.middleware);
//   app.post('/reports', …)        // priced by the rate card, held before it runs, settled by what it answered
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { NextFunction, Request, RequestHandler } from 'express';
import { takeCall } from './call/call.ts';
import { answerPreflight, isPreflight } from './call/cors.ts';
import type { Held } from './call/hold.ts';
import { forwardToHandler } from './call/handler.ts';
import { openGateway } from './cli/open-gateway.ts';
import { readConfig, type Environment } from './config.ts';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

export interface TollgateOptions {
  /** Path of the configuration file. Services of its rate card need no upstream there: this application is it. */
  config: string;
  /** What ${NAME} in the configuration is taken from. */
  environment: Environment;
}

export interface Tollgate {
  /**
   * Prices, holds and settles every call under a path of the rate card, and lets all others by. Mount it at the root, before body
   * parsers: a body that was read already is in `req.body`, parsed where it is JSON and with the fields that keep its bounds, else as bytes.
   */
  middleware: RequestHandler;
  /** Balance, calls, estimates, keys and the rest of `/tollgate`; lets all other paths by. Mount it at the root too. */
  api: RequestHandler;
  /** Lets open calls settle and closes the store. */
  close(): Promise<void>;
}

/**
 * Opens the ledger and the rate card of an application.
 * @throws ConfigError, CardError, StoreLocked, StoreBehindMark
 */
export async function openTollgate({ config, environment }: TollgateOptions): Promise<Tollgate> {
  const app = await openGateway(readConfig(config, environment), { behind: 'handler' });
  const { gate } = app;

  const middleware: RequestHandler = (req, res, next) => {
    if (!mayReachService(gate.card().card, req)) {
      next();
      return;
    }
    if (isPreflight(req)) answerPreflight(gate, req, res);
    else
      void takeCall(
        gate,
        req,
        res,
        forwardToHandler((call) => handOver(call, next)),
      );
  };

  const api: RequestHandler = (req, res, next) => {
    if (/^\/tollgate(?:[/?]|$)/.test(req.originalUrl)) app.api(req, res);
    else next();
  };

  return { middleware, api, close: app.close };
}

/**
 * Whether Express could route this request to something below a service. Its router reads more than we do as the same path: full
 * addresses, backslashes, any case. All of that is taken through the gate, which refuses what is not the plain path (decision 9).
 */
function mayReachService({ services }: RateCard, { originalUrl, path }: Request): boolean {
  return [originalUrl.split('?', 1)[0] ?? '', path].some((spelled) =>
    services.some((service) => `${spelled}/`.toLowerCase().startsWith(`${service.path}/`.toLowerCase())),
  );
}

/**
 * Body parsers pass over a request that was read already, so they find what they would have made of it. It was read for its price or to
 * compare repeats of an Idempotency-Key: a handler must get the same either way.
 */
function handOver({ req, body, request }: Held, next: NextFunction): void {
  if (body === undefined || body.length === 0) {
    next();
    return;
  }
  const isJson = request.body.kind === 'json' || JSON_TYPE.test(req.headers['content-type'] ?? '');
  try {
    Object.assign(req, { body: isJson ? (JSON.parse(body.toString('utf8')) as unknown) : body });
  } catch (error) {
    next(Object.assign(error as SyntaxError, { status: 400 }));
    return;
  }
  next();
}
