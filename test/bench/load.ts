// The load generator: a process of its own that runs one job after the other, each on fresh connections. It writes the same bytes to bare
// sockets and reads no more of an answer than its status and its end: on a machine of two cores whatever it spends is missing elsewhere.
import { connect } from 'node:net';
import { endWithParent } from './announce.ts';

export interface LoadJob {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  connections: number;
  /** Asked for, but not counted in the figures. */
  warmMs: number;
  measureMs: number;
}

export interface Load {
  /** Answers per second within the measured time. */
  perSecond: number;
  /** Milliseconds from request to whole answer, of the measured ones. */
  p50Ms: number;
  p99Ms: number;
  /** All of the job, warm-up and the last ones included, by status. */
  answers: Record<number, number>;
  /** Connections that broke. */
  errors: number;
}

process.on('message', (job: LoadJob) => void run(job).then((load) => process.send?.(load)));
endWithParent();

async function run(job: LoadJob): Promise<Load> {
  const { measureMs } = job;
  const answers: Record<number, number> = {};
  const durationsMs: number[] = [];
  const from = performance.now() + job.warmMs;
  const until = from + measureMs;
  const took = (status: number, durationMs: number): boolean => {
    answers[status] = (answers[status] ?? 0) + 1;
    const now = performance.now();
    if (now >= from && now < until) durationsMs.push(durationMs);
    // Each connection ends after an answer, never in the middle of a call, so that every count can be compared.
    return now < until;
  };
  const request = requestOf(job);
  const { hostname, port } = new URL(job.url);
  const ends = Array.from({ length: job.connections }, () => keepAsking(hostname, Number(port), request, took));
  const errors = (await Promise.all(ends)).filter((end) => end === 'broke').length;
  durationsMs.sort((a, b) => a - b);
  const rank = (share: number): number => durationsMs[Math.ceil(durationsMs.length * share) - 1] ?? Number.NaN;
  return { perSecond: durationsMs.length / (measureMs / 1000), p50Ms: rank(0.5), p99Ms: rank(0.99), answers, errors };
}

function requestOf({ url, headers, body }: LoadJob): Buffer {
  const { host, pathname, search } = new URL(url);
  const all = { host, ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** One connection: asks, waits for the whole answer, asks again, until it is told to stop. */
function keepAsking(
  host: string,
  port: number,
  request: Buffer,
  took: (status: number, durationMs: number) => boolean,
): Promise<'ended' | 'broke'> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    let askedAt = 0;
    let answer = '';
    const ask = (): void => {
      askedAt = performance.now();
      answer = '';
      socket.write(request);
    };
    socket.on('connect', ask);
    socket.on('data', (piece) => {
      answer += piece.toString('latin1');
      if (!isWhole(answer)) return;
      if (took(Number(answer.slice(9, 12)), performance.now() - askedAt)) ask();
      else {
        resolve('ended');
        socket.destroy();
      }
    });
    socket.on('error', () => resolve('broke'));
    socket.on('close', () => resolve('broke'));
  });
}

/** By its Content-Length, or by the last chunk. A character is a byte. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n');
  if (head === -1) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1];
  return length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= head + 4 + Number(length);
}
