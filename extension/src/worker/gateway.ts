// The only place that speaks to the network, and the only one that reads keys. No cookies, no redirects, no cache; what comes back is read
// up to a size and checked against the contract. What goes wrong is said in words for a person.
import { paired, type Paired } from '@tollgate/shared/pairing-contract';
import { z } from 'zod';
import type { Problem } from '../messages.ts';
import { gatewayOf } from './gateway-of.ts';
import { listeners } from './listeners.ts';
import { noAnswer, notAGateway, problemOf } from './problems.ts';
import { ANSWER_BYTES_MOST, readJson, readShape, readText } from './read-answer.ts';
import { isGranted } from './sites.ts';
import { keysItem } from './storage.ts';

export interface GatewayOptions<Shape extends z.ZodType> {
  /** What the contract says of the answer. */
  answer: Shape;
  query?: Readonly<Record<string, string | number>>;
  body?: unknown;
  /** `<organization>/<workspace>`, for routes that take one. */
  context?: string;
  /** 10 s unless told. */
  timeoutMs?: number;
}

/** `status` is null where nothing came back. */
export type Asked<Body> = { ok: true; status: number; body: Body } | { ok: false; status: number | null; problem: Problem };

const TIMEOUT_MS = 10_000;
const API = '/tollgate/v1/';

const heardOf = listeners<[pairing: string, problem: Problem | null]>();
/** Called after each question to a paired gateway: with null where it answered, be it with a refusal of what was asked. */
export const onHeard = heardOf.on;

/**
 * Asks a paired gateway with its key. Never rejects.
 * @param path below `/tollgate/v1/`, its parts escaped: `calls/0mxk…`
 */
export async function askGateway<Shape extends z.ZodType>(
  pairing: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  options: GatewayOptions<Shape>,
): Promise<Asked<z.output<Shape>>> {
  const key = await keyOf(pairing);
  const origin = gatewayOf(pairing);
  const asked =
    key === undefined
      ? { ok: false as const, status: 401, problem: problemOf(401, undefined, origin) }
      : await send(origin, method, path, options, key);
  await heardOf.tell(pairing, asked.ok || isAboutTheQuestion(asked.status) ? null : asked.problem);
  return asked;
}

export interface EventsOptions {
  context: string;
  /** The id of the last message that was read. */
  after: string | undefined;
  /** Ends the stream. */
  signal: AbortSignal;
}

/** Opens the event stream of a paired gateway; the body is the stream. */
export async function openEvents(pairing: string, options: EventsOptions): Promise<Asked<ReadableStream<Uint8Array>>> {
  const key = await keyOf(pairing);
  const origin = gatewayOf(pairing);
  const opened: Asked<ReadableStream<Uint8Array>> =
    key === undefined ? { ok: false, status: 401, problem: problemOf(401, undefined, origin) } : await open(origin, key, options);
  if (!opened.ok && !options.signal.aborted)
    await heardOf.tell(pairing, isAboutTheQuestion(opened.status) ? null : opened.problem);
  return opened;
}

async function open(
  origin: string,
  key: string,
  { context, after, signal }: EventsOptions,
): Promise<Asked<ReadableStream<Uint8Array>>> {
  const headers = { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) };
  const early = new AbortController();
  const timer = setTimeout(() => early.abort(), TIMEOUT_MS);
  try {
    const answer = await fetchGranted(addressOf(origin, 'events', { context }), {
      ...PLAIN,
      headers: { ...headers, authorization: `Bearer ${key}` },
      signal: AbortSignal.any([signal, early.signal]),
    });
    clearTimeout(timer);
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (answer.ok && isStream && answer.body !== null) return { ok: true, status: answer.status, body: answer.body };
    const value = readJson((await readText(answer.body, ANSWER_BYTES_MOST)) ?? '');
    return {
      ok: false,
      status: answer.status,
      problem: answer.ok ? notAGateway(origin) : problemOf(answer.status, value, origin),
    };
  } catch {
    return { ok: false, status: null, problem: await noAnswer(origin) };
  } finally {
    clearTimeout(timer);
  }
}

/** Exchanges a code for a key of this browser's own. The key is in what it returns, and goes nowhere but to `keepKey` or `giveKeyBack`. */
export function claimKey(origin: string, code: string, name: string): Promise<Asked<Paired>> {
  return send(origin, 'POST', 'pairings/claim', { answer: paired, body: { code, name } });
}

/** Revokes a key that is not kept. */
export async function giveKeyBack(origin: string, key: string): Promise<void> {
  await send(origin, 'DELETE', 'keys/self', { answer: z.unknown(), timeoutMs: 5_000 }, key);
}

/** @throws StorageFull */
export async function keepKey(pairing: string, key: string): Promise<void> {
  await keysItem.change((keys) => ({ ...keys, [pairing]: key }));
}

/** Pairings of which a key is kept. */
export async function keptKeys(): Promise<string[]> {
  return Object.keys(await keysItem.get());
}

export async function dropKey(pairing: string): Promise<void> {
  await keysItem.change((keys) => Object.fromEntries(Object.entries(keys).filter(([id]) => id !== pairing)));
}

/** A public file of a page's site, without any credentials; undefined where there is none, or it is longer than `most` bytes. */
export async function readPublic(url: string, { most, timeoutMs }: { most: number; timeoutMs: number }): Promise<unknown> {
  try {
    const answer = await fetch(url, { ...PLAIN, signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) return undefined;
    const text = await readText(answer.body, most);
    return text === undefined ? undefined : readJson(text);
  } catch {
    return undefined;
  }
}

// A redirect is no answer of a gateway: the key does not follow it.
const PLAIN: RequestInit = { credentials: 'omit', redirect: 'manual', cache: 'no-store', referrerPolicy: 'no-referrer' };

async function send<Shape extends z.ZodType>(
  origin: string,
  method: string,
  path: string,
  { answer: shape, query, body, context, timeoutMs = TIMEOUT_MS }: GatewayOptions<Shape>,
  key?: string,
): Promise<Asked<z.output<Shape>>> {
  const address = addressOf(origin, path, { ...query, ...(context === undefined ? {} : { context }) });
  const headers = {
    accept: 'application/json',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  try {
    const answer = await fetchGranted(address, {
      ...PLAIN,
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readText(answer.body, ANSWER_BYTES_MOST);
    const value = text === undefined ? undefined : readJson(text);
    if (!answer.ok) return { ok: false, status: answer.status, problem: problemOf(answer.status, value, origin) };
    const read = readShape(shape, value);
    return read === undefined
      ? { ok: false, status: answer.status, problem: notAGateway(origin) }
      : { ok: true, status: answer.status, body: read };
  } catch {
    return { ok: false, status: null, problem: await noAnswer(origin) };
  }
}

async function keyOf(pairing: string): Promise<string | undefined> {
  const keys = await keysItem.get();
  return Object.hasOwn(keys, pairing) ? keys[pairing] : undefined;
}

/** Without the browser's grant it would ask the gateway whether a stranger may call, and log an error of its own. @throws */
async function fetchGranted(address: string, init: RequestInit): Promise<Response> {
  if (!(await isGranted(new URL(address).origin))) throw new Error('not granted');
  return fetch(address, init);
}

function addressOf(origin: string, path: string, query: Readonly<Record<string, string | number>>): string {
  const url = new URL(`${API}${path}`, origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url.href;
}

/** A refusal of what was asked, and an answer that was not understood, say nothing about the gateway or the key. */
function isAboutTheQuestion(status: number | null): boolean {
  return status !== null && status < 500 && status !== 401;
}
