// An upstream to try everything against without an account anywhere: OpenAI's, Anthropic's, Dune's and Explorium's wire formats,
// faults on request, and a log of its own that tells what it saw.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { anthropic } from './anthropic.ts';
import { answerExchange, beginExchange } from './answer-exchange.ts';
import { countingAnswers } from './counting.ts';
import { demoApp, type DemoApp } from './demo-app.ts';
import { answerPage } from './demo-pages.ts';
import { dune } from './dune.ts';
import type { Surroundings } from './exchange.ts';
import { FAULTS } from './faults.ts';
import { openAi } from './openai.ts';
import { plain } from './plain.ts';
import { records } from './records.ts';
import { openWitness, type LogLine, type Witness } from './witness.ts';

export interface DemoUpstreamOptions {
  /** 0, the default, picks a free one. */
  port?: number;
  /** The same seed and request give the same answer and usage. */
  seed?: number;
  /** File that the log is appended to; memory only where it is left out. */
  log?: string;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Mean milliseconds between two pieces of an event stream; 0 sends them at once. 15 by default. */
  paceMs?: number;
  /** Serves the log under `GET /demo/log?after=<line>`. */
  openLog?: boolean;
  /** Counts in place of logging: for load. */
  counterOnly?: boolean;
  /** File with the gateway and the keys that the demo's pages call with: pages-settings.ts. It may come later than the upstream. */
  pages?: string;
}

export interface DemoUpstream {
  port: number;
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** The newest lines, oldest first; the array is live. Empty where it only counts. */
  log: readonly LogLine[];
  count: Readonly<Count>;
  /** Ends every connection. */
  close(): Promise<void>;
}

interface Count {
  arrived: number;
  ended: number;
}

/** Listens on 127.0.0.1. @throws where the port is taken or the log can not be opened. */
export async function startDemoUpstream(options: DemoUpstreamOptions = {}): Promise<DemoUpstream> {
  const { seed = 1, now = Date.now, paceMs = 15 } = options;
  const witness = options.counterOnly === true ? undefined : openWitness(options.log);
  const count: Count = { arrived: 0, ended: 0 };
  const around: Surroundings = { seed, now, startedAt: now(), paceMs, origin: '' };
  const apis = [openAi(), anthropic(), dune(), records(), plain()];
  const quick = countingAnswers(around);
  const app = demoApp(around, options.pages);
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    if (/^\/(?:demo|\.well-known)[/]/.test(request.url ?? '') && ownAnswer(request, response, options, app, witness, count))
      return;
    count.arrived += 1;
    const n = count.arrived;
    const arrived = witness?.arrived(n, now(), request);
    response.once('close', () => (count.ended += 1));
    if (witness === undefined && quick(request, response)) return;
    const exchange = beginExchange(n, request, response, around);
    if (arrived !== undefined) {
      response.once('close', () => {
        const { method, path, callId } = arrived;
        const { bytesIn, bytesOut, told: usage } = exchange;
        const status = response.headersSent ? response.statusCode : null;
        witness?.ended({
          n,
          at: now(),
          method,
          path,
          callId,
          status,
          complete: response.writableFinished,
          bytesIn,
          bytesOut,
          usage,
        });
      });
    }
    void answerExchange(exchange, apis);
  });
  // An upgrade that gets through is answered like any other request, and so shows in the log.
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    count.arrived += 1;
    witness?.arrived(count.arrived, now(), request);
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  const port = await listen(server, options.port ?? 0);
  around.origin = `http://127.0.0.1:${port}`;
  return {
    port,
    origin: around.origin,
    log: witness?.lines ?? [],
    count,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      // Connections that were just ended still write their last line.
      await new Promise((resolve) => setImmediate(resolve));
      witness?.close();
    },
  };
}

/** What is asked about the upstream itself is neither counted nor logged. */
function ownAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { openLog, pages }: DemoUpstreamOptions,
  app: DemoApp,
  witness: Witness | undefined,
  count: Count,
): boolean {
  if (answerPage(request, response, pages) || app(request, response)) return true;
  const url = new URL(`http://demo${request.url}`);
  let body: unknown;
  if (url.pathname === '/demo/count') body = count;
  else if (url.pathname === '/demo/faults') body = FAULTS;
  else if (url.pathname === '/demo/log' && openLog === true) {
    const after = Number(url.searchParams.get('after') ?? 0);
    body = { lines: (witness?.lines ?? []).filter(({ line }) => line > after) };
  }
  if (body === undefined) return false;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
  return true;
}

// A connection that the kernel drops looks made to its client: what it sends then is lost, and this log would not have seen it.
const BACKLOG = 4_096;

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  });
  return (server.address() as AddressInfo).port;
}
