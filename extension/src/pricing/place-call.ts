// Puts a call that a page named to a click of its frame. Once: the same call may be named twice, by a frame that connected anew in between.
import type { Acts } from '../worker/storage.ts';
import { matchCalls, type NamedCall } from './match-calls.ts';

/** Of each frame so many clicks, costs and calls without a place are kept. */
export const CLICKS_MOST = 50;

/** @returns what is kept from now on, and the calls that have a place since */
export function placeCall(before: Acts, named: NamedCall): { acts: Acts; ids: readonly string[] } {
  if (before.open.some(({ id }) => id === named.id) || before.costs.some(({ ids }) => ids.includes(named.id)))
    return { acts: before, ids: [] };
  const { placed, clicks, open } = matchCalls(before.clicks, [...before.open, named]);
  const costs = placed.reduce(withCost, before.costs);
  return {
    acts: { ...before, clicks: [...clicks], open: open.slice(-CLICKS_MOST), costs },
    ids: placed.map(({ call }) => call.id),
  };
}

type Costs = Acts['costs'];

function withCost(costs: Costs, { key, call }: { key: string; call: NamedCall }): Costs {
  const before = costs.find((cost) => cost.key === key);
  if (before === undefined) return [...costs, { key, pairing: call.pairing, ids: [call.id] }].slice(-CLICKS_MOST);
  return costs.map((cost) => (cost === before ? { ...cost, ids: [...cost.ids, call.id] } : cost));
}
