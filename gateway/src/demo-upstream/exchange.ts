// One request and its answer, as the handlers of the demo upstream see it.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from './faults.ts';
import { random, type Random } from './random.ts';

/** Bodies that an API reads whole may be this long; `/v1/sink` and `/plain/echo` take any length. */
const BODY_MAX_BYTES = 32 * 1024 * 1024;

/** What all exchanges of one upstream share. */
export interface Surroundings {
  seed: number;
  now: () => number;
  /** Epoch milliseconds of the start, so that ids do not repeat after a restart with the same seed. */
  startedAt: number;
  /** Mean milliseconds between two pieces of an event stream. */
  paceMs: number;
  /** Its own, absolute: `http://127.0.0.1:41234`. */
  origin: string;
}

export class Exchange {
  readonly n: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  faults: Faults = new Map();
  readonly around: Surroundings;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  bytesIn = 0;
  bytesOut = 0;
  /** The usage that the answer told so far. */
  told: unknown = null;
  readonly #gone = new AbortController();
  #body: Promise<Buffer> | undefined;

  constructor(n: number, request: IncomingMessage, response: ServerResponse, url: URL, around: Surroundings) {
    this.n = n;
    this.request = request;
    this.response = response;
    this.around = around;
    this.method = request.method ?? 'GET';
    this.path = url.pathname;
    this.query = url.searchParams;
    response.once('close', () => this.#gone.abort());
  }

  /** True once the connection is gone or the answer is over. */
  get gone(): boolean {
    return this.#gone.signal.aborted;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /**
   * The whole body, read once.
   * @throws {RangeError} past 32 MiB.
   */
  body(): Promise<Buffer> {
    this.#body ??= this.#read();
    return this.#body;
  }

  /** The body as a JSON object, or `undefined` where it is none. */
  async object(): Promise<Record<string, unknown> | undefined> {
    try {
      const value: unknown = JSON.parse((await this.body()).toString());
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Pieces of the body as they come, counted, with back-pressure. */
  async *pieces(): AsyncGenerator<Buffer> {
    for await (const piece of this.request as AsyncIterable<Buffer>) {
      this.bytesIn += piece.length;
      yield piece;
    }
  }

  /** The same request under the same seed always draws the same. */
  async chance(): Promise<Random> {
    return random(this.around.seed, this.method, this.path, (await this.body()).toString());
  }

  /** A new id for every request, also for a repeated one. */
  id(prefix: string, letters = 24): string {
    return `${prefix}${random(this.around.seed, this.around.startedAt, this.n, prefix).letters(letters)}`;
  }

  tell(usage: unknown): void {
    this.told = usage;
  }

  /** Waits; false as soon as the connection is gone. */
  async pause(waitMs: number): Promise<boolean> {
    await delay(waitMs, undefined, { signal: this.#gone.signal }).catch(() => undefined);
    return !this.gone;
  }

  /** Waits until the other side leaves. */
  async forever(): Promise<void> {
    if (!this.gone) await once(this.#gone.signal, 'abort');
  }

  /** Writes one piece of the answer with back-pressure; false where the connection is gone. */
  async write(piece: Buffer): Promise<boolean> {
    if (this.gone) return false;
    this.bytesOut += piece.length;
    if (!this.response.write(piece)) await once(this.response, 'drain', { signal: this.#gone.signal }).catch(() => undefined);
    return !this.gone;
  }

  async #read(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces()) {
      if (this.bytesIn <= BODY_MAX_BYTES) pieces.push(piece);
    }
    // It is read to its end first: to stop reading would end the connection before the answer.
    if (this.bytesIn > BODY_MAX_BYTES) throw new RangeError(`the body is longer than ${BODY_MAX_BYTES} bytes`);
    return Buffer.concat(pieces);
  }
}
