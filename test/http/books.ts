// What a test reads to know what really happened to a call: the gateway's books on one side, the upstream's own log on the other.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { GatewayKit } from '../kit/gateway.ts';

/** The receipt of a call that has ended, or that is still open after five seconds. */
// oxlint-disable-next-line typescript/no-explicit-any
export async function receiptOf(kit: GatewayKit, callId: string | null | undefined): Promise<any> {
  const { status, body } = await kit.api('GET', `calls/${callId}?wait=5s`);
  expect(status, `calls/${callId}: ${JSON.stringify(body)}`).toBe(200);
  return body;
}

/** The receipt of the newest call, once it has ended: for calls whose client never learnt its id. */
// oxlint-disable-next-line typescript/no-explicit-any
export async function newestReceipt(kit: GatewayKit, isIt: (call: any) => boolean = () => true): Promise<any> {
  const found = await until('a call in the list', async () => (await callsOf(kit)).find(isIt));
  return receiptOf(kit, found.id as string);
}

/** Newest first. */
// oxlint-disable-next-line typescript/no-explicit-any
export async function callsOf(kit: GatewayKit): Promise<any[]> {
  return (await kit.api('GET', 'calls?limit=1000')).body.calls;
}

/** Waits until no hold is open: within two seconds, unless told. */
export async function expectNoHold(kit: GatewayKit, withinMs = 2_000): Promise<void> {
  await until('that nothing is held', async () => ((await balanceOf(kit)).held === 0 ? true : undefined), withinMs);
}

/** Nothing is held, every entry adds up, and each ended call is in them once. */
export async function expectBooksRight(kit: GatewayKit): Promise<void> {
  await expectNoHold(kit);
  expect((await kit.api('GET', 'verify')).body).toEqual({ ok: true, findings: [], more: false });
}

// oxlint-disable-next-line typescript/no-explicit-any
export async function balanceOf(kit: GatewayKit): Promise<any> {
  return (await kit.api('GET', 'balance', undefined, kit.spendKey)).body;
}

type Line = Readonly<Record<string, unknown>>;

/** Requests that reached the upstream; with a mark, those that carried it as `x-demo-call`. */
export function arrivals(kit: GatewayKit, mark?: string): readonly Line[] {
  return kit.upstream.log().filter((line) => line['phase'] === 'arrived' && (mark === undefined || line['callId'] === mark));
}

/** How the upstream saw the marked request end, with the usage that it told. */
export function endedAt(kit: GatewayKit, mark: string): Promise<Line> {
  return until(`the end of ${mark} in the upstream's log`, () =>
    Promise.resolve(kit.upstream.log().find((line) => line['phase'] === 'ended' && line['callId'] === mark)),
  );
}

/** One counter of the metrics page, by its name with its labels as they stand there; 0 where it never counted. */
export async function metric(kit: GatewayKit, name: string): Promise<number> {
  const text = await (await fetch(`${kit.metricsUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}

/** Asks again until there is an answer. @throws after the time, naming what was waited for */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, withinMs = 5_000): Promise<T> {
  const lastAt = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > lastAt) throw new Error(`waited ${withinMs} ms for ${what}`);
    await sleep(15);
  }
}
