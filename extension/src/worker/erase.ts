// Erasing: keys are revoked where their gateways can be reached, scripts and grants go, and nothing that was kept is left.
import { browser } from 'wxt/browser';
import { tellKept } from '../pricing/surroundings.ts';
import { pairings, tellPairings } from './pairings.ts';
import { tellSettings } from './settings.ts';
import { dropAllSites } from './sites.ts';
import { everyItem, pairingsItem } from './storage.ts';
import { revokeKey } from './unpair.ts';

/** @returns how many keys were revoked, and how many their gateways still know */
export async function erase(): Promise<{ revoked: number; kept: number }> {
  const all = await pairings();
  const revoked = (await Promise.all(all.map(({ id }) => revokeKey(id)))).filter(Boolean).length;
  // Streams end first: what they tell is kept no more.
  await pairingsItem.erase();
  await tellPairings();
  await dropAllSites();
  await browser.storage.local.clear();
  await browser.storage.session.clear();
  // Each behind what was being written of it just now.
  await Promise.all(everyItem().map((item) => item.erase()));
  await tellSettings();
  await tellKept('rules');
  const { origins } = await browser.permissions.getAll();
  const given = { origins: origins ?? [], permissions: ['scripting', 'activeTab', 'notifications'] as const };
  await browser.permissions.remove({ origins: given.origins }).catch(() => false);
  await browser.permissions.remove({ permissions: [...given.permissions] }).catch(() => false);
  return { revoked, kept: all.length - revoked };
}
