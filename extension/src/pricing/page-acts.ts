// Clicks and calls of one frame: a call that the page names is believed when the gateway of the tag knows it, and is put to a click by
// match-calls.ts. Clicks and what was put to them outlive the worker.
import type { TagCost } from '../tag-messages.ts';
import { actsItem, usedCallsItem, type Acts } from '../worker/storage.ts';
import { costWords } from './cost-words.ts';
import type { FollowedCall, FollowedCalls } from './followed-calls.ts';
import type { Click } from './match-calls.ts';
import { CLICKS_MOST, placeCall } from './place-call.ts';

export interface PageActs {
  /** Costs that were found before the worker slept. */
  resume: () => Promise<void>;
  acted: (click: Click) => Promise<void>;
  called: (id: string, startedAt: number) => Promise<void>;
  changed: (call: FollowedCall) => Promise<void>;
  /** All calls whose cost an element shows. */
  callsOf: (key: string) => Promise<readonly string[]>;
}

const USED_MOST = 2_000;
const LOOKED_UP_MOST = 1_000;
const FORGET_MS = 15 * 60_000;
const FRAMES_MOST = 100;
const NOTHING: Acts = { at: 0, clicks: [], open: [], costs: [] };

/** @param place what this frame is known by, also to the next life of the worker */
export function createPageActs(place: string, calls: FollowedCalls, show: (cost: TagCost) => void): PageActs {
  const looked = new Set<string>();

  async function change(next: (acts: Acts) => Acts): Promise<Acts> {
    const now = Date.now();
    const all = await actsItem.change((kept) => {
      const others = Object.entries(kept).filter(([one, { at }]) => one !== place && Math.abs(now - at) < FORGET_MS);
      return { ...Object.fromEntries(others.slice(-FRAMES_MOST)), [place]: { ...next(kept[place] ?? NOTHING), at: now } };
    });
    return all[place] ?? NOTHING;
  }

  async function get(): Promise<Acts> {
    return (await actsItem.get())[place] ?? NOTHING;
  }

  async function showCosts(of: Acts, ids: readonly string[]): Promise<void> {
    for (const { key, pairing, ids: own } of of.costs) {
      const [first] = own;
      if (first === undefined || !own.some((id) => ids.includes(id))) continue;
      const found = await Promise.all(own.map((id) => calls.follow(id, [pairing])));
      const trees = found.flatMap((call) => (call === undefined ? [] : [call.tree]));
      if (trees.length > 0) show({ key, callId: first, ...costWords(trees) });
    }
  }

  return {
    resume: async () => {
      const acts = await get();
      await showCosts(
        acts,
        acts.costs.flatMap(({ ids }) => ids),
      );
    },
    acted: async (click) => {
      // Another action of the same button: what it shows from now on is of this one.
      await change((acts) => ({
        ...acts,
        clicks: [...acts.clicks, click].slice(-CLICKS_MOST),
        costs: acts.costs.filter(({ key }) => key !== click.key),
      }));
    },
    called: async (id, startedAt) => {
      const { clicks } = await get();
      const pairings = [...new Set(clicks.filter(({ at }) => at <= startedAt).map(({ pairing }) => pairing))];
      if (pairings.length === 0 || looked.has(id) || looked.size >= LOOKED_UP_MOST) return;
      looked.add(id);
      if ((await usedCallsItem.get()).includes(id)) return;
      const call = await calls.follow(id, pairings);
      if (call === undefined) return;
      const used = new Set(await usedCallsItem.get());
      if (used.has(id)) return;
      let ids: readonly string[] = [];
      const acts = await change((before) => {
        const named = { id, pairing: call.pairing, operation: call.operation, startedAt, heldAt: call.heldAt };
        const placed = placeCall(before, named);
        ({ ids } = placed);
        return placed.acts;
      });
      if (ids.length === 0) return;
      await usedCallsItem.change((all) => [...all, ...ids].slice(-USED_MOST));
      await showCosts(acts, ids);
    },
    changed: async ({ id }) => showCosts(await get(), [id]),
    callsOf: async (key) => (await get()).costs.find((cost) => cost.key === key)?.ids ?? [],
  };
}
