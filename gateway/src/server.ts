// The listener. Proxied paths go straight to the paid call and never through a router; Express has the gateway's own pages alone.
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Express } from 'express';
import { takeCall } from './call/call.ts';
import { answerPreflight, isPreflight } from './call/cors.ts';
import type { Forward } from './call/forward.ts';
import type { Gate } from './call/gate.ts';

// Heads are small and come at once; bodies may take as long as they move (their own steps watch that).
const HEAD_MS = 30_000;
const IDLE_CONNECTION_MS = 65_000;

const OWN_PATH = /^\/(?:tollgate(?:[/?]|$)|livez(?:\?|$)|readyz(?:\?|$)|(?:\?|$))/;

export function createGateServer(gate: Gate, forward: Forward, own: Express): Server {
  const handle = (req: IncomingMessage, res: ServerResponse): void => {
    if (gate.traffic.draining) res.setHeader('connection', 'close');
    if (OWN_PATH.test(req.url ?? '')) own(req, res);
    else if (isPreflight(req)) answerPreflight(gate, req, res);
    else void takeCall(gate, req, res, forward);
  };
  const server = http.createServer(
    {
      headersTimeout: HEAD_MS,
      requestTimeout: 0,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      // An upgrade would pass by everything that follows (TRAPS, The proxy): such a request is handled, and refused, as a plain one.
      shouldUpgradeCallback: () => false,
    },
    handle,
  );
  // A client that closes its side after sending has not left; without this it would look so.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  // The body is asked for only after everything that the head alone can refuse; readBody and the proxy ask for it.
  server.on('checkContinue', handle);
  server.on('connect', (_req, socket) =>
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  );
  server.on('clientError', (error, socket) => {
    if (!socket.writable || (error as NodeJS.ErrnoException).code === 'ECONNRESET') socket.destroy();
    else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return server;
}
