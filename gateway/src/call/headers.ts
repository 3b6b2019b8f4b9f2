// Header hygiene, both ways. What a client or an upstream sends under our names is dropped, hop-by-hop headers go no further than
// one hop, the client's key never reaches the upstream and the upstream's cookies never reach a client (DESIGN section 7).
import type { IncomingHttpHeaders } from 'node:http';

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Where a client may put its key, beside the header that a service names. */
export const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;

// `expect` makes the proxy skip its hooks (TRAPS, The proxy); `accept-encoding` would hide usage in compression; the forwarding
// headers are claims of the client about itself; cookies belong to our own origin.
const NEVER_FORWARDED = new Set<string>([
  ...CREDENTIAL_HEADERS,
  'expect',
  'accept-encoding',
  'cookie',
  'host',
  'forwarded',
  'via',
  'x-real-ip',
  'idempotency-key',
]);

/** Names of ours: no client and no upstream may speak under them. `_` counts as `-`, because some servers fold the two. */
const OURS = /^(?:credits[-_]|ratelimit(?:[-_]policy)?$|x[-_]tollgate[-_])/;

/** The request headers that go to the upstream. The service's own credential header is dropped too; ours are added by the caller. */
export function forwardedHeaders(headers: IncomingHttpHeaders, credentialHeader: string | undefined): IncomingHttpHeaders {
  const named = namedByConnection(headers.connection);
  const out: IncomingHttpHeaders = {};
  for (const name in headers) {
    if (HOP_BY_HOP.has(name) || NEVER_FORWARDED.has(name) || name === credentialHeader || named?.has(name) === true) continue;
    if (name.includes('_') || name.startsWith('x-forwarded-') || OURS.test(name)) continue;
    out[name] = headers[name];
  }
  // Usage is read from the answer as it passes: only an uncompressed one can be (TRAPS, The proxy).
  out['accept-encoding'] = 'identity';
  return out;
}

const NEVER_RETURNED = new Set(['set-cookie', 'set-cookie2', 'alt-svc', 'strict-transport-security', 'timing-allow-origin']);

/** The upstream's response headers that go to the client, in order of arrival. Trailers are ours to announce. */
export function returnedHeaders(
  answer: { headers: IncomingHttpHeaders },
  links: (value: string) => string,
): Record<string, string | string[]> {
  const named = namedByConnection(answer.headers.connection);
  const out: Record<string, string | string[]> = {};
  for (const name in answer.headers) {
    const value = answer.headers[name];
    if (value === undefined || HOP_BY_HOP.has(name) || named?.has(name) === true || OURS.test(name)) continue;
    if (name.startsWith('access-control-') || NEVER_RETURNED.has(name)) continue;
    if (name === 'server-timing') setTimings(out, String(value));
    else out[name] = typeof value === 'string' && value.includes('://') ? links(value) : value;
  }
  return out;
}

/** The upstream's own timings stay beside ours; what it says under our name goes. Commas inside quotes separate nothing. */
function setTimings(out: Record<string, string | string[]>, value: string): void {
  const entries = value.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  const kept = entries.map((entry) => entry.trim()).filter((entry) => !/^credits\s*(?:;|$)/i.test(entry) && entry !== '');
  if (kept.length > 0) out['server-timing'] = kept.join(', ');
}

/** The headers of an application's own handler: all but those that only the gate may say. */
export function ownHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !HOP_BY_HOP.has(name) && !OURS.test(name)) out[name] = value;
  }
  return out;
}

function namedByConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
