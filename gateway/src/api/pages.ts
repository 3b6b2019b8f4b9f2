// The few pages of a gateway: what it is, and the failure modes that every refusal points at.
import { readFileSync } from 'node:fs';
import type { NextFunction, Request, Response } from 'express';
import { CONSOLE_PATH, sendConsolePage } from '../console-page/console-page.ts';
import { FAILURE_MODES_PATH } from '../call/refuse.ts';
import { DOCS_PATH, sendDocsPage } from './docs-page.ts';
import { PAIR_PAGE } from './pairings.ts';

const FAILURE_MODES_FILE = new URL('../../../docs/failure-modes.md', import.meta.url);
const WELCOME = {
  name: 'Tollgate',
  about: 'A gateway that prices every API call in credits and refuses with 402 when they do not reach.',
  prices: '/tollgate/v1/prices',
  api: '/tollgate/v1/openapi.json',
  docs: DOCS_PATH,
  console: `${CONSOLE_PATH}/`,
  pair: PAIR_PAGE,
  failureModes: FAILURE_MODES_PATH,
};

export function sendPage(req: Request, res: Response, next: NextFunction): void {
  if (req.method !== 'GET' && req.method !== 'HEAD') next();
  else if (req.path === '/') send(res, 'application/json; charset=utf-8', `${JSON.stringify(WELCOME, undefined, 2)}\n`);
  else if (req.path === FAILURE_MODES_PATH) sendFailureModes(res, next);
  else if (req.path === DOCS_PATH || req.path.startsWith(`${DOCS_PATH}/`)) sendDocsPage(req, res, next);
  else if (req.path === CONSOLE_PATH) res.redirect(302, `${CONSOLE_PATH}/`);
  else if (req.path.startsWith(`${CONSOLE_PATH}/`)) sendConsolePage(req, res, next);
  else next();
}

/** As it was written: Markdown reads well as text, and a page that needs no styles can not break. */
function sendFailureModes(res: Response, next: NextFunction): void {
  let text: string;
  try {
    text = readFileSync(FAILURE_MODES_FILE, 'utf8');
  } catch {
    // A gateway that was installed without its documents has no page; the refusal itself says what happened.
    next();
    return;
  }
  send(res, 'text/markdown; charset=utf-8', text);
}

function send(res: Response, contentType: string, body: string): void {
  res.setHeader('content-type', contentType);
  res.end(body);
}
