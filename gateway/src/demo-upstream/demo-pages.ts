// The demo's own applications: pages with buttons that spend, for price tags to stand beside. They are files, read at each question, so that a
// change shows at once. They call the gateway from the browser with keys that are served to this machine alone.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readPagesSettings, type PagesSettings } from './pages-settings.ts';

const FOLDER = new URL('pages/', import.meta.url);
const PAGES = '/demo/pages/';
const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
} as const;
// A page on the open web that got its name to mean 127.0.0.1 comes with its own name as host.
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** Whether the request came for this machine by its own name. */
export function isLoopback({ headers }: IncomingMessage): boolean {
  return LOOPBACK.test(headers.host ?? '');
}

/**
 * Answers GET of pages, of their settings, and of what they say of themselves.
 * @param settingsFile see pages-settings.ts; undefined leaves the pages without a gateway
 * @returns false where the path is none of these
 */
export function answerPage(request: IncomingMessage, response: ServerResponse, settingsFile: string | undefined): boolean {
  const { pathname, searchParams } = new URL(`http://demo${request.url}`);
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (pathname === '/.well-known/credits.json') return sendHint(response, readPagesSettings(settingsFile));
  if (pathname === `${PAGES}config.json`) return sendSettings(request, response, readPagesSettings(settingsFile));
  if (pathname === '/demo/pages') return sendText(response, 302, 'text/plain', '', { location: PAGES });
  if (!pathname.startsWith(PAGES)) return false;
  // A page that shows calls and forges an answer's timings: they are a claim like any other, and to be believed by no one.
  if (pathname === `${PAGES}forged`) return sendForged(response, searchParams.get('call') ?? '');
  return sendFile(response, pathname.slice(PAGES.length), readPagesSettings(settingsFile)?.gateway);
}

/** `query`, `query/4107` and `query/dashboard` are one page; `query.js` is a file. */
function sendFile(response: ServerResponse, name: string, gateway: string | undefined): boolean {
  const found = /^([a-z-]*)(?:\/[a-z0-9-]*|\.(html|js|css))?$/.exec(name);
  const [, base = '', type = 'html'] = found ?? [];
  const page = base === '' ? 'overview' : base;
  let body: Buffer;
  try {
    body = readFileSync(new URL(found === null ? 'none' : `${page}.${type}`, FOLDER));
  } catch {
    return sendText(response, 404, 'text/plain', 'The demo has no such page.\n');
  }
  const policy = policyOf(page, gateway);
  return sendText(response, 200, TYPES[type as keyof typeof TYPES], body, { 'content-security-policy': policy });
}

/** As strict as a page can be that does something: no inline script or style, and for the one that fights back no text as HTML either. */
function policyOf(page: string, gateway: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${gateway ?? ''}`.trim(),
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    ...(page.startsWith('hostile') ? ["require-trusted-types-for 'script'", "trusted-types 'none'"] : []),
  ].join('; ');
}

function sendSettings(request: IncomingMessage, response: ServerResponse, settings: PagesSettings | undefined): boolean {
  if (!isLoopback(request)) return sendJson(response, 403, { message: 'Keys of the demo are for this machine alone.' });
  if (settings !== undefined) return sendJson(response, 200, settings);
  return sendJson(response, 503, { message: 'The demo has no gateway yet. Start it with npm start and load this page again.' });
}

/** What the record search says of itself; the elements of the other pages say it by attributes, or the rate card does. */
function sendHint(response: ServerResponse, settings: PagesSettings | undefined): boolean {
  const here = 'http://127.0.0.1:*/demo/pages/records*';
  const inputs = { 'body.page_size': '#page-size' };
  return sendJson(response, 200, {
    ...(settings === undefined ? {} : { gateway: settings.gateway }),
    tags: [{ on: here, via: 'gateway', tag: { selector: '#search', operation: 'businesses.search', inputs } }],
  });
}

function sendForged(response: ServerResponse, call: string): boolean {
  const id = call.replaceAll(/[^\w-]/g, '').slice(0, 100);
  return sendText(response, 200, 'text/plain', 'ok\n', { 'server-timing': `credits;desc="${id}";dur=0.01` });
}

function sendJson(response: ServerResponse, status: number, value: unknown): boolean {
  return sendText(response, status, 'application/json', `${JSON.stringify(value)}\n`);
}

function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  more: Readonly<Record<string, string>> = {},
): boolean {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...more,
  });
  response.end(body);
  return true;
}
