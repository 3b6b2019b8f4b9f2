// The hammer of caps: two hundred callers at once under a cap for each user, a cap of a key, a pool and a limit of extra credits, while grants
// expire, seats change and midnight turns every window and the cycle. It is a real gateway process; only its time of day is another one.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../kit/child.ts';
import { startGatewayBy, type GatewayKit } from '../kit/gateway.ts';
import { callUntil, type Noted } from './callers.ts';
import { checkCaps, type Day } from './caps-oracle.ts';
import { readCapsBooks } from './caps-rows.ts';
import { cardOf, done, sceneOf, settleIn } from './caps-scene.ts';
import { compare } from './compare.ts';
import type { ToldLine } from './client-log.ts';
import type { PlanOptions } from './plan.ts';
import { untilQuiet } from './race.ts';

export interface CapsOptions {
  seed: number;
  callers: number;
  /** How long they call on each side of midnight. */
  eachSideMs: number;
  /** How many times as much there is of everything as in the smallest scene. */
  scale: number;
}

export interface CapsResult {
  differences: string[];
  calls: number;
  admitted: number;
  /** Refusals, by kind and name of the scope that bound. */
  refused: ReadonlyMap<string, number>;
  /** Microcredits, by who and day. */
  spent: ReadonlyMap<string, number>;
  /** Drawn as extra credits in both days, in microcredits. */
  extra: number;
}

const DAY_MS = 86_400_000;

export async function hammerCaps({ seed, callers, eachSideMs, scale }: CapsOptions): Promise<CapsResult> {
  const plan: PlanOptions = { seed, kinds: 'calm' };
  const scene = sceneOf(scale);
  const midnight = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
  // Noon, while all is made; the gateway is then started again with midnight just ahead.
  const clock = { startAt: midnight - DAY_MS / 2, shiftMs: 0 };
  const options = { card: cardOf(scene), credits: 0, upstream: ['--pace-ms', '0'], settings: 'log: warn' };
  const kit = await startGatewayBy(options, async (config) => {
    const args = [join(import.meta.dirname, 'shifted-main.ts'), '--config', config, '--at', String(clock.startAt)];
    const child = await startChild(args, { npm_lifecycle_event: 'test' });
    ({ shiftMs: clock.shiftMs } = child.told as { shiftMs: number });
    return child;
  });
  try {
    const keys = await settleIn(kit, scene);
    const byHand = await grantByHand(kit, midnight, eachSideMs, scale);
    await kit.end();
    clock.startAt = midnight - eachSideMs;
    await kit.start();
    const now = (): number => Date.now() + clock.shiftMs;
    const ending = new AbortController();
    const calling = callUntil({ port: Number(new URL(kit.url).port), keys, callers, plan, now, until: ending.signal });
    await Promise.all([changeSeats(kit, midnight, eachSideMs, now), untilMoment(midnight + eachSideMs, now)]);
    ending.abort();
    const noted = await calling;
    await untilQuiet(kit);
    const books = await readCapsBooks(kit.storeFile);
    const upstream = kit.upstream.log();
    const told = noted.map(toldLine);
    const compared = compare({ plan, client: told, upstream, books, killed: false });
    const caps = checkCaps({ scene, plan, noted, upstream, books, midnight, byHand });
    const verified = await kit.api('GET', 'verify');
    const findings = (verified.body.findings as unknown[]).map((finding) => `verify finds ${JSON.stringify(finding)}`);
    return {
      differences: [...compared.differences, ...caps.differences, ...findings],
      calls: noted.length,
      admitted: books.rows.length,
      refused: refusals(noted),
      spent: caps.spent,
      extra: [...books.extra.values()].reduce((total, charge) => total + charge, 0),
    };
  } finally {
    await kit.close();
  }
}

/** Grants to the pool that end while callers hold of them: some in the first day, one just before midnight, one that goes on past it. */
async function grantByHand(
  kit: GatewayKit,
  midnight: number,
  eachSideMs: number,
  scale: number,
): Promise<{ amount: number; days: readonly Day[] }[]> {
  const side = eachSideMs / 6;
  const grants: readonly (readonly [amount: number, from: number, until: number, days: readonly Day[]])[] = [
    [10 * scale, -6 * side, -5 * side, ['first']],
    [15 * scale, -6 * side, -4 * side, ['first']],
    [15 * scale, -3 * side, -20, ['first']],
    [10 * scale, -2 * side, 2 * side, ['first', 'second']],
    [15 * scale, 1 * side, 3 * side, ['second']],
  ];
  for (const [amount, from, until] of grants) {
    const [effectiveAt, expiresAt] = [from, until].map((at) => new Date(midnight + Math.round(at)).toISOString());
    await kit.grant(amount, { effectiveAt, expiresAt, kind: 'promo' });
  }
  return grants.map(([amount, , , days]) => ({ amount, days }));
}

/** u3 moves up and later down again; the seat of u4 goes to u7. caps-oracle.ts says what that gives. */
async function changeSeats(kit: GatewayKit, midnight: number, eachSideMs: number, now: () => number): Promise<void> {
  await untilMoment(midnight - eachSideMs / 2, now);
  await done(kit, 'PATCH', 'seats/s-u3', { type: 'max' });
  await untilMoment(midnight - eachSideMs / 3, now);
  await done(kit, 'PATCH', 'seats/s-u4', { user: 'u7' });
  await untilMoment(midnight + eachSideMs / 2, now);
  await done(kit, 'PATCH', 'seats/s-u3', { type: 'pro' });
}

async function untilMoment(at: number, now: () => number): Promise<void> {
  await sleep(Math.max(0, at - now()));
}

function toldLine({ n, answer: { status, headers, body, whole } }: Noted): ToldLine {
  const comment = /: credits call=(\S+) cost=([\d.]+)\n/.exec(body);
  const code = status === null || status < 400 ? null : (/"code":"(\w+)"/.exec(body)?.[1] ?? null);
  const callId = headers['credits-call'] ?? comment?.[1] ?? null;
  return { n, status, whole, callId, cost: headers['credits-cost'] ?? comment?.[2] ?? null, code };
}

function refusals(noted: readonly Noted[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { answer } of noted) {
    if (answer.status !== 402) continue;
    const { scope } = JSON.parse(answer.body) as { scope: { kind: string; id: string; cap: string | null } };
    const name = `${scope.kind} ${scope.id} ${scope.cap}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
