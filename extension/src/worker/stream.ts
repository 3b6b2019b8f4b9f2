// The event stream of each pairing that somebody sees: opened, read, opened again after a break, behind what was read last. The place is
// kept after what a message said was done, so that the worker may be killed in between: then it is told again.
import { createParser } from 'eventsource-parser';
import type { Calls, Pairing } from '../messages.ts';
import { openEvents } from './gateway.ts';
import { KEY_GONE } from './key-gone.ts';
import { listeners } from './listeners.ts';
import { refresh, tellBalance, tellStreamEnd } from './standing.ts';
import { placesItem } from './storage.ts';
import { readMessage } from './stream-message.ts';

const receipts = listeners<[pairing: string, call: Calls['calls'][number]]>();
/** Called with each call that was charged, as GET calls lists it. The same can come twice: go by its id. */
export const onReceipt = receipts.on;

const cards = listeners<[pairing: string, card: { name: string; version: string }]>();
/** Called with the rate card in force: whenever a stream is opened, and when another one is. */
export const onCard = cards.on;

const resets = listeners<[pairing: string]>();
/** Called where receipts may have been missed: the browser was away for too long. */
export const onReset = resets.on;

// The gateway says something every 15 s; a connection that says nothing for longer is dead, as after the machine slept.
const SILENT_MS = 40_000;
const BACKOFF_MS = 1_000;
const BACKOFF_MOST_MS = 30_000;
const MESSAGE_CHARACTERS_MOST = 1_000_000;

interface Followed {
  context: string;
  leave: AbortController;
}

const followed = new Map<string, Followed>();

/** Opens the streams of these pairings and closes all others; those that are open in the same context stay. */
export function followStreams(wanted: readonly Pairing[]): void {
  for (const [id, { context, leave }] of followed) {
    if (wanted.some((one) => one.id === id && one.context === context)) continue;
    followed.delete(id);
    leave.abort();
  }
  for (const { id, context } of wanted) {
    if (followed.has(id)) continue;
    const leave = new AbortController();
    followed.set(id, { context, leave });
    void follow(id, context, leave.signal).finally(() => {
      // A key that is known no more: not asked again until it is paired anew or somebody looks again.
      if (followed.get(id)?.leave === leave) followed.delete(id);
    });
  }
}

/** The time until the next attempt, after so many failures in a row; `random` is from 0 to 1. */
export function backoffMs(failures: number, random: number): number {
  return Math.min(BACKOFF_MOST_MS, BACKOFF_MS * 2 ** Math.max(0, failures - 1)) * (0.75 + random / 2);
}

async function follow(id: string, context: string, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const ended = await readOnce(id, context, signal);
    if (ended === 'refused' || signal.aborted) return;
    failures = ended === 'heard' ? 0 : failures + 1;
    await pause(backoffMs(failures, Math.random()), signal);
  }
}

/** `heard` where the stream was open and told something. */
async function readOnce(id: string, context: string, signal: AbortSignal): Promise<'heard' | 'failed' | 'refused'> {
  const silent = new AbortController();
  const both = AbortSignal.any([signal, silent.signal]);
  const after = (await placesItem.get())[id];
  const opened = await openEvents(id, { context, after, signal: both });
  if (!opened.ok) {
    // It answers, and not with this stream: the balance says why, such as that the context is no more.
    if (opened.status !== null && opened.status < 500) await refresh(id);
    return KEY_GONE.has(opened.problem.code) ? 'refused' : 'failed';
  }
  let heardAt = Date.now();
  let isHeard = false;
  let watch = setTimeout(() => silent.abort(), SILENT_MS);
  try {
    for await (const messages of messagesOf(opened.body)) {
      heardAt = Date.now();
      clearTimeout(watch);
      watch = setTimeout(() => silent.abort(), SILENT_MS);
      isHeard ||= messages.length > 0;
      for (const message of messages) await take(id, context, message, silent);
    }
  } catch {
    // A break, or we left: the next attempt goes on behind what was read.
  } finally {
    clearTimeout(watch);
    silent.abort();
    await tellStreamEnd(id, silent, heardAt);
  }
  return isHeard ? 'heard' : 'failed';
}

interface Raw {
  event: string | undefined;
  id: string | undefined;
  data: string;
}

/** By piece of the stream: none where it was only a sign of life. */
async function* messagesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Raw[]> {
  let ready: Raw[] = [];
  const parser = createParser({
    onEvent: ({ event, id, data }) => void ready.push({ event, id, data }),
    maxBufferSize: MESSAGE_CHARACTERS_MOST,
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    yield ready;
    ready = [];
  }
}

async function take(pairing: string, context: string, { event, id, data }: Raw, stream: object): Promise<void> {
  const message = readMessage(event ?? '', data);
  if (message?.type === 'balance') await tellBalance(pairing, context, message.balance, stream);
  if (message?.type === 'receipt') await receipts.tell(pairing, message.call);
  if (message?.type === 'card') await cards.tell(pairing, { name: message.name, version: message.version });
  if (message?.type === 'reset') await resets.tell(pairing);
  if (id !== undefined) await placesItem.change((places) => ({ ...places, [pairing]: id }));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
