// The independent witness of what the upstream saw: one line when the head of a request arrived, one when its exchange ended.
// The arrival is on its way to the disk before anything else happens, so that a crash of either side can not hide it.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';

/** Lines kept in memory; older ones are only in the file. */
const LINES_KEPT = 20_000;
const CREDENTIAL_HEADERS = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-dune-api-key',
  'api_key',
  'cookie',
] as const;
/** What a gateway or a test marks a call with, so that both logs can be laid side by side. */
const CALL_HEADERS = ['credits-call', 'x-demo-call', 'x-request-id', 'idempotency-key'] as const;

interface ArrivedLine {
  /** Place in the log: 1, 2, 3 … */
  line: number;
  /** Number of the request: both its lines carry it. */
  n: number;
  /** Epoch milliseconds. */
  at: number;
  phase: 'arrived';
  method: string;
  path: string;
  headers: readonly string[];
  /** The first 12 characters of each credential, without its scheme, by header. */
  credentials: Readonly<Record<string, string>>;
  callId: string | null;
}

export interface EndedLine extends Omit<ArrivedLine, 'phase' | 'headers' | 'credentials'> {
  phase: 'ended';
  /** Null where no head was sent. */
  status: number | null;
  /** True where the answer was written to its end; false for a reset, a cut, and a client that left. */
  complete: boolean;
  bytesIn: number;
  bytesOut: number;
  /** The usage that was told, or null. */
  usage: unknown;
}

export type LogLine = ArrivedLine | EndedLine;

export interface Witness {
  lines: readonly LogLine[];
  arrived(n: number, at: number, request: IncomingMessage): ArrivedLine;
  ended(line: Omit<EndedLine, 'line' | 'phase'>): void;
  close(): void;
}

/** @param file where the lines are appended; memory only where it is undefined. */
export function openWitness(file: string | undefined): Witness {
  const descriptor = file === undefined ? undefined : openSync(file, 'a');
  const lines: LogLine[] = [];
  let count = 0;
  const keep = <L extends LogLine>(line: L): L => {
    if (descriptor !== undefined) writeSync(descriptor, `${JSON.stringify(line)}\n`);
    lines.push(line);
    if (lines.length >= LINES_KEPT * 2) lines.splice(0, LINES_KEPT);
    return line;
  };
  return {
    lines,
    arrived: (n, at, request) => {
      count += 1;
      const { method = '', url: path = '', headers } = request;
      const names = Object.keys(headers);
      return keep({
        line: count,
        n,
        at,
        phase: 'arrived',
        method,
        path,
        headers: names,
        credentials: credentialsOf(request),
        callId: callIdOf(request),
      });
    },
    ended: (line) => {
      count += 1;
      keep({ line: count, phase: 'ended', ...line });
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

function credentialsOf(request: IncomingMessage): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of CREDENTIAL_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string') found[name] = value.replace(/^(Bearer|Basic) /i, '').slice(0, 12);
  }
  return found;
}

function callIdOf(request: IncomingMessage): string | null {
  for (const name of CALL_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string') return value;
  }
  return null;
}
