// Pages of a test's own, on a free port.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PagesKit {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** The body of a page; scripts of its own are in `/<name>.js`. Answered for the path and all below it. */
  put(path: string, body: string, more?: { script?: string; policy?: string; html?: string }): string;
  close(): Promise<void>;
}

export async function servePages(): Promise<PagesKit> {
  const pages = new Map<string, { type: string; text: string; policy: string | undefined }>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(`http://pages${request.url}`);
    const path = [...pages.keys()]
      .filter((each) => pathname === each || pathname.startsWith(`${each}/`))
      .sort()
      .at(-1);
    answer(response, path === undefined ? undefined : pages.get(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    put: (path, body, { script, policy, html = 'lang="en"' } = {}) => {
      const code = script === undefined ? '' : `<script src="${path}.js"></script>`;
      const text = `<!doctype html><html ${html}><head><meta charset="utf-8"><title>A page</title>${code}</head><body><main>${body}</main></body></html>`;
      pages.set(path, { type: 'text/html; charset=utf-8', text, policy });
      if (script !== undefined)
        pages.set(`${path}.js`, { type: 'text/javascript; charset=utf-8', text: script, policy: undefined });
      return `${origin}${path}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(response: ServerResponse, page: { type: string; text: string; policy: string | undefined } | undefined): void {
  if (page === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page\n');
    return;
  }
  const policy = page.policy === undefined ? {} : { 'content-security-policy': page.policy };
  response.writeHead(200, { 'content-type': page.type, 'cache-control': 'no-store', ...policy }).end(page.text);
}
