// One open event stream: what its client has seen, and the writing of messages as server-sent events. It never holds more than what a
// slow client is about to read; one that reads no more is dropped.
import type { ServerResponse } from 'node:http';
import type { Key } from '../keys/key.ts';
import { cursorText, type Cursor } from './cursor.ts';
import type { Viewer } from './may-see-event.ts';

export interface StreamOptions {
  res: ServerResponse;
  viewer: Viewer;
  /** Everything up to here it has. */
  from: Cursor;
  /** Event types that it asked for; empty: all. */
  types: ReadonlySet<string>;
  /** The key of the request as it is now; undefined once it may watch no more. */
  recheck: () => Promise<Key | undefined>;
  /** What GET balance answers its key now; undefined for one that watches all organizations. */
  balance: (key: Key) => Promise<object | undefined>;
  /** Milliseconds of this process's own clock. */
  monotonicMs: () => number;
}

export const EVENT_STREAM = 'text/event-stream; charset=utf-8';
// As much as lies ready for a client; more is read for it only when that has gone.
const READY_BYTES_MOST = 64 * 1_024;
const STALLED_MS = 15_000;

export class Stream {
  readonly #options: StreamOptions;
  viewer: Viewer;
  cursor: Cursor;
  /** Whether the balance may have changed since it was told. */
  balanceDue = true;
  /** Whether there was more to tell than one round takes. */
  isBehind = false;
  #told = new Map<string, string>();
  #blockedSince: number | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.viewer = options.viewer;
    this.cursor = options.from;
  }

  open(): void {
    const { res } = this.#options;
    res.writeHead(200, {
      'content-type': EVENT_STREAM,
      // A proxy in between must not wait for more.
      'x-accel-buffering': 'no',
    });
    // Where the connection breaks, the client comes back after this.
    res.write('retry: 2000\n\n');
  }

  /** Called when what lay ready has gone. */
  onDrained(tell: () => void): void {
    this.#options.res.on('drain', tell);
  }

  recheck(): Promise<Key | undefined> {
    return this.#options.recheck();
  }

  /** Tells the balance, where it is another than it was. */
  async sendBalance(): Promise<void> {
    this.balanceDue = false;
    if (!this.#wants('balance')) return;
    const balance = await this.#options.balance(this.viewer.key);
    if (balance !== undefined) this.sendState('balance', balance);
  }

  send(type: string, data: object): void {
    if (!this.#wants(type)) return;
    this.#write(`event: ${type}\nid: ${cursorText(this.cursor)}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Tells a state, where it is another than it was told before. */
  sendState(type: string, data: object): void {
    const text = JSON.stringify(data);
    if (this.#told.get(type) === text) return;
    this.#told.set(type, text);
    this.send(type, data);
  }

  /** The present place without a message: a client that was told nothing for long has not fallen behind. */
  beat(): void {
    this.#write(`: \nid: ${cursorText(this.cursor)}\n\n`);
  }

  /** Whether more may be written. */
  isReady(): boolean {
    const { res, monotonicMs } = this.#options;
    if (res.writableLength <= READY_BYTES_MOST) {
      this.#blockedSince = undefined;
      return true;
    }
    this.#blockedSince ??= monotonicMs();
    return false;
  }

  /** Whether its client has read nothing for long. */
  isStalled(): boolean {
    return !this.isReady() && this.#options.monotonicMs() - (this.#blockedSince ?? Infinity) > STALLED_MS;
  }

  end(): void {
    this.#options.res.end();
  }

  /** Without waiting for what lies ready. */
  drop(): void {
    this.#options.res.destroy();
  }

  #wants(type: string): boolean {
    const { types } = this.#options;
    return types.size === 0 || types.has(type);
  }

  #write(text: string): void {
    const { res } = this.#options;
    if (!res.writableEnded && !res.destroyed) res.write(text);
  }
}
