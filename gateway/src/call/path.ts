// Reject, don't normalise (decision 9): the path that is priced is byte for byte the path that is forwarded, so every spelling that
// a router, a proxy and an upstream could read differently is refused before anything else looks at it.
import type { IncomingMessage } from 'node:http';
import { refusal, type Refusal } from './refuse.ts';

/** The request target in the two parts that are forwarded as they are. */
export interface Target {
  /** From the first slash, without the query: `/openai/v1/chat/completions`. */
  path: string;
  /** With its question mark, or ''. */
  search: string;
}

// Also long paths are refused: no API needs one, and every step below is linear in it.
const PATH_MAX = 8_192;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const METHODS_WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS']);
const METHOD_OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override', 'x-original-url', 'x-rewrite-url'];

// Everything that RFC 3986 allows in a path but the characters that parsers disagree on: `;` starts parameters for some, `\` is a
// slash for others, and control or non-ASCII characters are escaped by some.
const PLAIN_PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,=:@/%]*$/;
const PLAIN_SEARCH = /^\?[A-Za-z0-9\-._~!$&'()*+,=:@/%?;[\]{}|^`"<>]*$/;
// An escaped slash, backslash, dot, semicolon, percent, or control character is another path to whoever decodes it.
const HIDDEN_IN_ESCAPES = /%(?:2[ef5]|5c|3b|[01][0-9a-f]|7f)/i;

/**
 * Checks method, target and the headers that could make the request mean something else than its first line.
 * @returns the target, or the refusal; nothing is changed.
 */
export function readTarget(req: IncomingMessage): Target | Refusal {
  const method = req.method ?? '';
  if (!METHODS.has(method)) return refusal('method_refused', `${method || 'This method'} is not forwarded.`);
  const headers = malformedHeaders(req, method);
  if (headers !== undefined) return headers;
  return readPath(req.url ?? '');
}

/** The path rules alone: also the command line explains by them. */
export function readPath(url: string): Target | Refusal {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const search = mark === -1 ? '' : url.slice(mark);
  const found = ambiguity(path, search);
  if (found !== undefined) return refusal('path_ambiguous', `${found} Nothing was forwarded.`);
  return { path, search };
}

function ambiguity(path: string, search: string): string | undefined {
  if (path.length + search.length > PATH_MAX) return `The path is over ${PATH_MAX} characters.`;
  if (!path.startsWith('/')) return 'The request target must be a path that starts with a slash, not a full address.';
  if (path.includes('//')) return 'The path has an empty segment (//).';
  if (!PLAIN_PATH.test(path))
    return 'The path has a character that servers read differently (# ; \\ or one that must be escaped).';
  if (HIDDEN_IN_ESCAPES.test(path)) return 'The path hides a dot, a slash or a control character in an escape.';
  if (/%(?![0-9a-f]{2})/i.test(path)) return 'The path has a % that is not an escape.';
  if (/(^|\/)\.{1,2}(\/|$)/.test(path)) return 'The path has a . or .. segment.';
  if (search !== '' && !PLAIN_SEARCH.test(search)) return 'The query has a character that must be escaped.';
  return undefined;
}

function malformedHeaders(req: IncomingMessage, method: string): Refusal | undefined {
  const { headers } = req;
  const say = (detail: string): Refusal => refusal('request_malformed', `${detail} Nothing was forwarded.`);
  if (countHeader(req, 'host') > 1) return say('There are two Host headers.');
  if (headers.upgrade !== undefined) return say('Upgrades (WebSocket, h2c) are not forwarded.');
  for (const name of METHOD_OVERRIDES) if (headers[name] !== undefined) return say(`${name} is not followed.`);
  const chunked = headers['transfer-encoding'];
  if (chunked !== undefined && chunked.toLowerCase() !== 'chunked') return say('Transfer-Encoding must be chunked alone.');
  if (chunked !== undefined && req.httpVersion === '1.0') return say('HTTP/1.0 has no Transfer-Encoding.');
  const length = headers['content-length'];
  if (METHODS_WITHOUT_BODY.has(method) && (chunked !== undefined || (length !== undefined && length !== '0'))) {
    return say(`${method} with a body is read differently by different servers.`);
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    return say('A compressed body can not be priced; send it plain.');
  return undefined;
}

function countHeader(req: IncomingMessage, name: string): number {
  let count = 0;
  for (let i = 0; i < req.rawHeaders.length; i += 2) if (isNamed(req.rawHeaders[i] as string, name)) count += 1;
  return count;
}

function isNamed(header: string, name: string): boolean {
  return header.length === name.length && header.toLowerCase() === name;
}
