// How many calls may be under way at once: refused before a hold, never queued behind one (TRAPS, The proxy).
import type { Gate } from './gate.ts';
import { refusal, type Refusal } from './refuse.ts';

export interface Admission {
  leave(): void;
}

/** Counts a call in, or refuses it. The refusal carries Retry-After: the calls under way end by themselves. */
export function admit(gate: Gate): Admission | Refusal {
  const { traffic, rules } = gate;
  const headers = { 'retry-after': '1' };
  if (traffic.draining) {
    return { ...refusal('gateway_draining', 'The gateway is shutting down. Nothing was forwarded.'), headers };
  }
  if (traffic.open >= rules.callsMost) {
    return {
      ...refusal('gateway_busy', `${rules.callsMost} calls are under way, the most at once. Nothing was forwarded.`),
      headers,
    };
  }
  traffic.open += 1;
  return { leave: () => (traffic.open -= 1) };
}
