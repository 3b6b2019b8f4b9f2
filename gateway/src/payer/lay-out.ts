// The layout of a call, worked out once for a payer and an operation and used until a window turns: the paid call asks for it each time.
import { momentOf } from './moment.ts';
import type { Payer } from './payer.ts';
import { termsOf, type CallPlace, type Laid } from './terms.ts';

const laidOut = new WeakMap<Payer, Map<string, Laid>>();

/**
 * @param call its id is the root of its chain where it has no parent, so that a cap on chains counts the first call too
 * @param at by the ledger's clock, which never runs back
 */
export function layOut(payer: Payer, call: CallPlace & { id: string }, at: number): Laid {
  // Each chain counts on its own: there is nothing to use again.
  if (hasChains(payer)) return termsOf(payer, { ...call, chain: call.chain ?? call.id }, at);
  let known = laidOut.get(payer);
  if (known === undefined) laidOut.set(payer, (known = new Map()));
  const place = `${call.service} ${call.operation}`;
  const kept = known.get(place);
  if (kept !== undefined && (kept.terms.until === null || at < kept.terms.until)) return kept;
  const laid = termsOf(payer, { ...call, chain: null }, at);
  known.set(place, laid);
  return laid;
}

/** The layout of whatever this payer may call: for who asks how they stand. Each cap is in it once. */
export function layOutAll(payer: Payer, at: number): Laid {
  const laid = termsOf(payer, { service: '', operation: '', chain: null }, at);
  if (!payer.caps.some(({ scope }) => scope.kind === 'service' || scope.kind === 'operation')) return laid;
  const caps = new Map(laid.caps.map((cap) => [cap.id, cap]));
  for (const { id: service, operations } of payer.card.services) {
    for (const { id: operation } of operations) {
      for (const cap of termsOf(payer, { service, operation, chain: null }, at).caps) caps.set(cap.id, cap);
    }
  }
  return { ...laid, caps: [...caps.values()] };
}

/** The plan that counts at this moment; null where there is none. */
export function planAt(payer: Payer, at: number): string | null {
  const { next } = payer.organization;
  const plan = next === null || at < next.at ? payer.plan : momentOf(payer, at).plan;
  return plan?.name ?? null;
}

function hasChains({ caps }: Payer): boolean {
  return caps.some(({ scope }) => scope.kind === 'chain');
}
