// Pages for measurements of the extension: an empty one, one that is large, and one that goes on by itself.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BenchPages {
  origin: string;
  empty: string;
  /** 10,000 nodes, 200 of which spend. */
  large: string;
  /** Twenty that spend; `goOn(n)` draws them anew at another address. */
  soft: string;
  close(): void;
}

const NODES = 10_000;
const TAGGED = 200;

export async function startPages(): Promise<BenchPages> {
  const bodies: Readonly<Record<string, string>> = { '/bench/empty': 'Nothing', '/bench/large': large(), '/bench/soft': soft() };
  const server = createServer((request, response) => {
    const body = bodies[request.url?.split('?')[0] ?? ''];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><title>Bench</title><link rel="icon" href="data:,">${body ?? ''}`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    empty: `${origin}/bench/empty`,
    large: `${origin}/bench/large`,
    soft: `${origin}/bench/soft`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function large(): string {
  const rows = Array.from({ length: TAGGED }, (_, row) => {
    const cells = Array.from({ length: NODES / TAGGED - 2 }, (_cell, cell) => `<span>${row}.${cell}</span> `).join('');
    return `<p>${cells}${button(row)}</p>`;
  });
  return `<style>p { margin: 24px 8px; } span { color: #444; }</style>${rows.join('\n')}
<script>
  globalThis.redraw = () => {
    for (const one of document.querySelectorAll('button.spend')) {
      const next = one.cloneNode(true);
      next.dataset.size = one.dataset.size === 'small' ? 'dear' : 'small';
      one.replaceWith(next);
    }
  };
</script>`;
}

function soft(): string {
  return `<main></main><script>
  globalThis.goOn = (number) => {
    history.pushState(null, '', '/bench/soft?' + number);
    document.querySelector('main').innerHTML = Array.from({ length: 20 }, (_, at) =>
      '<p>' + number + ' <button class="spend" data-size="' + (at % 2 ? 'small' : 'dear') + '">Run ' + at + '</button></p>').join('');
  };
  goOn(0);
</script>`;
}

function button(row: number): string {
  return `<button class="spend" data-size="${row % 2 === 0 ? 'small' : 'dear'}">Run ${row}</button>`;
}
