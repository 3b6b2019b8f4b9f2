// What the worker kept, read beside it: a popup paints that before the worker has started, which takes longer than a page does. Read and
// never written; anything that is not as expected is left to the worker.
import { browser } from 'wxt/browser';
import type { Pairing, Settings, ToView } from '../messages.ts';
import { linkOf } from '../worker/link.ts';
import type { Known } from '../worker/storage.ts';

/** As `stored` writes them. */
const VERSION = 1;

/** Null where nothing is kept, or another version of the extension kept it. */
export async function keptView(now: number): Promise<ToView | null> {
  const [local, session] = await Promise.all([
    browser.storage.local.get(['pairings', 'settings']),
    browser.storage.session.get(['known']),
  ]);
  const pairings = kept(local['pairings']) as readonly Pairing[] | null;
  const settings = kept(local['settings']) as Settings | null;
  const known = kept(session['known']) as Readonly<Record<string, Known>> | null;
  if (pairings === null || pairings.length === 0 || settings === null || known === null) return null;
  const standings = pairings.map((pairing) => {
    const of = known[pairing.id];
    const here = of?.context === pairing.context ? of : undefined;
    return {
      pairing,
      balance: here?.balance ?? null,
      asOf: here?.asOf ?? null,
      // Whether a stream is open, the worker alone knows.
      link: linkOf(of, false, now),
      problem: of?.problem ?? null,
      spentToday: here?.spentToday ?? null,
    };
  });
  return { type: 'standings', standings, settings };
}

/** What stands in it, where this version kept it. */
function kept(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || !('version' in raw) || !('is' in raw)) return null;
  return raw.version === VERSION ? raw.is : null;
}
