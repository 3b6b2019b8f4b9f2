// What had ended before now, by each gateway's own clock: a click causes no call that was held before. No two clocks are compared.
import { calls as callsShape } from '@tollgate/shared/contract';
import { askGateway } from '../worker/gateway.ts';
import type { Call } from './chain-tree.ts';

const ended = new Map<string, number>();

/** Epoch milliseconds by the gateway's clock; 0 where nothing is known. */
export function endedBefore(pairing: string): number {
  return ended.get(pairing) ?? 0;
}

/** Of each receipt that is told. */
export function noteEnded(pairing: string, { endedAt, heldAt }: Pick<Call, 'endedAt' | 'heldAt'>): void {
  ended.set(pairing, Math.max(endedBefore(pairing), Date.parse(endedAt ?? heldAt)));
}

/** Asks for the newest call, where nothing was told yet. */
export async function learnEnded(pairing: string): Promise<void> {
  if (ended.has(pairing)) return;
  const asked = await askGateway(pairing, 'GET', 'calls', { answer: callsShape, query: { limit: 1 } });
  const [newest] = asked.ok ? asked.body.calls : [];
  if (newest !== undefined) noteEnded(pairing, { endedAt: null, heldAt: newest.heldAt });
}
