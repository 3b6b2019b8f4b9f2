// What an API of the demo upstream answers, before the asked faults are worked into it (send.ts).
import { wire } from './usage.ts';

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Whole, or piece by piece; each piece is written on its own. */
  body: string | Iterable<string | Buffer> | AsyncIterable<string | Buffer>;
  /** Bytes of a body that comes in pieces, where they are known beforehand. */
  length?: number;
  /** True for event streams: pieces come at the pace of a model. */
  paced?: boolean;
  /** The usage that a whole body tells; streams tell theirs through `Exchange.tell` as they reach it. */
  tells?: unknown;
}

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: wire(value) };
}

export function eventStream(body: Iterable<string>, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers },
    body,
    paced: true,
  };
}

/** One server-sent event; `name` where the API names its events. */
export function serverSentEvent(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : wire(data)}\n\n`;
}
