// Forward: the call goes to its upstream through http-proxy-middleware, which gets a stand-in for the client's response. The proxy ends
// the upstream's request when the response that it was given closes; ours closes when the call ends, not when the client leaves (rule 9).
import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { EventEmitter } from 'node:events';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import { forwardedHeaders } from './headers.ts';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import { namespacedKey } from './once.ts';
import { passAnswer } from './answer.ts';
import { endUnanswered, type Failure } from './fail.ts';
import { drainOf } from './drain.ts';
import { spentBuffer } from './spent-buffers.ts';
import { StoppedError, type StopReason } from './stop.ts';

/** Takes a held call to what stands behind the gate, and resolves when the call has ended. */
export type Forward = (gate: Gate, call: Held) => Promise<void>;

/** Where a service's calls go. The credential is the operator's and is added to every request. */
export interface Upstream {
  name: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
}

// Idle sockets are given up before common servers give them up (Node's own default is 5 s): a request on a socket that the other side
// just closed would be lost with its fate unknown.
const IDLE_SOCKET_MS = 4_000;

/** One proxy per upstream. The agent has no socket limit: the gate's own admission limit refuses before a hold, never after. */
export function createForward(upstreams: ReadonlyMap<string, Upstream>): Forward {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1_024, timeout: IDLE_SOCKET_MS }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1_024, timeout: IDLE_SOCKET_MS }),
  };
  const proxies = new Map<string, RequestHandler>();
  for (const { name, url } of upstreams.values()) {
    proxies.set(name, createProxy(url, url.protocol === 'https:' ? agents['https:'] : agents['http:']));
  }

  return async function forward(gate, call) {
    const upstream = upstreams.get(call.service.upstream);
    const proxy = proxies.get(call.service.upstream);
    if (upstream === undefined || proxy === undefined) throw new Error(`no upstream is named ${call.service.upstream}`);
    writeRequest(call, upstream);
    const relay = new Relay(gate, call, upstream.url.protocol === 'https:');
    relay.start();
    try {
      // A client that left while its hold was made: the rest of its body never comes, and nothing was sent (rule 8).
      if (call.body === undefined && call.req.destroyed) throw new StoppedError('client_left');
      await proxy(call.body === undefined ? call.req : endedRequest(call.req), relay as unknown as ServerResponse);
    } catch (error) {
      relay.fail(error);
    }
    await relay.ended;
  };
}

function createProxy(target: URL, agent: http.Agent): RequestHandler {
  return createProxyMiddleware({
    target,
    agent,
    ws: false,
    selfHandleResponse: true,
    ejectPlugins: true,
    plugins: [
      (proxy) => {
        proxy.on('proxyReq', (request, _req, relay) => (relay as unknown as Relay).onRequest(request));
        proxy.on('proxyRes', (answer, _req, relay) => (relay as unknown as Relay).onAnswer(answer));
        // The client broke off while its body was still going up: the proxy has given up the upstream's request already.
        proxy.on('econnreset', (error, _req, relay) => (relay as unknown as Relay).fail(error));
      },
    ],
  });
}

/** Turns the client's request into the upstream's. All of it happens before the proxy: its own hook is skipped for `Expect` (TRAPS). */
function writeRequest(call: Held, upstream: Upstream): void {
  const { req } = call;
  // A body that streams through is asked for only now that the call is held; one that was read, readBody asked for.
  if (call.body === undefined && req.headers.expect !== undefined) call.res.writeContinue();
  const headers = forwardedHeaders(req.headers, call.service.credential);
  headers.host = upstream.url.host;
  if (call.idempotencyKey !== undefined) headers['idempotency-key'] = namespacedKey(call.payer.workspace.id, call.idempotencyKey);
  Object.assign(headers, upstream.headers);
  if (call.body !== undefined) {
    if (call.body.length > 0) headers['content-length'] = String(call.body.length);
    else delete headers['content-length'];
  }
  req.headers = headers;
  req.url = call.path + call.search;
}

/** The proxy's stand-in for a request that was read to its end: nothing of it is left to pipe, and no more is heard of it. */
function endedRequest({ method, url, headers, socket }: IncomingMessage): IncomingMessage {
  const ended = { method, url, headers, socket, on: () => ended, pipe: () => ended };
  return ended as unknown as IncomingMessage;
}

/**
 * The proxy's stand-in for the client's response: it tells what happens to the upstream's request and answer, and closes when the call
 * has ended. Exactly one of answer and failure decides the end.
 */
class Relay extends EventEmitter {
  // What the proxy looks at on a response.
  finished = false;
  writableFinished = false;
  destroyed = false;
  headersSent = false;

  readonly ended: Promise<void>;
  readonly #gate: Gate;
  readonly #call: Held;
  readonly #readyEvent: 'connect' | 'secureConnect';
  #end: () => void = () => {};
  #request: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #failed = false;
  /** False while it is certain that no byte of the request can have reached the upstream (rule 8). */
  #sent = false;
  #headTimer: NodeJS.Timeout | undefined;

  constructor(gate: Gate, call: Held, secure: boolean) {
    super();
    this.#gate = gate;
    this.#call = call;
    this.#readyEvent = secure ? 'secureConnect' : 'connect';
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  start(): void {
    const { rules, leases } = this.#gate;
    leases.keep(this.#call.id, (why) => this.#stop(why));
    this.#headTimer = setTimeout(() => this.fail(new StoppedError('timeout')), rules.headTimeoutMs);
    // A client that leaves does not end the call, but nobody waits for long on its behalf (rule 9).
    const left = (): void => {
      if (this.#answer !== undefined || this.#failed || this.#call.res.writableFinished) return;
      clearTimeout(this.#headTimer);
      this.#headTimer = setTimeout(() => this.fail(new StoppedError('client_left')), drainOf(this.#call).ms);
    };
    // It may have left while its hold was made.
    if (this.#call.res.destroyed) left();
    else this.#call.res.once('close', left);
  }

  #stop(why: StopReason): void {
    if (this.#answer === undefined) this.fail(new StoppedError(why));
    else this.#answer.destroy(new StoppedError(why));
  }

  onRequest(request: ClientRequest): void {
    this.#request = request;
    const { socket } = request;
    if (socket?.connecting === true) socket.once(this.#readyEvent, () => (this.#sent = true));
    else this.#sent = true;
    // An upstream that switches protocols unasked would leave the client hanging without an event.
    request.on('upgrade', (_answer, upgraded) => {
      upgraded.destroy();
      this.fail(new StoppedError('upgraded'));
    });
    const { body, req, upload } = this.#call;
    if (body !== undefined) request.end(body);
    // The proxy starts to read the body in this same turn, so that no piece is missed or held back by this listener.
    else {
      req.on('data', (piece: Buffer) => {
        upload.bytes += piece.length;
        spentBuffer(piece.length);
        // The time for a head begins when the request has gone up.
        this.#headTimer?.refresh();
      });
    }
  }

  onAnswer(answer: IncomingMessage): void {
    if (this.#failed) return;
    clearTimeout(this.#headTimer);
    this.#answer = answer;
    void passAnswer(this.#gate, this.#call, answer).then(
      () => this.#close(),
      (error: unknown) => {
        this.#gate.log.error({ callId: this.#call.id, error: String(error) }, 'passing an answer met a fault');
        this.#call.res.destroy();
        this.#close();
      },
    );
  }

  /** Anything that went wrong before an answer came; afterwards the answer itself tells. Safe to call more than once. */
  fail(error: unknown): void {
    if (this.#answer !== undefined || this.#failed) return;
    this.#failed = true;
    clearTimeout(this.#headTimer);
    this.#request?.destroy();
    const failure: Failure = { sent: this.#sent, why: error instanceof StoppedError ? error.why : 'connection' };
    void endUnanswered(this.#gate, this.#call, failure).then(
      () => this.#close(),
      (fault: unknown) => {
        this.#gate.log.error({ callId: this.#call.id, error: String(fault) }, 'ending a call met a fault; its hold will lapse');
        this.#call.res.destroy();
        this.#close();
      },
    );
  }

  /** The proxy breaks an answer off by destroying the response. The answer's own events tell us the same. */
  destroy(): void {
    this.destroyed = true;
  }

  #close(): void {
    this.#gate.leases.drop(this.#call.id);
    this.finished = true;
    this.writableFinished = true;
    this.emit('close');
    this.#end();
  }
}
