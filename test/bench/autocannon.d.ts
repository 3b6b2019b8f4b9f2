// The part of autocannon's programming interface that the load generator uses; the package brings no types.
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Options {
    url: string;
    connections: number;
    /** Seconds. */
    duration: number;
    method: string;
    headers: Record<string, string>;
    body: string;
    /** Milliseconds between two looks at whether the run is over. */
    sampleInt: number;
  }

  /** One connection. */
  interface Client {
    reqsMade: number;
    /** After how many answers it ends. */
    responseMax: number | undefined;
  }

  interface Result {
    errors: number;
    timeouts: number;
  }

  interface Instance extends EventEmitter<{ response: [client: Client, status: number, bytes: number, durationMs: number] }> {
    stop(): void;
  }

  export default function autocannon(options: Options, done: (error: Error | null, result: Result) => void): Instance;
}
