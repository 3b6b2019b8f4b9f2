// What clients wrote down themselves, before and after each call: the only witness of what they were told. Each line is with the kernel
// before anything else happens, so that it survives whatever is killed around it.
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { SocketAnswer } from './socket-call.ts';

export interface SentLine {
  n: number;
  sent: true;
}

export interface ToldLine {
  n: number;
  status: number | null;
  whole: boolean;
  callId: string | null;
  /** The cost that the client was told, as text; null where it was told none. */
  cost: string | null;
  /** Of a refusal. */
  code: string | null;
}

export type ClientLine = SentLine | ToldLine;

export interface ClientLog {
  sent(n: number): void;
  told(n: number, answer: SocketAnswer): ToldLine;
  close(): void;
}

export function openClientLog(file: string): ClientLog {
  const descriptor = openSync(file, 'a');
  const write = (line: ClientLine): void => void writeSync(descriptor, `${JSON.stringify(line)}\n`);
  return {
    sent: (n) => write({ n, sent: true }),
    told: (n, answer) => {
      const line = toldBy(n, answer);
      write(line);
      return line;
    },
    close: () => closeSync(descriptor),
  };
}

/** A cost stands in a header, or in the comment behind the last event of a stream. */
function toldBy(n: number, { status, headers, body, whole }: SocketAnswer): ToldLine {
  const comment = /: credits call=(\S+) cost=([\d.]+)\n/.exec(body);
  return {
    n,
    status,
    whole,
    callId: headers['credits-call'] ?? comment?.[1] ?? null,
    cost: headers['credits-cost'] ?? comment?.[2] ?? null,
    code: status === null || status < 400 ? null : (/"code":"(\w+)"/.exec(body)?.[1] ?? null),
  };
}

/** All lines so far; a last one that is still being written is left out. */
export function readClientLog(file: string): ClientLine[] {
  return linesIn(readFileSync(file, 'utf8'));
}

/** Reads on from a place in the file, so that a long log is not read anew each time. */
export function readClientLogFrom(file: string, place: number): { lines: ClientLine[]; next: number } {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(fstatSync(descriptor).size - place);
    const whole = bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, place)).lastIndexOf('\n') + 1;
    return { lines: linesIn(bytes.toString('utf8', 0, whole)), next: place + whole };
  } finally {
    closeSync(descriptor);
  }
}

function linesIn(text: string): ClientLine[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ClientLine);
}

export function isTold(line: ClientLine): line is ToldLine {
  return 'status' in line;
}
