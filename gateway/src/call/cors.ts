// The gateway owns CORS for its services: what an upstream says of origins is dropped, and only origins that an admin allowed are told
// anything. Credits travel in headers, so they are exposed; keys travel in headers too, never in cookies, so credentials stay off.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gate } from './gate.ts';

const EXPOSED = [
  'Credits-Call',
  'Credits-Context',
  'Credits-Cost',
  'Credits-Hold',
  'Credits-Available',
  'Credits-Reset',
  'Credits-Rate-Card',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Server-Timing',
  'Idempotent-Replayed',
  'X-Should-Retry',
].join(', ');

/** Allows the request's origin where the operator does. */
export function allowOrigin(gate: Pick<Gate, 'rules'>, req: IncomingMessage, res: ServerResponse): void {
  if (gate.rules.corsOrigins.length === 0) return;
  res.appendHeader('vary', 'Origin');
  const { origin } = req.headers;
  if (origin === undefined || !gate.rules.corsOrigins.includes(origin)) return;
  res.setHeader('access-control-allow-origin', origin);
  res.setHeader('access-control-expose-headers', EXPOSED);
  res.setHeader('timing-allow-origin', origin);
}

/** A browser's question before the call. It carries no key, is never forwarded and costs nothing. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** Answers a preflight: 204 either way, with leave only for allowed origins. */
export function answerPreflight(gate: Pick<Gate, 'rules'>, req: IncomingMessage, res: ServerResponse): void {
  allowOrigin(gate, req, res);
  if (res.hasHeader('access-control-allow-origin')) {
    res.setHeader('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
    res.setHeader('access-control-allow-headers', req.headers['access-control-request-headers'] ?? 'authorization');
    res.setHeader('access-control-max-age', '600');
  }
  res.statusCode = 204;
  res.end();
}
