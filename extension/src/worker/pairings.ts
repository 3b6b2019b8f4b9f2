// The gateways that this browser is paired with, and the context chosen in each.
import type { Pairing } from '../messages.ts';
import { listeners } from './listeners.ts';
import { pairingsItem } from './storage.ts';

const changed = listeners<[pairings: readonly Pairing[]]>();
/** Called when a gateway was paired, unpaired, or another context was chosen. */
export const onPairings = changed.on;

export function pairings(): Promise<readonly Pairing[]> {
  return pairingsItem.get();
}

/** Undefined where it was unpaired. */
export async function pairingOf(id: string): Promise<Pairing | undefined> {
  return (await pairingsItem.get()).find((one) => one.id === id);
}

/** Adds it, or puts it in place of the one with this id. @throws StorageFull */
export async function putPairing(pairing: Pairing, inPlaceOf: string = pairing.id): Promise<void> {
  await change((all) => {
    const at = all.findIndex(({ id }) => id === inPlaceOf);
    return at === -1 ? [...all, pairing] : all.with(at, pairing);
  });
}

/** The context chosen in it. One that was unpaired meanwhile stays so. @throws StorageFull */
export async function putContext(id: string, context: string): Promise<Pairing | undefined> {
  await change((all) => all.map((one) => (one.id === id ? { ...one, context } : one)));
  return pairingOf(id);
}

/** After the storage was emptied. */
export async function tellPairings(): Promise<void> {
  await changed.tell(await pairingsItem.get());
}

export async function dropPairing(id: string): Promise<void> {
  await change((all) => all.filter((one) => one.id !== id));
}

/** What the gateway says now of the contexts of a key. A chosen one that is no more gives way to the first. */
export async function keepContexts(id: string, contexts: Pairing['contexts']): Promise<void> {
  const before = await pairingOf(id);
  if (before === undefined || JSON.stringify(before.contexts) === JSON.stringify(contexts)) return;
  const [first] = contexts;
  const context = contexts.some((one) => one.id === before.context) ? before.context : (first?.id ?? before.context);
  await change((all) => all.map((one) => (one.id === id ? { ...one, context, contexts } : one)));
}

async function change(next: (all: readonly Pairing[]) => readonly Pairing[]): Promise<void> {
  const before = await pairingsItem.get();
  const after = await pairingsItem.change(next);
  if (after !== before) await changed.tell(after);
}
