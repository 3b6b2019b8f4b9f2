// What was left half done when the browser ended the worker in the middle of it, done when the worker starts again.
import { dropKey, keptKeys } from './gateway.ts';
import { gatewayOf } from './gateway-of.ts';
import { pairings } from './pairings.ts';
import { changeSettings, settings } from './settings.ts';
import { ownTags } from './storage.ts';
import { whereRoom } from './stored.ts';
import { isRevoked } from './unpair.ts';

/** Once, before pages are answered: whatever is under way later is not half done. */
export async function mend(): Promise<void> {
  // Where the browser has no room now, the next start tries again.
  await whereRoom(mendNow());
}

async function mendNow(): Promise<void> {
  const [all, keys, { shown }] = await Promise.all([pairings(), keptKeys(), settings()]);
  const ids = new Set(all.map(({ id }) => id));
  // Of a pairing that was not kept, or that another took the place of. Where its gateway does not answer now, the next start tries again.
  for (const id of keys.filter((one) => !ids.has(one))) void revokeLeft(id);
  if (shown === null ? all.length > 0 : !ids.has(shown)) await changeSettings({ shown: all.at(-1)?.id ?? null });
  const heirOf = (pairing: string): string =>
    ids.has(pairing) ? pairing : (all.find(({ url }) => url === gatewayOf(pairing))?.id ?? pairing);
  await ownTags.change((tags) =>
    tags.some(({ pairing }) => heirOf(pairing) !== pairing)
      ? tags.map((tag) => ({ ...tag, pairing: heirOf(tag.pairing) }))
      : tags,
  );
}

async function revokeLeft(id: string): Promise<void> {
  if (await isRevoked(id)) await dropKey(id);
}
