// What a call did cost, in words: `−12.4` with everything that ran below it, `…` while it runs.
import { showCredits, showSpent } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import type { ChainNode } from '../messages.ts';
import { countOf, isOpen, spentSoFar, sum, topmost, type Call } from './chain-tree.ts';

export interface CostWords {
  text: string;
  spoken: string;
  done: boolean;
}

const RUNNING = '…';

/** One action can be several calls, some of which may have caused others. */
export function costWords(named: readonly ChainNode[]): CostWords {
  const trees = topmost(named);
  if (trees.some(isOpen)) return { text: RUNNING, spoken: say('price_cost_running'), done: false };
  const spent = sum(trees.map(spentSoFar));
  if (spent === 0) return { text: showCredits(0), spoken: say('price_cost_none'), done: true };
  const below = trees.reduce((all, tree) => all + countOf(tree) - 1, 0);
  const amount = showCredits(spent);
  const spoken = below === 0 ? say('price_cost', amount) : say('price_cost_below', amount, below);
  return { text: showSpent(spent), spoken, done: true };
}

/** The bubble of a module: what its calls of one run have cost so far. */
export function moduleWords(calls: readonly Pick<Call, 'state' | 'charge'>[]): { text: string; spoken: string } {
  const spent = sum(calls.map(({ charge }) => charge ?? 0));
  const amount = showCredits(spent);
  if (!calls.some(({ state }) => state === 'open'))
    return {
      text: showSpent(spent),
      spoken: calls.length === 1 ? say('price_module_one', amount) : say('price_module', amount, showCredits(calls.length)),
    };
  return { text: spent === 0 ? RUNNING : `${showSpent(spent)} ${RUNNING}`, spoken: say('price_module_running', amount) };
}
