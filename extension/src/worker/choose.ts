// Which gateway and context toolbar and popup show.
import type { Pairing } from '../messages.ts';
import { pairingOf, putContext } from './pairings.ts';
import { changeSettings, settings } from './settings.ts';
import { refresh } from './standing.ts';

/** Undefined where the pairing, or its context, is no more; then nothing was changed. @throws StorageFull */
export async function choose(id: string, context: string): Promise<Pairing | undefined> {
  const pairing = await pairingOf(id);
  if (pairing === undefined) return undefined;
  if (pairing.context !== context && !pairing.contexts.some((one) => one.id === context)) return undefined;
  const chosen = pairing.context === context ? pairing : await putContext(id, context);
  if (chosen === undefined) return undefined;
  if ((await settings()).shown !== id) await changeSettings({ shown: id });
  // Its balance comes by itself, on the port of whoever shows it.
  void refresh(id);
  return chosen;
}
