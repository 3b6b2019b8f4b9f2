// Reads a request body whole, within a bound. Nothing else in the paid call keeps a body in memory (promise 5).
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusal, type Refusal } from './refuse.ts';

/**
 * @param most bytes; a longer body is refused with 413 as soon as that is known, by its Content-Length or by counting.
 * @returns the bytes, or a refusal; a client that left before the end of its body gets `body_unreadable`, which nobody reads.
 */
export function readBody(req: IncomingMessage, res: ServerResponse, most: number): Promise<Buffer | Refusal> {
  const tooLarge = (): Refusal =>
    refusal('body_too_large', `The body is over ${most} bytes, the most that is read for a price. Nothing was forwarded.`);
  const early = (): Refusal => refusal('body_unreadable', 'The body ended early. Nothing was forwarded.');
  if (Number(req.headers['content-length'] ?? 0) > most) return Promise.resolve(tooLarge());
  // A client that left while its key was looked up: none of the events below would come any more.
  if (req.destroyed) return Promise.resolve(early());
  // A client that waits for leave to send its body gets it here, after everything that its head alone can refuse.
  if (req.headers.expect !== undefined && !res.headersSent) res.writeContinue();
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    req.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= most) pieces.push(piece);
      else resolve(tooLarge());
    });
    req.on('end', () => resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)));
    const gone = (): void => resolve(early());
    req.on('error', gone);
    req.on('close', gone);
  });
}
