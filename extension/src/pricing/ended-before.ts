// What had ended before now, by each gateway's own clock: a click causes no call that was held before. No two clocks are compared.
import { calls as callsShape } from '@tollgate/shared/contract';
import { askGateway } from '../worker/gateway.ts';
import type { Call } from './chain-tree.ts';

const ended = new Map<string, number>();
const asking = new Map<string, Promise<void>>();

/** Epoch milliseconds by the gateway's clock; undefined where nobody has told yet. */
export function endedBefore(pairing: string): number | undefined {
  return ended.get(pairing);
}

/** Of each receipt that is told. */
export function noteEnded(pairing: string, { endedAt, heldAt }: Pick<Call, 'endedAt' | 'heldAt'>): void {
  ended.set(pairing, Math.max(ended.get(pairing) ?? 0, Date.parse(endedAt ?? heldAt)));
}

/**
 * Asks for the newest call, where nothing was told yet.
 * @param hasActed whether somebody waits for the cost of a click: the newest call may then be its own; else it was held before any click
 * @returns undefined where the gateway does not tell: then no call can be put to a click
 */
export async function learnEnded(pairing: string, hasActed: boolean): Promise<number | undefined> {
  if (ended.has(pairing)) return ended.get(pairing);
  const running = asking.get(pairing) ?? askNewest(pairing, hasActed).finally(() => asking.delete(pairing));
  asking.set(pairing, running);
  await running;
  return ended.get(pairing);
}

async function askNewest(pairing: string, hasActed: boolean): Promise<void> {
  const asked = await askGateway(pairing, 'GET', 'calls', { answer: callsShape, query: { limit: 1 } });
  if (!asked.ok) return;
  const [newest] = asked.body.calls;
  if (newest === undefined) ended.set(pairing, ended.get(pairing) ?? 0);
  else ended.set(pairing, Math.max(ended.get(pairing) ?? 0, Date.parse(newest.heldAt) + (hasActed ? 0 : 1)));
}
