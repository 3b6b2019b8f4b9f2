// /tollgate/console/pair: where a person gets a code for their browser, and where the link with one leads. Files from this gateway's own disk;
// the page's policy lets it talk to this gateway alone, so that a key that is typed in goes nowhere else.
import { readFileSync } from 'node:fs';
import type { NextFunction, Request, Response } from 'express';
import { PAIR_PAGE } from '../api/pairings.ts';

export const CONSOLE_PATH = '/tollgate/console';

const FILES: Readonly<Record<string, { type: string; file: URL }>> = {
  [PAIR_PAGE]: { type: 'text/html; charset=utf-8', file: new URL('pair.html', import.meta.url) },
  [`${CONSOLE_PATH}/pair.js`]: { type: 'text/javascript; charset=utf-8', file: new URL('pair.js', import.meta.url) },
  [`${CONSOLE_PATH}/pair.css`]: { type: 'text/css; charset=utf-8', file: new URL('pair.css', import.meta.url) },
  [`${CONSOLE_PATH}/tokens.css`]: {
    type: 'text/css; charset=utf-8',
    file: new URL(import.meta.resolve('@tollgate/shared/tokens.css')),
  },
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Nothing on this page is ever made from text.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export function sendConsolePage(req: Request, res: Response, next: NextFunction): void {
  const found = FILES[req.path];
  if (found === undefined) {
    next();
    return;
  }
  const body = readFileSync(found.file);
  res.setHeader('content-type', found.type);
  res.setHeader('content-length', body.length);
  res.setHeader('content-security-policy', POLICY);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
  res.setHeader('cross-origin-opener-policy', 'same-origin');
  res.end(body);
}
