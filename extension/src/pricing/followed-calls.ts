// Calls whose cost is shown somewhere in a frame, with all that runs below them: looked at again when a receipt of their chain comes, and now
// and then while something of it is open.
import { chainOf } from './chain-of.ts';
import { isOpen, type Call } from './chain-tree.ts';
import type { ChainNode } from '../messages.ts';
import { inTurn } from './in-turn.ts';
import { lookAgain } from './look-again.ts';

export interface FollowedCall {
  id: string;
  pairing: string;
  operation: string;
  /** By the gateway's clock, epoch milliseconds. */
  heldAt: number;
  tree: ChainNode;
}

export interface FollowedCalls {
  /**
   * Looks a call up, and follows it from then on. The first of these pairings that knows it is its own.
   * @returns undefined where none of them knows it: nobody can tell whose it is
   */
  follow: (id: string, pairings: readonly string[]) => Promise<FollowedCall | undefined>;
  get: (id: string) => FollowedCall | undefined;
  /** A call of a chain has ended. */
  receipt: (pairing: string, call: Pick<Call, 'id' | 'chain'>) => void;
  close: () => void;
}

const AGAIN_MS = 10_000;
const TOGETHER_MS = 30;
const FOLLOWED_MOST = 1_000;

/** @param changed told of a followed call each time that its cost may be another */
export function followCalls(tab: number, changed: (call: FollowedCall) => void): FollowedCalls {
  const followed = new Map<string, FollowedCall & { root: string }>();
  const looks = lookAgain(again);
  let isClosed = false;

  async function look(id: string, pairing: string): Promise<FollowedCall | undefined> {
    const found = await inTurn(tab, async () => (isClosed ? undefined : chainOf(pairing, id)));
    if (found === undefined || 'code' in found) return undefined;
    const { receipt, root, tree } = found;
    const call = { id, pairing, operation: receipt.operation, heldAt: Date.parse(receipt.heldAt), tree, root };
    if (isClosed || (!followed.has(id) && followed.size >= FOLLOWED_MOST)) return call;
    followed.set(id, call);
    return call;
  }

  async function again(id: string): Promise<number | null> {
    const before = followed.get(id);
    if (before === undefined) return null;
    const call = await look(id, before.pairing);
    if (isClosed) return null;
    if (call !== undefined) changed(call);
    return call === undefined || isOpen(call.tree) ? AGAIN_MS : null;
  }

  return {
    follow: async (id, pairings) => {
      const known = followed.get(id);
      if (known !== undefined) return known;
      for (const pairing of pairings) {
        const call = await look(id, pairing);
        if (call === undefined) continue;
        if (followed.has(id) && isOpen(call.tree)) looks.plan(id, AGAIN_MS);
        return call;
      }
      return undefined;
    },
    get: (id) => followed.get(id),
    receipt: (pairing, { id, chain }) => {
      for (const call of followed.values()) {
        if (call.pairing === pairing && (call.id === id || call.root === (chain ?? id))) looks.plan(call.id, TOGETHER_MS);
      }
    },
    close: () => {
      isClosed = true;
      looks.close();
    },
  };
}
