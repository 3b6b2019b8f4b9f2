// One attempt to hand a message to a receiver. What it answers is only looked at for its status: nothing of it is kept, redirects are
// not followed, and it has a bounded time and size.
import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { PrivateTarget, type Targets } from './target.ts';

/** `status` as it was answered, or null with the reason why there is none. */
export type Posted = { status: number; error: '' } | { status: null; error: string };

export interface Message {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface PostOptions {
  targets: Pick<Targets, 'checkUrl' | 'lookup'>;
  /** For the whole attempt, answer included. */
  timeoutMs: number;
  /** Breaks the attempt off. */
  signal: AbortSignal;
}

// An answer is a status and perhaps a word; who sends more is broken off after this.
const ANSWER_BYTES_MOST = 64 * 1_024;

/** Never rejects. */
export function post({ url, headers, body }: Message, { targets, timeoutMs, signal }: PostOptions): Promise<Posted> {
  const wrong = targets.checkUrl(url);
  if (wrong !== undefined) return Promise.resolve({ status: null, error: `not sent: ${wrong} would be right` });
  const timeout = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const options: RequestOptions = {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Tollgate-Webhooks/1',
      },
      // A connection of its own, resolved and checked anew: none is left over that was opened before a name changed its mind.
      agent: false,
      lookup: targets.lookup,
      signal: AbortSignal.any([signal, timeout]),
    };
    let hasAnswered = false;
    const request = (url.startsWith('https:') ? https : http).request(url, options, (answer) => {
      const { statusCode: status = 0 } = answer;
      hasAnswered = true;
      let bytes = 0;
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > ANSWER_BYTES_MOST) answer.destroy();
      });
      // The status is the whole answer, however the rest of it ends.
      answer.on('error', () => undefined);
      answer.on('close', () => resolve({ status, error: '' }));
    });
    request.on('error', (error) => {
      if (hasAnswered) return;
      const why = timeout.aborted ? `no answer within ${timeoutMs / 1_000} s` : wordsOf(error);
      resolve({ status: null, error: why });
    });
    request.end(body);
  });
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name can not be looked up now',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host can not be reached',
  ENETUNREACH: 'the network can not be reached',
};

/** For the people of the organization: what happened, and nothing of what the receiver sent. */
function wordsOf(error: Error): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof PrivateTarget) return error.message;
  return WORDS[code] ?? (code === '' ? 'the attempt failed' : `the attempt failed (${code})`);
}
