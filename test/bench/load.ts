// The load generator: a process of its own that runs one job after the other with autocannon, each on fresh connections.
import autocannon from 'autocannon';
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
  /** Connections that broke and answers that did not come. */
  errors: number;
}

process.on('message', (job: LoadJob) => void run(job).then((load) => process.send?.(load)));
endWithParent();

async function run({ url, headers, body, connections, warmMs, measureMs }: LoadJob): Promise<Load> {
  const answers: Record<number, number> = {};
  const durationsMs: number[] = [];
  const from = performance.now() + warmMs;
  const until = from + measureMs;
  const options = { url, connections, headers, body, method: 'POST', sampleInt: 20, duration: 3600 };
  const { errors } = await new Promise<{ errors: number }>((resolve, reject) => {
    const instance = autocannon(options, (error, result) => (error === null ? resolve(result) : reject(error)));
    instance.on('response', (client, status, _bytes, durationMs) => {
      answers[status] = (answers[status] ?? 0) + 1;
      const now = performance.now();
      // Each connection ends after an answer, never in the middle of a call, so that every count can be compared.
      if (now >= until) client.responseMax = client.reqsMade;
      else if (now >= from) durationsMs.push(durationMs);
    });
  });
  durationsMs.sort((a, b) => a - b);
  const rank = (share: number): number => durationsMs[Math.ceil(durationsMs.length * share) - 1] ?? Number.NaN;
  return { perSecond: durationsMs.length / (measureMs / 1000), p50Ms: rank(0.5), p99Ms: rank(0.99), answers, errors };
}
