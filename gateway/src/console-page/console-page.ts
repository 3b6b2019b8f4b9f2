// /tollgate/console: what is left and what was spent, for who has a key; and /tollgate/console/pair, where a person gets a code for their browser, and where
// the link with one leads. Files from this gateway's own disk; the pages' policy lets them talk to this gateway alone, so that a key that is
// typed in goes nowhere else.
import { readFileSync } from 'node:fs';
import type { NextFunction, Request, Response } from 'express';

export const CONSOLE_PATH = '/tollgate/console';

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };
const TOKENS = new URL(import.meta.resolve('@tollgate/shared/tokens.css'));
const FILES: ReadonlySet<string> = new Set(['pair.js', 'console.js', 'console-views.js', 'ask-gateway.js', 'console.css']);
/** One page with several views; links from a popup lead to each. */
const VIEWS = /^(?:|usage|calls\/[^/]+)$/;

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Nothing on these pages is ever made from text.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Of paths below `/tollgate/console/`. */
export function sendConsolePage(req: Request, res: Response, next: NextFunction): void {
  const name = req.path.slice(CONSOLE_PATH.length + 1);
  if (name === 'pair') sendPage(res, 'pair.html', '');
  else if (VIEWS.test(name)) sendPage(res, 'console.html', name.includes('/') ? '../' : '');
  else if (name === 'tokens.css') send(res, TYPES.css, readFileSync(TOKENS));
  else if (FILES.has(name)) send(res, name.endsWith('.js') ? TYPES.js : TYPES.css, readFileSync(fileOf(name)));
  else next();
}

/** Its links are relative, so that it also works where a gateway is reached below another path. */
function sendPage(res: Response, name: string, up: string): void {
  send(res, TYPES.html, Buffer.from(readFileSync(fileOf(name), 'utf8').replaceAll('{up}', up)));
}

function fileOf(name: string): URL {
  return new URL(name, import.meta.url);
}

function send(res: Response, type: string, body: Buffer): void {
  res.setHeader('content-type', type);
  res.setHeader('content-length', body.length);
  res.setHeader('content-security-policy', POLICY);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
  res.setHeader('cross-origin-opener-policy', 'same-origin');
  res.end(body);
}
