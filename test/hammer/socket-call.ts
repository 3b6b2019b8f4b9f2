// One call on one raw socket: no client library between the hammer and the wire, so that it sees exactly what a client was told, can leave
// at any byte, and ten thousand of them fit into one process.
import { connect, type Socket } from 'node:net';

export interface SocketCall {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Milliseconds after sending at which the client leaves; null where it waits for the whole answer. */
  leaveAfterMs: number | null;
}

/** What came back, as far as it came. */
export interface SocketAnswer {
  /** Null where no head came. */
  status: number | null;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The body as it stood on the wire, with the marks of chunks. */
  body: string;
  /** True where the body came to its own end. */
  whole: boolean;
}

const CONNECT_MS = 20_000;
// Also a call in a crowd of ten thousand hears something in this time.
const ANSWER_MS = 60_000;

/** Connects to 127.0.0.1. Rejects where nobody listens. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error('connecting took too long')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** Sends the call and resolves when the connection is over, however that came about; never rejects. */
export function callOn(socket: Socket, call: SocketCall): Promise<SocketAnswer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    // A reset is an answer like any other: what came before it counts.
    socket.on('error', () => undefined);
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    const leave = call.leaveAfterMs === null ? undefined : setTimeout(() => socket.resetAndDestroy(), call.leaveAfterMs);
    socket.once('close', () => {
      clearTimeout(leave);
      resolve(answerOf(Buffer.concat(pieces).toString('latin1')));
    });
    socket.write(textOf(call));
  });
}

function textOf({ method, path, headers, body }: SocketCall): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const length = body === '' ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`];
  return [`${method} ${path} HTTP/1.1`, 'host: gateway', 'connection: close', ...lines, ...length, '', body].join('\r\n');
}

function answerOf(text: string): SocketAnswer {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return { status: null, headers: {}, body: '', whole: false };
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) headers[line.slice(0, line.indexOf(':')).toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
  const body = text.slice(end + 4);
  const length = headers['content-length'];
  const whole = length === undefined ? body.endsWith('0\r\n\r\n') : body.length === Number(length);
  return { status: Number(first.split(' ')[1]), headers, body, whole };
}
