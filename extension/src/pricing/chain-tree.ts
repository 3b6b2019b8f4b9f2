// A call with all that it caused: what each cost itself, and with everything below it.
import { microcredits, MICROCREDITS_MAX, toCredits } from '@tollgate/shared/credits';
import type { Calls, ChainNode } from '../messages.ts';
import { inMicrocredits } from './who-pays.ts';

export type Call = Calls['calls'][number];

/**
 * @param calls all of a chain, in any order
 * @returns undefined where the call is not among them
 */
export function chainTree(calls: readonly Call[], id: string): ChainNode | undefined {
  const below = Map.groupBy(calls, ({ parent }) => parent ?? '');
  const seen = new Set<string>();
  const nodeOf = (call: Call): ChainNode => {
    seen.add(call.id);
    const children = (below.get(call.id) ?? [])
      .filter((one) => !seen.has(one.id))
      .toSorted(byTime)
      .map(nodeOf);
    const own = ownOf(call);
    const known = [own, ...children.map(({ inclusive }) => inclusive)];
    return {
      id: call.id,
      operation: call.operation,
      labels: call.labels,
      state: call.state,
      own,
      // A sum of which a part is not known yet is not known yet.
      inclusive: known.includes(null) ? null : sum(known),
      below: children,
    };
  };
  const root = calls.find((call) => call.id === id);
  return root === undefined ? undefined : nodeOf(root);
}

/** Several trees together; null while something of it is not known. */
export function inclusiveOf(trees: readonly ChainNode[]): number | null {
  const each = trees.map(({ inclusive }) => inclusive);
  return each.includes(null) ? null : sum(each);
}

/** What of a tree has ended so far, in credits. */
export function spentSoFar({ own, below }: ChainNode): number {
  return sum([own, ...below.map(spentSoFar)]);
}

export function isOpen({ state, below }: ChainNode): boolean {
  return state === 'open' || below.some(isOpen);
}

export function countOf({ below }: ChainNode): number {
  return below.reduce((all, one) => all + countOf(one), 1);
}

/** Without those that stand in another of them: a page may name an agent's call and those of its sub-agents. */
export function topmost(trees: readonly ChainNode[]): ChainNode[] {
  const below = new Set(trees.flatMap((tree) => tree.below.flatMap(idsOf)));
  return trees.filter(({ id }) => !below.has(id));
}

function idsOf({ id, below }: ChainNode): string[] {
  return [id, ...below.flatMap(idsOf)];
}

/** Null while it is open; a call that was released cost nothing. */
function ownOf({ state, charge }: Call): number | null {
  return state === 'released' ? 0 : charge;
}

/** In credits; what is not known counts as nothing. */
export function sum(amounts: readonly (number | null)[]): number {
  const all = amounts.reduce<number>((so, one) => so + inMicrocredits(one ?? 0), 0);
  return toCredits(microcredits(Math.min(MICROCREDITS_MAX, all)));
}

function byTime(a: Call, b: Call): number {
  return a.heldAt < b.heldAt ? -1 : 1;
}
