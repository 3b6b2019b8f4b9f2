// One request over a bare socket, so that what a client library hides can be seen: chunks, resets, half answers.
import { connect } from 'node:net';

export interface RawAnswer {
  /** Everything that came, as latin1. */
  text: string;
  head: string;
  /** As it stood on the wire: with its chunks, where it has some. */
  body: string;
  /** `fin`, `reset`, or `open` where nothing had ended after the waiting time. */
  end: 'fin' | 'reset' | 'open';
}

/** Sends a request with `Connection: close` and waits until the connection ends, at most `waitMs`. */
export function rawCall(
  port: number,
  requestLine: string,
  headers: readonly string[] = [],
  body = '',
  waitMs = 2000,
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const pieces: Buffer[] = [];
    const finish = (end: RawAnswer['end']): void => {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(pieces).toString('latin1');
      const at = text.indexOf('\r\n\r\n');
      resolve({ text, end, head: at < 0 ? text : text.slice(0, at), body: at < 0 ? '' : text.slice(at + 4) });
    };
    const timer = setTimeout(() => finish('open'), waitMs);
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.once('end', () => finish('fin'));
    socket.once('error', () => finish('reset'));
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    socket.write([`${requestLine} HTTP/1.1`, 'Host: demo', 'Connection: close', ...headers, ...length, '', body].join('\r\n'));
  });
}
