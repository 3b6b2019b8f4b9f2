// One connection to a gateway, byte by byte: what a client library would tidy up on the way, or hide on the way back.
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** Everything that came, as latin1. */
  text: string;
  head: string;
  status: number;
  /** Names in lower case; the last value of a name that came twice. */
  headers: ReadonlyMap<string, string>;
  /** As it stood on the wire, with its chunks and trailers. */
  body: string;
  /** `fin`, `reset`, or `open` where nothing had ended after the waiting time. */
  end: 'fin' | 'reset' | 'open';
}

export interface RawOptions {
  waitMs?: number;
  /** Closes the client's side right after the request. */
  halfClose?: boolean;
  /** Called with everything that came so far, at each piece. */
  onData?: (soFar: string, socket: Socket) => void;
}

/** Writes `text` as it stands and reads until the connection ends, at most `waitMs` (3 s). */
export function raw(
  url: string,
  text: string,
  { waitMs = 3_000, halfClose = false, onData }: RawOptions = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const pieces: Buffer[] = [];
    const finish = (end: RawAnswer['end']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(read(Buffer.concat(pieces).toString('latin1'), end));
    };
    const timer = setTimeout(() => finish('open'), waitMs);
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      onData?.(Buffer.concat(pieces).toString('latin1'), socket);
    });
    socket.once('end', () => finish('fin'));
    socket.once('error', () => finish('reset'));
    socket.once('close', () => finish('reset'));
    if (halfClose) socket.end(text, 'latin1');
    else socket.write(text, 'latin1');
  });
}

/** A request as text: its lines, then `Connection: close` and the length of the body, where there is one. */
export function request(line: string, headers: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [line, 'Host: gateway.example', 'Connection: close', ...headers, ...length, '', body].join('\r\n');
}

function read(text: string, end: RawAnswer['end']): RawAnswer {
  const at = text.indexOf('\r\n\r\n');
  const head = at === -1 ? text : text.slice(0, at);
  const lines = head.split('\r\n').slice(1);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const),
  );
  return {
    text,
    head,
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0),
    headers,
    body: at === -1 ? '' : text.slice(at + 4),
    end,
  };
}
