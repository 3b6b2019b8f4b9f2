// From a request to its answer: reads the asked faults, finds the API whose path it is, and sends what that answers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json, type Answer } from './answer.ts';
import type { Api } from './api.ts';
import { Exchange, type Surroundings } from './exchange.ts';
import { FAULTS, faultNumber, readFaults } from './faults.ts';
import { readsItself } from './plain.ts';
import { send } from './send.ts';

export function beginExchange(n: number, request: IncomingMessage, response: ServerResponse, around: Surroundings): Exchange {
  const url = new URL(`http://demo${request.url?.startsWith('/') === true ? request.url : '/'}`);
  return new Exchange(n, request, response, url, around);
}

/** Never rejects: what goes wrong here is told on stderr and by a 500. */
export async function answerExchange(exchange: Exchange, apis: readonly Api[]): Promise<void> {
  const { request, response } = exchange;
  try {
    await send(exchange, await answerOf(exchange, apis));
    // What is unread is counted, and frees the connection.
    if (!request.readableEnded && !exchange.gone) for await (const _ of exchange.pieces());
  } catch (error) {
    // A client that left in the middle is its own business; everything else is a fault of this program.
    if (exchange.gone || request.destroyed) return;
    if (response.headersSent) response.destroy();
    else await send(exchange, json({ error: String(error) }, error instanceof RangeError ? 413 : 500));
    if (!(error instanceof RangeError)) console.error(error);
  }
}

async function answerOf(exchange: Exchange, apis: readonly Api[]): Promise<Answer> {
  const asked = readFaults(exchange.header('x-demo-fault'), exchange.query.get('demo_fault'));
  if ('unknown' in asked) return json({ error: `there is no fault "${asked.unknown}"`, known: Object.keys(FAULTS) }, 400);
  exchange.faults = asked;
  const { faults, path, method } = exchange;
  const api = apis.find((one) => one.owns(path));
  if (api === undefined) throw new Error(`no API owns ${path}`);
  if (!faults.has('early') && !readsItself(path) && method !== 'GET') await exchange.body();
  const status = faultNumber(faults, 'status', 500);
  if (status !== undefined && status >= 400) {
    const answer = api.refuse(
      status,
      status === 429 ? 'Rate limit reached. Please try again in 1s.' : 'This fault was asked for.',
    );
    return status === 429 || status === 503 ? { ...answer, headers: { ...answer.headers, 'retry-after': '1' } } : answer;
  }
  if (status === 204 || status === 304) return { status, headers: {}, body: '' };
  const answer = faults.has('early') ? json({ early: true }) : await api.answer(exchange);
  return status === undefined || status < 200 ? answer : { ...answer, status };
}
