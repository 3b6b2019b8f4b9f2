// What each call must have cost, from the numbers of rates.yaml and the upstream's own log alone. It is written from the rules and shares
// no code with pricing, meters or ledger: where the two agree to the microcredit, both would have to be wrong in the same way.
import type { PlannedCall } from './plan.ts';

/** What the upstream wrote down when it was done with a call. */
export interface UpstreamEnd {
  status: number | null;
  usage: unknown;
}

/** Half microcredits, so that 30.5 microcredits for a token are whole. */
const PER_TOKEN = { 'gpt-4o': { input: 1_000, output: 4_000 }, 'gpt-4o-mini': { input: 61, output: 245 } } as const;
const PER_FOUND = 200_005;
const FIXED = { read: 100_000, ok: 1_000_000, dear: 75_000_000 } as const;

/** Microcredits; null where it is released, because its status is not charged (rule 13). */
export function expectedCharge(call: PlannedCall, end: UpstreamEnd): number | null {
  if (call.fault === 'status') return null;
  // Nobody knows what the upstream did: the bound (rule 10).
  if (call.fault === 'reset' || call.fault === 'reset-after') return expectedHold(call);
  if (end.status === null || end.status >= 300) return null;
  if (call.kind === 'chat' || call.kind === 'stream') return chatCharge(call, end.usage as Usage | null);
  if (call.kind === 'enrich') return (end.usage as { total_found: number }).total_found * PER_FOUND;
  return FIXED[call.kind];
}

/** Microcredits: the most that the call can cost, which is what must have been held. */
export function expectedHold(call: PlannedCall): number {
  if (call.kind === 'chat' || call.kind === 'stream') return tokens(call, Buffer.byteLength(call.body), call.outputMost);
  if (call.kind === 'enrich') return call.ids * PER_FOUND;
  return FIXED[call.kind];
}

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
}

/** A quantity that is missing, or makes no sense, is charged at its bound; the others as measured (rule 7). */
function chatCharge(call: PlannedCall, usage: Usage | null): number {
  if (usage === null || call.fault === 'no-usage') return expectedHold(call);
  const { prompt_tokens: input, completion_tokens: output } = usage;
  return tokens(call, input, call.fault === 'negative' ? call.outputMost : output);
}

function tokens({ model }: PlannedCall, input: number, output: number): number {
  const rates = PER_TOKEN[model];
  return Math.ceil((input * rates.input + output * rates.output) / 2);
}
