// A believable workload through the gateway: several people's scenarios over all four APIs, more in working hours, with some errors,
// some duplicates and some streams that are left early.
import { setTimeout as delay } from 'node:timers/promises';
import { random, type Random } from './random.ts';
import { SCENES, type Scene, type TrafficCall } from './traffic-scenes.ts';

const CONCURRENT_MAX = 12;
const BACKOFF_LEAST_MS = 5000;
const BACKOFF_MOST_MS = 120_000;
const DUPLICATE_SHARE = 0.04;
const CALL_LIMIT_MS = 60_000;

export interface TrafficOptions {
  /** The gateway's, without a slash at its end. */
  baseUrl: string;
  /** A spend key. */
  key: string;
  seed: number;
  /** Scenes per minute at the height of the day. */
  perMinute: number;
  signal: AbortSignal;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** How many answers came, by status; `0` counts the calls that ended without one. */
export type TrafficCount = Record<number, number>;

/** Keeps the workload running; resolves with what came back once the signal is aborted and its last call ended. Never rejects. */
export async function startTraffic(options: TrafficOptions): Promise<TrafficCount> {
  const { seed, perMinute, signal, now = Date.now } = options;
  const chance = random(seed, 'traffic');
  const count: TrafficCount = {};
  const running = new Set<Promise<void>>();
  let pausedUntil = 0;
  let backoffMs = BACKOFF_LEAST_MS;
  const call = callThrough(options, (status) => {
    count[status] = (count[status] ?? 0) + 1;
    if (status === 402) {
      // The credits are spent: asking again at once would change nothing.
      if (now() >= pausedUntil) {
        pausedUntil = now() + backoffMs;
        backoffMs = Math.min(BACKOFF_MOST_MS, backoffMs * 2);
      }
    } else if (status >= 200 && status < 300) backoffMs = BACKOFF_LEAST_MS;
  });
  for (let number = 0; !signal.aborted; number += 1) {
    const gapMs = (-Math.log(1 - chance.next()) * 60_000) / (perMinute * wave(now()));
    await delay(Math.max(gapMs, pausedUntil - now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted || running.size >= CONCURRENT_MAX) continue;
    const scene = playScene(pickScene(chance), random(seed, 'scene', number), call).finally(() => running.delete(scene));
    running.add(scene);
  }
  await Promise.all(running);
  return count;
}

/** Between a fifth at night and one at midday, less at weekends; by UTC. */
function wave(now: number): number {
  const time = new Date(now);
  const hour = time.getUTCHours() + time.getUTCMinutes() / 60;
  const day = Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI));
  return (0.2 + 0.8 * day) * (time.getUTCDay() % 6 === 0 ? 0.4 : 1);
}

function pickScene(chance: Random): Scene {
  let left = chance.next() * SCENES.reduce((sum, [share]) => sum + share, 0);
  for (const [share, scene] of SCENES) {
    left -= share;
    if (left < 0) return scene;
  }
  return SCENES[0][1];
}

type CallThrough = (call: TrafficCall) => Promise<unknown>;

async function playScene(scene: Scene, chance: Random, call: CallThrough): Promise<void> {
  const run = `r${chance.letters(8).toLowerCase()}`;
  const send: CallThrough = async (next) => {
    const key = chance.letters(20);
    const isDuplicate = next.body !== undefined && chance.chance(DUPLICATE_SHARE);
    const whole = { ...next, run, ...(isDuplicate ? { idempotencyKey: key } : {}) };
    const answer = await call(whole);
    if (isDuplicate) await call(whole);
    return answer;
  };
  // A scene that can not go on, because an answer did not come, ends there.
  await scene(send, chance).catch(() => undefined);
}

/** Sends one call; resolves with its JSON, or undefined. */
function callThrough({ baseUrl, key, signal }: TrafficOptions, seen: (status: number) => void): CallThrough {
  return async ({ path, body, fault, idempotencyKey, run, scenario, leaveAfter }) => {
    const headers: Record<string, string> = {
      ...(path.startsWith('/anthropic/')
        ? { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
        : { authorization: `Bearer ${key}` }),
      baggage: `scenario=${scenario},run=${run ?? ''}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(fault === undefined ? {} : { 'x-demo-fault': fault }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const leave = new AbortController();
    const ends = AbortSignal.any([signal, leave.signal, AbortSignal.timeout(CALL_LIMIT_MS)]);
    const init =
      body === undefined ? { headers, signal: ends } : { method: 'POST', headers, body: JSON.stringify(body), signal: ends };
    let status = 0;
    try {
      const response = await fetch(`${baseUrl}${path}`, init);
      ({ status } = response);
      let pieces = 0;
      let text = '';
      for await (const piece of response.body ?? []) {
        pieces += 1;
        text += Buffer.from(piece as Uint8Array).toString();
        if (leaveAfter !== undefined && pieces >= leaveAfter) leave.abort();
      }
      return status < 300 && text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined;
    } catch {
      // Resets, cuts and streams that were left are part of the workload; they count by the status that came before.
      return undefined;
    } finally {
      seen(status);
    }
  };
}
