// /tollgate/docs/api: the OpenAPI file to read and try, shown by Swagger UI from this gateway's own disk. Nothing is fetched from anywhere
// else, and the page's policy allows no more than it needs: a key that is typed in goes to this gateway alone.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextFunction, Request, Response } from 'express';

export const DOCS_PATH = '/tollgate/docs/api';

const FOLDER = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
const FILES: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI sets styles on what it draws.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tollgate API</title>
<link rel="icon" href="${DOCS_PATH}/favicon-32x32.png">
<link rel="stylesheet" href="${DOCS_PATH}/swagger-ui.css">
<script src="${DOCS_PATH}/start.js" defer></script>
<script src="${DOCS_PATH}/swagger-ui-bundle.js" defer></script>
</head>
<body><main id="api"></main><noscript>This page needs scripts. The same as a file: /tollgate/v1/openapi.json</noscript></body>
</html>
`;

// Keys are not remembered: closing the page forgets them.
const START = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
follow();
dark.addEventListener('change', follow);
addEventListener('DOMContentLoaded', () => {
  SwaggerUIBundle({
    url: '/tollgate/v1/openapi.json',
    dom_id: '#api',
    deepLinking: true,
    docExpansion: 'none',
    defaultModelsExpandDepth: 0,
    filter: true,
    validatorUrl: null,
    persistAuthorization: false,
  });
});
`;

export function sendDocsPage(req: Request, res: Response, next: NextFunction): void {
  if (req.path === DOCS_PATH) send(res, 'text/html; charset=utf-8', PAGE);
  else if (req.path === `${DOCS_PATH}/start.js`) send(res, 'text/javascript; charset=utf-8', START);
  else sendFile(req.path.slice(DOCS_PATH.length + 1), res, next);
}

function send(res: Response, contentType: string, body: string): void {
  res.setHeader('content-type', contentType);
  guard(res);
  res.end(body);
}

function sendFile(name: string, res: Response, next: NextFunction): void {
  if (!FILES.has(name)) {
    next();
    return;
  }
  guard(res);
  res.setHeader('cache-control', 'public, max-age=3600');
  res.sendFile(join(FOLDER, name), { cacheControl: false, dotfiles: 'allow' }, (error) => {
    // Who left while it was sent has no page; anything else has no such file.
    if (error !== undefined && !res.headersSent) next();
  });
}

function guard(res: Response): void {
  res.setHeader('content-security-policy', POLICY);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
}
