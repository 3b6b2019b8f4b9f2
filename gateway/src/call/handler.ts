// Behind the gate may also stand an application's own handler (decision 11). What it writes to its response is taken as an upstream's
// answer would be: measured, settled, and passed on with the call's cost.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { passAnswer, type Answer } from './answer.ts';
import { drainOf } from './drain.ts';
import { endUnanswered } from './fail.ts';
import type { Forward } from './forward.ts';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import { StoppedError, type StopReason } from './stop.ts';

/** @param handle runs the application's handler on the same request and response */
export function forwardToHandler(handle: (call: Held) => void): Forward {
  return async function forward(gate, call) {
    const { answer, client, answered } = captureAnswer(call.res);
    const behind = { ...call, res: client };
    const stopped = watchForEnd(gate, behind, answer);
    handle(call);
    const why = await Promise.race([answered, stopped.why]);
    // From here on the answer itself is watched, and the lease.
    stopped.unwatch();
    if (why === undefined) await passAnswer(gate, behind, answer);
    else await endUnanswered(gate, behind, { sent: true, why });
    gate.leases.drop(call.id);
  };
}

interface Captured {
  answer: Answer;
  /** The response as the gate writes it: past the capture, to the client. */
  client: ServerResponse;
  /** Resolves when the handler's head is decided. */
  answered: Promise<undefined>;
}

/** Turns what the handler writes into an answer to read. The handler's own response object stays the one that it knows. */
function captureAnswer(res: ServerResponse): Captured {
  const client = pastCapture(res);
  const answer = new PassThrough() as PassThrough & Answer;
  answer.trusted = true;
  answer.headers = {};
  answer.complete = false;
  const { promise: answered, resolve } = Promise.withResolvers<undefined>();
  let begun = false;

  /** Takes the head as it stands: the gate sets it anew, with what it may not have. */
  function begin(): void {
    if (begun) return;
    begun = true;
    answer.statusCode = res.statusCode;
    answer.statusMessage = res.statusMessage;
    answer.headers = lowered(res);
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    resolve(undefined);
  }

  // A handler that waits for room waits on its response.
  answer.on('drain', () => res.emit('drain'));
  // After a cut nobody reads on; what the handler still writes is dropped.
  answer.on('error', () => {});
  const writeHead = (status: number, ...rest: readonly unknown[]): ServerResponse => {
    res.statusCode = status;
    if (typeof rest[0] === 'string') res.statusMessage = rest[0];
    const headers = rest.at(-1);
    if (Array.isArray(headers))
      for (let i = 0; i < headers.length; i += 2) res.appendHeader(String(headers[i]), String(headers[i + 1]));
    else if (typeof headers === 'object')
      for (const [name, value] of Object.entries(headers as object)) res.setHeader(name, value as string);
    begin();
    return res;
  };
  const write = (...given: Parameters<PassThrough['write']>): boolean => {
    begin();
    return answer.destroyed ? true : answer.write(...given);
  };
  const end = (...given: readonly unknown[]): ServerResponse => {
    begin();
    answer.complete = true;
    if (!answer.destroyed) (answer.end as (...parts: readonly unknown[]) => unknown)(...given);
    return res;
  };
  Object.assign(res, { writeHead, write, end, flushHeaders: begin });
  // What the handler has begun can not begin anew: Express would write its error page into the middle of it.
  Object.defineProperty(res, 'headersSent', { configurable: true, get: () => begun || headersSent(res) });
  return { answer, client, answered };
}

/** The response with its own methods, whatever is put over them. */
function pastCapture(res: ServerResponse): ServerResponse {
  const { writeHead, write, end, flushHeaders } = res;
  // Node writes a head that is still to come by calling `writeHead` of the response, which by then is the capture.
  const headFirst = (method: (...given: never[]) => unknown): unknown => {
    return (...given: never[]) => {
      if (!headersSent(res)) writeHead.call(res, res.statusCode);
      return method.apply(res, given);
    };
  };
  const bound = new Map<PropertyKey, unknown>([
    ['writeHead', writeHead.bind(res)],
    ['write', headFirst(write)],
    ['end', headFirst(end)],
    ['flushHeaders', headFirst(flushHeaders)],
  ]);
  return new Proxy(res, {
    get(target, name) {
      const mine = bound.get(name);
      if (mine !== undefined) return mine;
      if (name === 'headersSent') return headersSent(target);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

/** Whether the head is on its way to the client; the response's own property tells the handler of its capture. */
function headersSent(res: ServerResponse): boolean {
  return Reflect.get(Object.getPrototypeOf(res) as object, 'headersSent', res) as boolean;
}

function lowered(res: ServerResponse): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(res.getHeaders())) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? (value as never) : String(value);
  }
  return headers;
}

/** A handler that never answers, a client that leaves, a lease that is lost: each ends the call as with an upstream (rules 3, 9, 10). */
function watchForEnd(gate: Gate, call: Held, answer: Answer): { why: Promise<StopReason>; unwatch(): void } {
  const { promise: why, resolve } = Promise.withResolvers<StopReason>();
  const stop = (reason: StopReason): void => {
    resolve(reason);
    answer.destroy(new StoppedError(reason));
  };
  gate.leases.keep(call.id, stop);
  let timer = setTimeout(() => stop('timeout'), gate.rules.headTimeoutMs);
  const left = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stop('client_left'), drainOf(call).ms);
  };
  call.res.once('close', left);
  return {
    why,
    unwatch: () => {
      clearTimeout(timer);
      call.res.off('close', left);
    },
  };
}
