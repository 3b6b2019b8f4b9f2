// Bodies of a known pattern through a proxy, both ways, with their digests; and peers that stall.
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { request as ask, type ClientRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Transfer {
  status: number;
  bytes: number;
  sha256: string;
  callId: string;
}

/** A request to the gateway: where to, and as whom. */
export interface Way {
  url: string;
  key: string;
}

/** Byte n of the pattern is n modulo this, as the upstream's is: a lost, doubled or shifted piece shows. */
const PERIOD = 251;
const BLOCK = Buffer.from(Array.from({ length: PERIOD * 256 }, (_, index) => index % PERIOD));

/** Digest of the first so many bytes of the pattern. */
export function patternDigest(bytes: number): string {
  const digest = createHash('sha256');
  for (const piece of pattern(bytes)) digest.update(piece);
  return digest.digest('hex');
}

/** Reads a whole answer. */
export async function download(way: Way): Promise<Transfer> {
  const answer = await answerTo(get(way));
  const digest = createHash('sha256');
  const bytes = await addUp(answer, digest);
  return { ...factsOf(answer), bytes, sha256: digest.digest('hex') };
}

/** Sends so many bytes to the upstream's sink. @returns the length and digest of what arrived there */
export async function upload(way: Way, bytes: number): Promise<Transfer> {
  const request = post(way, bytes);
  // A refusal comes before the body is through, and then the body can not be sent to its end.
  const [answer] = await Promise.all([answerTo(request), pipeline(Readable.from(pattern(bytes)), request)]);
  const told = (await new Response(Readable.toWeb(answer)).json()) as { bytes: number; sha256: string };
  return { ...factsOf(answer), ...told };
}

/** Begins to read an answer and then reads no more. @returns what ends it */
export async function stallDownload(way: Way): Promise<() => void> {
  const answer = await answerTo(get(way));
  await once(answer, 'data');
  answer.pause();
  answer.on('error', () => {});
  return () => answer.destroy();
}

/** Sends a body to an upstream that reads it slowly, as fast as it is taken. @returns what ends it */
export function slowUpload(way: Way, bytes: number): () => void {
  const request = post(way, bytes);
  // It is broken off at the end, from this side.
  request.on('error', () => {});
  const body = Readable.from(pattern(bytes));
  body.on('error', () => {});
  body.pipe(request);
  return () => {
    request.destroy();
    body.destroy();
  };
}

function get({ url, key }: Way): ClientRequest {
  const request = ask(url, { agent: false, headers: { authorization: `Bearer ${key}` } });
  request.end();
  return request;
}

function post({ url, key }: Way, bytes: number): ClientRequest {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream', 'content-length': bytes };
  return ask(url, { method: 'POST', agent: false, headers });
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

function factsOf({ statusCode, headers }: IncomingMessage): { status: number; callId: string } {
  return { status: statusCode ?? 0, callId: String(headers['credits-call']) };
}

async function addUp(answer: IncomingMessage, digest: Hash): Promise<number> {
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length;
    digest.update(piece);
  }
  return bytes;
}

function* pattern(total: number): Generator<Buffer> {
  for (let left = total; left > 0; left -= BLOCK.length) yield left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
}
