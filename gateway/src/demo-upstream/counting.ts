// The quick answers of an upstream that only counts: constant bodies with the least work, so that a benchmark measures what
// stands in front of it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Surroundings } from './exchange.ts';
import { random } from './random.ts';
import { prose } from './words.ts';

const OK = Buffer.from('{"ok":true,"service":"demo"}');

/** @returns a function that answers what it knows and says whether it did. A request with a fault takes the long way. */
export function countingAnswers({ seed }: Surroundings): (request: IncomingMessage, response: ServerResponse) => boolean {
  const chat = benchChat(seed);
  const headersOf = (body: Buffer): string[] => ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  const okHeaders = headersOf(OK);
  const chatHeaders = headersOf(chat);
  return (request, response) => {
    if (request.headers['x-demo-fault'] !== undefined) return false;
    if (request.url === '/plain/ok' && request.method === 'GET') {
      response.writeHead(200, okHeaders);
      response.end(OK);
      return true;
    }
    if (request.method === 'POST' && request.url?.startsWith('/bench/') === true) {
      // Answering before the body is in would end the exchange under the feet of a proxy that still sends.
      request.once('end', () => {
        response.writeHead(200, chatHeaders);
        response.end(chat);
      });
      request.resume();
      return true;
    }
    return false;
  };
}

/** A small chat completion with usage, always the same. */
export function benchChat(seed: number): Buffer {
  const words = prose(random(seed, 'bench'), 24);
  return Buffer.from(
    JSON.stringify({
      id: 'chatcmpl-bench',
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'gpt-4o-mini',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: words.join(''), refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 18, completion_tokens: words.length, total_tokens: 18 + words.length },
    }),
  );
}
