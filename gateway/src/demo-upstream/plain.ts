// Plain operations without an API around them: for tests of what passes a gateway, and to try a fault by hand.
import { createHash } from 'node:crypto';
import { json, type Answer } from './answer.ts';
import type { Api } from './api.ts';
import { benchChat } from './counting.ts';
import type { Exchange } from './exchange.ts';
import { plainRows } from './plain-rows.ts';

/** A period of 251 bytes, so that a lost, doubled or shifted piece shows. */
const PERIOD = 251;
const PATTERN = Buffer.from(Array.from({ length: PERIOD * 256 }, (_, index) => index % PERIOD));
const ECHOED_MAX_BYTES = 64 * 1024;

export function plain(): Api {
  return {
    owns: () => true,
    refuse,
    answer: async (exchange) => {
      const verb = exchange.method === 'HEAD' ? 'GET' : exchange.method;
      if (exchange.path === '/plain/echo') return echo(exchange);
      if (verb === 'POST' && exchange.path.startsWith('/bench/')) return bench(exchange);
      switch (`${verb} ${exchange.path}`) {
        case 'GET /plain/ok':
          return ok(exchange);
        case 'GET /plain/bytes':
          return bytes(exchange);
        case 'GET /plain/rows':
          return plainRows(exchange);
        case 'POST /v1/sink':
          return sink(exchange);
        default:
          return refuse(404, `nothing is at ${exchange.method} ${exchange.path}`);
      }
    },
  };
}

/** These read the body themselves, piece by piece. */
export function readsItself(path: string): boolean {
  return path === '/v1/sink' || path === '/plain/echo';
}

function refuse(status: number, message: string): Answer {
  return json({ error: message }, status);
}

/** Below `/bench` any path will do, because some gateways add `/chat/completions` to what they are told. */
function bench(exchange: Exchange): Answer {
  const body = benchChat(exchange.around.seed);
  const { usage } = JSON.parse(body.toString()) as { usage: unknown };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: body.toString(), tells: usage };
}

function ok(exchange: Exchange): Answer {
  const etag = `"demo-${exchange.around.seed}"`;
  if (exchange.header('if-none-match') === etag) return { status: 304, headers: { etag }, body: '' };
  return json({ ok: true, service: 'demo' }, 200, { etag });
}

async function echo(exchange: Exchange): Promise<Answer> {
  const digest = createHash('sha256');
  const kept: Buffer[] = [];
  for await (const piece of exchange.pieces()) {
    digest.update(piece);
    if (exchange.bytesIn <= ECHOED_MAX_BYTES) kept.push(piece);
  }
  const text = exchange.bytesIn <= ECHOED_MAX_BYTES ? Buffer.concat(kept).toString() : undefined;
  return json({
    method: exchange.method,
    url: exchange.request.url,
    headers: exchange.request.headers,
    rawHeaders: exchange.request.rawHeaders,
    body: { bytes: exchange.bytesIn, sha256: digest.digest('hex'), ...parsed(text) },
  });
}

function parsed(text: string | undefined): { json?: unknown } {
  try {
    return text === undefined ? {} : { json: JSON.parse(text) };
  } catch {
    // Not JSON: its digest is all that is echoed.
    return {};
  }
}

/** Reads any body with back-pressure; under `slow-read` no faster than so many bytes per second. */
async function sink(exchange: Exchange): Promise<Answer> {
  const digest = createHash('sha256');
  const rate = Number(exchange.faults.get('slow-read') ?? 0);
  for await (const piece of exchange.pieces()) {
    digest.update(piece);
    if (rate > 0) await exchange.pause((piece.length / rate) * 1000);
  }
  return json({ bytes: exchange.bytesIn, sha256: digest.digest('hex') });
}

/** `?n=` bytes of a known pattern, or the one range of them that was asked for. */
function bytes(exchange: Exchange): Answer {
  const total = Number(exchange.query.get('n') ?? 1024);
  if (!Number.isSafeInteger(total) || total < 0) return refuse(400, 'n is not a number of bytes');
  const headers = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' };
  const range = /^bytes=(\d*)-(\d*)$/.exec(exchange.header('range') ?? '');
  if (range === null) return { status: 200, headers, body: pattern(0, total), length: total };
  const [, first = '', last = ''] = range;
  const from = first === '' ? Math.max(0, total - Number(last)) : Number(first);
  const until = first === '' || last === '' ? total : Math.min(total, Number(last) + 1);
  if (from >= until) return { status: 416, headers: { 'content-range': `bytes */${total}` }, body: '' };
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${from}-${until - 1}/${total}` },
    body: pattern(from, until),
    length: until - from,
  };
}

function* pattern(from: number, until: number): Generator<Buffer> {
  for (let at = from; at < until;) {
    const start = at % PATTERN.length;
    const piece = PATTERN.subarray(start, Math.min(PATTERN.length, start + until - at));
    yield piece;
    at += piece.length;
  }
}
