// The body of a request to the API, read: JSON, CSV or bytes, in UTF-8 and of a size that a description has.
import { isUtf8 } from 'node:buffer';
import express, { type Request, type Response } from 'express';
import { visit } from 'jsonc-parser';
import { refusal, type Refusal } from '../call/refuse.ts';

/** A body is a description of something, never the thing itself: a megabyte is two hundred long calls. */
const BODY_BYTES_MOST = 1_000_000;

// Whatever content type it claims: curl says form data of what is JSON, and nothing else is taken here.
const READ = {
  json: express.json({ limit: BODY_BYTES_MOST, inflate: false, strict: true, type: () => true, verify: verifyJson }),
  csv: express.text({ limit: BODY_BYTES_MOST, inflate: false, type: () => true, verify }),
  raw: express.raw({ limit: BODY_BYTES_MOST, inflate: false, type: () => true }),
} as const;

/** Reads it into `req.body`; or why it can not be. */
export function readBody(as: keyof typeof READ, req: Request, res: Response): Promise<Refusal | undefined> {
  return new Promise((resolve) => {
    READ[as](req, res, (error?: unknown) => {
      if (error === undefined) resolve(undefined);
      else if (error instanceof TwiceError) resolve(refusal('body_unreadable', error.message, { field: error.field }));
      else if ((error as { type?: unknown }).type === 'entity.too.large') {
        resolve({
          ...refusal('body_too_large', `The body is over ${BODY_BYTES_MOST / 1_000_000} MB.`),
          headers: { connection: 'close' },
        });
      } else {
        const why =
          error instanceof RangeError ? 'it nests too deep' : error instanceof Error ? error.message : 'it can not be read';
        const wanted = as === 'json' ? 'is not a JSON object' : 'can not be read';
        resolve(refusal('body_unreadable', `The body ${wanted}: ${why}.`));
      }
    });
  });
}

// A text of another encoding would be kept with its letters broken, and nobody would notice.
function verify(_req: unknown, _res: unknown, body: Buffer, charset: string): void {
  if (!/^utf-?8$/i.test(charset) || !isUtf8(body)) throw new Error('it is not UTF-8');
}

/** Two readers could understand a member that stands twice in two ways. What is no JSON is told of by the parser. */
function verifyJson(req: unknown, res: unknown, body: Buffer, charset: string): void {
  verify(req, res, body, charset);
  const objects: Set<string>[] = [];
  visit(body.toString(), {
    onObjectBegin: () => {
      objects.push(new Set());
    },
    onObjectProperty: (name, _offset, _length, _line, _character, within) => {
      const seen = objects.at(-1);
      if (seen?.has(name) === true) throw new TwiceError(['body', ...within(), name].join('.'));
      seen?.add(name);
    },
    onObjectEnd: () => {
      objects.pop();
    },
  });
}

class TwiceError extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`${field} stands twice; once would be right.`);
    this.field = field;
  }
}
