// The paid call as an Express middleware, for an application that serves its own API (decision 11):
//
//   const tollgate = await openTollgate({ config: 'tollgate.yaml', environment: process.env });
//   app.use(tollgate.middleware);
//   app.post('/reports', …)        // priced by the rate card, held before it runs, settled by what it answered
import type { RequestHandler } from 'express';
import { openApp } from './app.ts';
import { takeCall } from './call/call.ts';
import { answerPreflight, isPreflight } from './call/cors.ts';
import type { Held } from './call/hold.ts';
import { forwardToHandler } from './call/handler.ts';
import { readConfig, type Environment } from './config.ts';

export interface TollgateOptions {
  /** Path of the configuration file. Services of its rate card need no upstream there: this application is it. */
  config: string;
  /** What ${NAME} in the configuration is taken from. */
  environment: Environment;
}

export interface Tollgate {
  /**
   * Prices, holds and settles every call under a path of the rate card, and lets all others by. Mount it at the root, before body
   * parsers: a body that was read for its price is in `req.body`, with the fields that keep its bounds.
   */
  middleware: RequestHandler;
  /** Balance, calls, estimates and the rest of `/tollgate/v1`. */
  api: RequestHandler;
  /** Lets open calls settle and closes the store. */
  close(): Promise<void>;
}

/**
 * Opens the ledger and the rate card of an application.
 * @throws ConfigError, CardError, StoreLocked, StoreBehindMark
 */
export async function openTollgate({ config, environment }: TollgateOptions): Promise<Tollgate> {
  const app = await openApp(readConfig(config, environment), { behind: 'handler' });
  const { gate } = app;

  const middleware: RequestHandler = (req, res, next) => {
    const path = req.originalUrl.split('?', 1)[0] ?? '';
    const { card } = gate.card();
    if (!card.services.some((service) => path === service.path || path.startsWith(`${service.path}/`))) {
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

  return { middleware, api: app.api, close: app.close };
}

/** Body parsers pass over a request that was read already, so they find what they would have made of it. */
function handOver({ req, body, request }: Held, next: () => void): void {
  if (body !== undefined && request.body.kind === 'json')
    Object.assign(req, { body: JSON.parse(body.toString('utf8')) as unknown });
  else if (body !== undefined && body.length > 0) Object.assign(req, { body });
  next();
}
