// Unpairing: the key is revoked at its gateway where that can be reached, and forgotten here in any case.
import { z } from 'zod';
import { browser } from 'wxt/browser';
import { askGateway, dropKey } from './gateway.ts';
import { gatewayOf } from './gateway-of.ts';
import { grantPattern } from './grant-pattern.ts';
import { dropPairing, pairings } from './pairings.ts';
import { changeSettings, settings } from './settings.ts';
import { sites } from './sites.ts';
import { placesItem } from './storage.ts';

/** @returns whether the gateway knows the key no more; where it does not, it is to be revoked there */
export async function unpair(id: string): Promise<boolean> {
  await dropPairing(id);
  const isGone = await revokeKey(id);
  await placesItem.change((places) => Object.fromEntries(Object.entries(places).filter(([one]) => one !== id)));
  const left = await pairings();
  if ((await settings()).shown === id) await changeSettings({ shown: left[0]?.id ?? null });
  await giveBack(grantPattern(gatewayOf(id)));
  return isGone;
}

/** Revokes a key of this browser and forgets it. True where the gateway knows it no more. */
export async function revokeKey(id: string): Promise<boolean> {
  const isGone = await isRevoked(id);
  await dropKey(id);
  return isGone;
}

/** Revokes a key. True where the gateway knows it no more. */
export async function isRevoked(id: string): Promise<boolean> {
  const asked = await askGateway(id, 'DELETE', 'keys/self', { answer: z.unknown(), timeoutMs: 5_000 });
  return asked.ok || asked.status === 401;
}

/** Whether a gateway or a site needs this grant of the browser. */
export async function isNeeded(pattern: string): Promise<boolean> {
  const origins = [...(await pairings()).map(({ url }) => url), ...(await sites()).map(({ origin }) => origin)];
  return origins.some((origin) => grantPattern(origin) === pattern);
}

/** Gives a grant back to the browser that nothing needs any more. */
export async function giveBack(pattern: string): Promise<void> {
  if (await isNeeded(pattern)) return;
  // A browser may hold on to it; then the person finds it in the browser's own list, and nothing is asked there.
  await browser.permissions.remove({ origins: [pattern] }).catch(() => false);
}
