// Puts an answer on the wire, with the faults of the head, the length and the encoding that were asked for.
import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { Answer } from './answer.ts';
import { breakOff, breakPoint } from './break-off.ts';
import type { Exchange } from './exchange.ts';
import { faultNumber, type FaultName, type Faults } from './faults.ts';
import { random } from './random.ts';

const PADDING = Buffer.alloc(64 * 1024, 'x');
/** Whole bodies are sent in this many pieces where they are to drip. */
const DRIPS = 8;

const IN_PIECES: readonly FaultName[] = ['gzip', 'drip', 'trailers'];
const WITHOUT_LENGTH: readonly FaultName[] = ['gzip', 'chunked', 'trailers', 'bad-chunk'];

/** What a gateway must drop from any upstream's answer. */
const SPOOFED = {
  'credits-cost': '0',
  'credits-call': 'call_spoofed',
  'credits-hold': '0',
  'credits-available': '999999999',
  'credits-rate-card': 'spoofed',
  ratelimit: '"credits";r=999999999;t=1',
  'ratelimit-policy': '"credits";q=999999999;w=1',
  'server-timing': 'credits;desc="call_spoofed";dur=0, db;dur=4',
  'access-control-allow-origin': '*',
};

/** Sends the answer and comes back once it is over, however it ends. */
export async function send(exchange: Exchange, plain: Answer): Promise<void> {
  if (!(await beforeHead(exchange))) return;
  const { response, faults } = exchange;
  const answer = padded(plain, faultNumber(faults, 'big', 0));
  const { body } = answer;
  if (answer.tells !== undefined) exchange.tell(answer.tells);
  writeHead(exchange, answer);
  if (exchange.method === 'HEAD' || !hasBody(answer)) {
    response.end();
    return;
  }
  const point = breakPoint(faults, lengthOf(answer));
  if (typeof body === 'string' && point === undefined && !hasAny(faults, IN_PIECES)) {
    exchange.bytesOut = Buffer.byteLength(body);
    response.end(body);
    return;
  }
  let left = point?.afterBytes ?? Infinity;
  const wait = gaps(exchange, answer);
  for await (const piece of faults.has('gzip')
    ? gzipped(piecesOf(answer, faults.has('drip')))
    : piecesOf(answer, faults.has('drip'))) {
    const waitMs = wait();
    if (waitMs > 0 && !(await exchange.pause(waitMs))) return;
    if (point !== undefined && piece.length >= left) {
      await exchange.write(piece.subarray(0, left));
      await breakOff(exchange, point.how);
      return;
    }
    left -= piece.length;
    if (!(await exchange.write(piece))) return;
  }
  if (takesTrailers(exchange)) response.addTrailers({ 'x-demo-trailer': 'the end', 'credits-cost': '0' });
  response.end();
}

/** False where there is no head to send any more. */
async function beforeHead(exchange: Exchange): Promise<boolean> {
  const { faults, response } = exchange;
  const waitMs = faultNumber(faults, 'slow', 1000);
  if (waitMs !== undefined && !(await exchange.pause(waitMs))) return false;
  if (faults.has('hang')) {
    await exchange.forever();
    return false;
  }
  if (faults.has('reset')) {
    response.socket?.resetAndDestroy();
    return false;
  }
  if (faults.get('status') === '101') {
    // No one asked for it; a proxy that believes it waits for ever.
    response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: demo\r\n\r\n');
    await exchange.forever();
    return false;
  }
  return !exchange.gone;
}

function writeHead(exchange: Exchange, answer: Answer): void {
  const { response, faults, around } = exchange;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (!response.hasHeader('x-request-id')) response.setHeader('x-request-id', exchange.id('req_'));
  if (faults.has('set-cookie')) response.setHeader('set-cookie', ['demo_session=s3cr3t; Path=/; HttpOnly', 'demo_seen=1']);
  if (faults.has('spoof')) for (const [name, value] of Object.entries(SPOOFED)) response.setHeader(name, value);
  if (faults.has('redirect')) response.setHeader('location', `${around.origin}/plain/ok`);
  if (faults.has('connection-header')) {
    response.setHeader('connection', 'keep-alive, x-demo-hop');
    response.setHeader('x-demo-hop', 'only for the next hop');
    response.setHeader('proxy-authenticate', 'Basic realm="demo"');
  }
  if (faults.has('gzip')) response.setHeader('content-encoding', 'gzip');
  if (takesTrailers(exchange)) response.setHeader('trailer', 'x-demo-trailer');
  const length = lengthOf(answer);
  if (faults.has('no-length')) {
    response.useChunkedEncodingByDefault = false;
    response.setHeader('connection', 'close');
  } else if (length !== undefined && !hasAny(faults, WITHOUT_LENGTH) && hasBody(answer)) {
    response.setHeader('content-length', length);
  }
  response.writeHead(faults.has('redirect') ? 302 : answer.status);
}

function hasAny(faults: Faults, names: readonly FaultName[]): boolean {
  return faults.size > 0 && names.some((name) => faults.has(name));
}

function hasBody({ status }: Answer): boolean {
  return status !== 204 && status !== 304;
}

/** Node refuses to declare them where there are no chunks. */
function takesTrailers({ faults, request }: Exchange): boolean {
  return faults.has('trailers') && request.httpVersion === '1.1';
}

function lengthOf(answer: Answer): number | undefined {
  return typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.length;
}

async function* piecesOf({ body }: Answer, drip: boolean): AsyncGenerator<Buffer> {
  if (typeof body !== 'string') {
    for await (const piece of body) yield Buffer.from(piece);
    return;
  }
  const bytes = Buffer.from(body);
  const step = drip ? Math.max(1, Math.ceil(bytes.length / DRIPS)) : Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

/** How long to wait before the next piece, in milliseconds. A model thinks before its first word. */
function gaps(exchange: Exchange, answer: Answer): () => number {
  const drip = faultNumber(exchange.faults, 'drip', 50);
  if (drip !== undefined) return () => drip;
  const { paceMs, seed } = exchange.around;
  if (answer.paced !== true || paceMs === 0) return () => 0;
  const chance = random(seed, exchange.n);
  let first = true;
  return () => {
    const waitMs = paceMs * (first ? 8 : 0.5 + chance.next());
    first = false;
    return waitMs;
  };
}

/** Each piece is flushed, so that an event stream stays one. */
function gzipped(pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  return Readable.from(pieces, { objectMode: false }).compose(
    createGzip({ flush: constants.Z_SYNC_FLUSH }),
  ) as AsyncIterable<Buffer>;
}

/** The same JSON object with a long first member; anything else becomes plain bytes. Never held in memory. */
function padded(answer: Answer, bytes: number | undefined): Answer {
  if (bytes === undefined) return answer;
  const { body } = answer;
  const isObject = typeof body === 'string' && body.startsWith('{') && body.length > 2;
  const [before, after] = isObject ? ['{"padding":"', `",${body.slice(1)}`] : ['', ''];
  const fill = Math.max(0, bytes - Buffer.byteLength(before) - Buffer.byteLength(after));
  const headers = isObject ? answer.headers : { ...answer.headers, 'content-type': 'application/octet-stream' };
  return {
    ...answer,
    headers,
    body: padding(before, fill, after),
    length: before.length + fill + Buffer.byteLength(after),
    paced: false,
  };
}

function* padding(before: string, fill: number, after: string): Generator<string | Buffer> {
  if (before !== '') yield before;
  for (let left = fill; left > 0; left -= PADDING.length) yield PADDING.subarray(0, Math.min(left, PADDING.length));
  if (after !== '') yield after;
}
